import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const MAIN = join(import.meta.dirname, "main.ts");
const DEADLINE_MS = 15_000;

export interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** A command that runs, in a home of its own. */
export interface Running {
  process: ChildProcess;
  pid: number;
  ended: Promise<Ended>;
  /** The first match in what it printed; rejects when it ends without. */
  said(pattern: RegExp): Promise<RegExpExecArray>;
}

/** A person's computer in a temporary folder: nothing beyond it is read or written. */
export interface TestHome extends AsyncDisposable {
  folder: string;
  data: string;
  config: string;
  run(...args: string[]): Promise<Ended>;
  start(args: string[], entry?: string[]): Running;
}

export function testHome(): TestHome {
  const folder = mkdtempSync(join(tmpdir(), "agentpane-command-"));
  const data = join(folder, "data");
  const config = join(folder, "claude");
  mkdirSync(join(config, "projects"), { recursive: true });
  const env = {
    PATH: process.env.PATH,
    LANG: "C.UTF-8",
    HOME: folder,
    CLAUDE_CONFIG_DIR: config,
    AGENTPANE_DATA: data,
    AGENTPANE_STATE: join(folder, "state"),
  };
  const running = new Set<Running>();
  const start = (args: string[], entry: string[] = [process.execPath, MAIN]): Running => {
    const [program = "", ...first] = entry;
    const one = watch(spawn(program, [...first, ...args], { env, cwd: folder, stdio: ["ignore", "pipe", "pipe"] }));
    running.add(one);
    one.ended.then(
      () => running.delete(one),
      () => running.delete(one),
    );
    return one;
  };
  return {
    folder,
    data,
    config,
    start,
    run: (...args) => start(args).ended,
    async [Symbol.asyncDispose]() {
      for (const one of running) {
        one.process.kill("SIGTERM");
        const cut = setTimeout(() => one.process.kill("SIGKILL"), DEADLINE_MS);
        await one.ended;
        clearTimeout(cut);
      }
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Processes that `pid` started. */
export function childrenOf(pid: number): number[] {
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
  return table
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([, parent]) => parent === pid)
    .map(([child]) => child ?? 0);
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function watch(child: ChildProcess): Running {
  let out = "";
  let err = "";
  const watchers = new Set<() => void>();
  const tell = () => {
    for (const look of watchers) look();
  };
  child.stdout?.on("data", (chunk) => {
    out += chunk;
    tell();
  });
  child.stderr?.on("data", (chunk) => {
    err += chunk;
    tell();
  });
  // `exit` and not `close`: a monitor that is still ending holds the pipes.
  const ended = once(child, "exit").then(async ([code]) => {
    await new Promise((resolve) => setImmediate(resolve));
    return { code: code as number | null, out, err };
  });
  let over = false;
  ended.then(() => {
    over = true;
    tell();
  }, tell);
  return {
    process: child,
    pid: child.pid ?? 0,
    ended,
    said: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = pattern.exec(out) ?? pattern.exec(err);
          if (found !== null) resolve(found);
          else if (over) reject(new Error(`ended without saying ${pattern}: ${out}${err}`));
          else return;
          watchers.delete(look);
        };
        watchers.add(look);
        look();
      }),
  };
}
