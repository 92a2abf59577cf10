import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { runNpm } from "../enter/npm.mjs";
import type { Gate } from "../gate/step.ts";
import { nativeDependencies, type Published } from "./packages.ts";

const INSTALL_TIMEOUT_MS = 2 * 60_000;
const RUN_TIMEOUT_MS = 20_000;

/** What of the library is used here. */
interface Pty {
  spawn(
    file: string,
    args: string[],
    options: { cols: number; rows: number; cwd: string; env: NodeJS.ProcessEnv },
  ): {
    onData(take: (text: string) => void): void;
    onExit(take: (end: { exitCode: number }) => void): void;
    kill(): void;
  };
}

/**
 * Installs the tarball again, with the native libraries as npm would get them of its registry, and runs a program under
 * `agentpane run` in a terminal: it has to have another terminal than that. Answers what is wrong, or an empty text.
 */
export async function tryRun(gate: Gate, published: Published, tarball: string): Promise<string> {
  const folder = join(gate.scratch, "installed", `${published.folder}-native`);
  mkdirSync(folder, { recursive: true });
  const overrides = await nativeTarballs(gate, published, folder);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, overrides }));
  const options = { cwd: folder, env: { ...gate.env, npm_config_cache: join(gate.scratch, "npm-cache") } };
  const args = ["install", "--offline", "--no-audit", "--no-fund", tarball];
  const installed = await runNpm(`installing ${published.name} with what is native`, args, {
    ...options,
    timeoutMs: INSTALL_TIMEOUT_MS,
  });
  if (installed.code !== 0) return installed.output;
  const shim = join(folder, "node_modules", published.name, Object.values(published.bin)[0] ?? "");
  return runInTerminal(gate, folder, shim);
}

async function runInTerminal(gate: Gate, folder: string, shim: string): Promise<string> {
  const { spawn } = createRequire(join(folder, "package.json"))("@lydell/node-pty") as Pty;
  const script = `echo outer $(tty); '${process.execPath}' '${shim}' run -- sh -c 'echo inner $(tty); stty size; exit 7'`;
  let shown = "";
  const terminal = spawn("/bin/sh", ["-c", script], { cols: 91, rows: 27, cwd: folder, env: gate.env });
  terminal.onData((text) => {
    shown += text;
  });
  const code = await new Promise<number | null>((resolve) => {
    const late = setTimeout(() => resolve(null), RUN_TIMEOUT_MS);
    terminal.onExit(({ exitCode }) => {
      clearTimeout(late);
      resolve(exitCode);
    });
  });
  if (code === null) terminal.kill();
  const [outer, inner] = ["outer", "inner"].map((which) => new RegExp(`${which} (/dev/\\S+)`).exec(shown)?.[1]);
  const good = code === 7 && outer !== undefined && inner !== undefined && outer !== inner && shown.includes("27 91");
  return good ? "" : `exit code ${code}\n${shown}`;
}

/** The native libraries of this system, packed from where they are installed: where each tarball is, by name. */
async function nativeTarballs(gate: Gate, published: Published, folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const library of Object.keys(nativeDependencies(gate.root, published))) {
    for (const name of [library, `${library}-${process.platform}-${process.arch}`]) {
      const source = join(gate.root, "node_modules", name);
      const packed = await runNpm(`packing ${name}`, ["pack", source, "--pack-destination", folder, "--silent"], {
        cwd: folder,
        env: gate.env,
      });
      const file = /\S+\.tgz/.exec(packed.output)?.[0];
      if (packed.code !== 0 || file === undefined) throw new Error(`${name} cannot be packed:\n${packed.output}`);
      found[name] = `file:${join(folder, file)}`;
    }
  }
  return found;
}
