import { spawn } from "node:child_process";
import { closeSync, openSync, renameSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { type MonitorConfig, type RawMonitorConfig, readMonitorSecrets, resolveMonitorConfig } from "../config.ts";
import { hostFolder } from "../state/host-id.ts";
import { runningMonitor } from "../state/root-lock.ts";
import { openStateFolder } from "../state/state-folder.ts";
import { rootSetName } from "../state/status-file.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import type { StartMessage } from "./start.ts";
import { DETACHED } from "./stop-signal.ts";

/** How long the child is looked after if it neither reaches the server nor fails to. */
const START_GRACE_MS = 15_000;
/** A log larger than this is put aside, as `.old`, before the next start. */
const MAX_LOG_BYTES = 16 * 1024 * 1024;

/** The entry file: in a checkout `main.ts`, in a bundle the bundle itself. */
const entry = import.meta.url.endsWith(".ts")
  ? fileURLToPath(new URL("../main.ts", import.meta.url))
  : (process.argv[1] ?? "");

/** Starts the monitor as a process of its own, and stays until it runs or has failed. */
export async function runDetached(raw: RawMonitorConfig, say: (line: string) => void): Promise<ExitCode> {
  const config = resolveMonitorConfig(raw);
  const { token } = readMonitorSecrets(config);
  const state = hostFolder(config.stateFolder);
  openStateFolder(state);
  const running = runningMonitor(state);
  if (running !== null) {
    say(
      `A monitor (pid ${running.pid}) already watches ${running.root}. One watches all roots: to add to them, stop it and name them all.`,
    );
    return EXIT.alreadyRunning;
  }
  const logPath = path.join(state, `monitor-${rootSetName(config.roots)}.log`);
  const log = openLog(logPath);
  const args = ["start", "--server", config.server.origin, "--name", config.name, "--log-level", config.logLevel];
  for (const root of config.roots) args.push("--root", root);
  if (config.tokenFile !== null) args.push("--token-file", config.tokenFile);
  const child = spawn(process.execPath, [...process.execArgv, entry, ...args], {
    detached: true,
    stdio: ["ignore", log, log, "ipc"],
    cwd: path.parse(config.stateFolder).root,
    env: environment(config, token),
  });
  closeSync(log);
  const first = await firstWords(child);
  if (typeof first === "object") {
    say(`The monitor ended at once (${first.ended}). Its log: ${logPath}`);
    return EXIT.startFailed;
  }
  child.unref();
  const so = first === "registered" ? "" : " The server is not reached yet; it keeps trying.";
  say(`The monitor runs (pid ${child.pid}).${so} Its log: ${logPath}`);
  return EXIT.ok;
}

function environment(config: MonitorConfig, token: string): NodeJS.ProcessEnv {
  const { AGENTPANE_PARENT_PID: _parent, AGENTPANE_TOKEN: _token, ...env } = process.env;
  // Two arenas of glibc are enough for its threads, and keep 30 MB less of what was freed.
  const own = { MALLOC_ARENA_MAX: "2", ...env, AGENTPANE_STATE: config.stateFolder, [DETACHED]: "1" };
  return config.tokenFile === null ? { ...own, AGENTPANE_TOKEN: token } : own;
}

/** What the child says first, or how it ended; "unreached" where it says nothing for long. */
function firstWords(child: ReturnType<typeof spawn>): Promise<StartMessage | { ended: string }> {
  return new Promise((resolve) => {
    const settle = (words: StartMessage | { ended: string }) => {
      clearTimeout(grace);
      if (child.connected) child.disconnect();
      resolve(words);
    };
    const grace = setTimeout(() => settle("unreached"), START_GRACE_MS);
    child.once("message", (message) => settle(message as StartMessage));
    child.once("error", (error) => settle({ ended: error.message }));
    child.once("exit", (code, signal) => settle({ ended: signal ?? `exit code ${code}` }));
  });
}

function openLog(file: string): number {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > MAX_LOG_BYTES) renameSync(file, `${file}.old`);
  return openSync(file, "a", 0o600);
}
