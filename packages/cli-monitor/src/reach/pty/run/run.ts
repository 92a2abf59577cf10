import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import os from "node:os";
import type * as NodePty from "@lydell/node-pty";
import { hostFolder } from "../../../state/host-id.ts";
import { processSurroundings, stateFolder } from "../../../state/state-folder.ts";
import { foregroundGroup, isStopped, JOB_SCRIPT } from "./job.ts";
import { MonitorLinks } from "./monitor-links.ts";
import { OutputFlow } from "./output-flow.ts";
import { RawTerminal } from "./raw-terminal.ts";
import type { ScreenKeeper } from "./screen-keeper.ts";

/** Signals that are meant for the program, whoever sends them to us. */
const PASSED_ON = ["SIGTERM", "SIGINT", "SIGQUIT", "SIGHUP", "SIGUSR1", "SIGUSR2"] as const;
const NO_PTY =
  "agentpane run: no pseudo-terminal could be loaded (@lydell/node-pty), so the page cannot show this one\n";
/** How soon after a ^Z that suspended nobody the program is woken again. */
const NOT_SUSPENDED_MS = 100;
/** As a shell answers for a program that a signal ended. */
const SIGNAL_CODE = 128;

/**
 * Runs a program in a pseudo-terminal, between the person's own and the monitor; resolves to its exit code. The person's
 * terminal behaves as without it; without a terminal, or where there is no pseudo-terminal for this system, the program
 * simply runs.
 */
export async function runInPty(command: readonly [string, ...string[]]): Promise<number> {
  const isAtTerminal = process.stdin.isTTY && process.stdout.isTTY && process.platform !== "win32";
  const pty = isAtTerminal ? loadPty() : null;
  if (isAtTerminal && pty === null) process.stderr.write(NO_PTY);
  if (pty === null) return runPlainly(command);
  // Monitors import this file's package, and have no use for a terminal of their own.
  const { ScreenKeeper } = await import("./screen-keeper.ts");
  return runBetween(pty, ScreenKeeper, command);
}

/** Its binary is of this system; a package without it still runs everything else. */
function loadPty(): typeof NodePty | null {
  try {
    return createRequire(import.meta.url)("@lydell/node-pty");
  } catch {
    return null;
  }
}

function runPlainly([file, ...args]: readonly [string, ...string[]]): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(file, args, { stdio: "inherit", shell: process.platform === "win32" });
    for (const signal of PASSED_ON) process.on(signal, () => child.kill(signal));
    child.once("error", (error: NodeJS.ErrnoException) => {
      process.stderr.write(
        `agentpane run: ${file}: ${error.code === "ENOENT" ? "command not found" : error.message}\n`,
      );
      resolve(error.code === "ENOENT" ? 127 : 126);
    });
    child.once("exit", (code, signal) => resolve(signal === null ? (code ?? 1) : SIGNAL_CODE + numberOf(signal)));
  });
}

function runBetween(
  { spawn: open }: typeof NodePty,
  Keeper: typeof ScreenKeeper,
  command: readonly [string, ...string[]],
): Promise<number> {
  const { stdin, stdout } = process;
  const raw = new RawTerminal();
  const size = { cols: stdout.columns || 80, rows: stdout.rows || 24 };
  const pty = open("/bin/sh", ["-c", JOB_SCRIPT, ...command], {
    name: process.env.TERM ?? "xterm-256color",
    cwd: process.cwd(),
    // A copy: of our very own the library takes away what tells of a tmux around us.
    env: { ...process.env },
    encoding: null,
    ...size,
  });
  const keeper = new Keeper(size.cols, size.rows);
  // Its own writes are typed as strings and taken as bytes.
  const type = (bytes: Buffer) => pty.write(bytes as unknown as string);
  const state = hostFolder(stateFolder(processSurroundings()));
  const links = new MonitorLinks({ state, pid: pty.pid, keeper, onInput: type });

  const flow = new OutputFlow(pty);
  pty.onData((chunk) => {
    const bytes = chunk as unknown as Buffer;
    if (!stdout.write(bytes)) {
      flow.blocked(true);
      stdout.once("drain", () => flow.blocked(false));
    }
    flow.came(bytes.length);
    keeper.write(bytes, () => {
      flow.drew(bytes.length);
      links.drawn(bytes);
    });
  });
  const resize = () => {
    const [cols, rows] = [stdout.columns || size.cols, stdout.rows || size.rows];
    pty.resize(cols, rows);
    keeper.resize(cols, rows);
    links.resized();
  };
  stdout.on("resize", resize);
  raw.enter();
  stdin.on("data", type);
  stdin.resume();

  for (const signal of PASSED_ON) {
    process.on(signal, () => signalGroup(foregroundGroup(pty.pid) ?? pty.pid, signal));
  }
  let isAway = false;
  process.on("SIGCHLD", () => {
    if (isAway || !isStopped(pty.pid)) return;
    isAway = true;
    // The person pressed ^Z: their shell gets its terminal back, until it wakes us.
    raw.leave();
    process.kill(0, "SIGTSTP");
    // Where no shell waits above us, the system suspends nobody: then the program goes on at once.
    setTimeout(() => isAway && wake(), NOT_SUSPENDED_MS);
  });
  const wake = () => {
    isAway = false;
    raw.enter();
    resize();
    signalGroup(pty.pid, "SIGCONT");
  };
  process.on("SIGCONT", wake);
  // The terminal is gone; the program is told by its own.
  stdout.on("error", () => {});

  return new Promise((resolve) => {
    pty.onExit(({ exitCode, signal }) => {
      raw.leave();
      stdin.pause();
      links[Symbol.dispose]();
      keeper.dispose();
      resolve(signal === undefined || signal === 0 ? exitCode : SIGNAL_CODE + signal);
    });
  });
}

function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {
    // It has just ended.
  }
}

function numberOf(signal: NodeJS.Signals): number {
  return os.constants.signals[signal];
}
