import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { type Gate, runNode } from "../gate/step.ts";
import type { Published } from "./packages.ts";

const START_DEADLINE_MS = 30_000;

/** Runs an installed command to its end. */
export function runInstalled(
  gate: Gate,
  folder: string,
  published: Published,
  args: string[],
  env: NodeJS.ProcessEnv = {},
) {
  const [shim = ""] = Object.values(published.bin);
  return runNode(gate, `${published.name} ${args[0]}`, [join(folder, shim), ...args], { cwd: folder, env });
}

/** `agentpane up` from an installed package, on a port of its own choice. Disposing kills it. */
export interface RunningProduct extends AsyncDisposable {
  /** Where it says that it runs; null where it did not say so in time. */
  origin: string | null;
  /** From the process' start to that word. */
  startMs: number;
  /** Everything that it printed. */
  output(): string;
  /** Runs another of its commands against the same folder. */
  run(args: string[]): Promise<{ code: number; output: string }>;
  /** Asks it to stop; answers the exit code, or null where it did not end in time. */
  stop(withinMs: number): Promise<number | null>;
}

export async function startProduct(gate: Gate, folder: string, home: string): Promise<RunningProduct> {
  const data = join(home, "data");
  const env = { ...gate.env, HOME: home, USERPROFILE: home, CLAUDE_CONFIG_DIR: join(home, ".claude") };
  const shim = join(folder, "bin", "agentpane.js");
  const args = [shim, "up", "--no-open", "--json", "--port", "0", "--data", data];
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  child.stdout.on("data", (part: Buffer) => {
    output += part;
  });
  child.stderr.on("data", (part: Buffer) => {
    output += part;
  });
  const origin = await firstOrigin(child, () => output);
  const startMs = performance.now() - startedAt;
  return {
    origin,
    startMs,
    output: () => output,
    run: (words) =>
      runNode(gate, `agentpane ${words[0]}`, [shim, ...words, "--data", data], { cwd: folder, env, quiet: true }),
    stop: (withinMs) => stop(child, withinMs),
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
    },
  };
}

function firstOrigin(child: ChildProcess, output: () => string): Promise<string | null> {
  return new Promise((resolve) => {
    const look = (): void => {
      const origin = /http:\/\/127\.0\.0\.1:\d+/.exec(output())?.[0];
      if (origin) resolve(origin);
    };
    child.stdout?.on("data", look);
    child.once("exit", () => resolve(null));
    setTimeout(() => resolve(null), START_DEADLINE_MS).unref();
  });
}

function stop(child: ChildProcess, withinMs: number): Promise<number | null> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) return resolve(child.exitCode);
    const timer = setTimeout(() => resolve(null), withinMs);
    child.once("exit", (code) => {
      clearTimeout(timer);
      resolve(code);
    });
    child.kill("SIGTERM");
  });
}
