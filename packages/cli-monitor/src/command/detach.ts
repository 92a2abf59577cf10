import { spawn } from "node:child_process";
import { closeSync, openSync, renameSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { type MonitorConfig, type RawMonitorConfig, readMonitorSecrets, resolveMonitorConfig } from "../config.ts";
import { runningHolder } from "../state/root-lock.ts";
import { openStateFolder } from "../state/state-folder.ts";
import { rootSetName } from "../state/status-file.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { DETACHED } from "./stop-signal.ts";

/** How long the child is looked after before it counts as started, if the server has not answered it by then. */
const START_GRACE_MS = 2_000;
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
  openStateFolder(config.stateFolder);
  for (const root of config.roots) {
    const holder = runningHolder(config.stateFolder, root);
    if (holder === null) continue;
    say(`A monitor (pid ${holder.pid}) already watches ${root}.`);
    return EXIT.alreadyRunning;
  }
  const logPath = path.join(config.stateFolder, `monitor-${rootSetName(config.roots)}.log`);
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
  const failure = await firstWords(child);
  if (failure !== null) {
    say(`The monitor ended at once (${failure}). Its log: ${logPath}`);
    return EXIT.startFailed;
  }
  child.unref();
  say(`The monitor runs (pid ${child.pid}). Its log: ${logPath}`);
  return EXIT.ok;
}

function environment(config: MonitorConfig, token: string): NodeJS.ProcessEnv {
  const { AGENTPANE_PARENT_PID: _parent, AGENTPANE_TOKEN: _token, ...env } = process.env;
  const own = { ...env, AGENTPANE_STATE: config.stateFolder, [DETACHED]: "1" };
  return config.tokenFile === null ? { ...own, AGENTPANE_TOKEN: token } : own;
}

/** Null once the child is registered or has lived for a while; otherwise how it ended. */
function firstWords(child: ReturnType<typeof spawn>): Promise<string | null> {
  return new Promise((resolve) => {
    const settle = (failure: string | null) => {
      clearTimeout(grace);
      if (child.connected) child.disconnect();
      resolve(failure);
    };
    const grace = setTimeout(() => settle(null), START_GRACE_MS);
    child.once("message", () => settle(null));
    child.once("error", (error) => settle(error.message));
    child.once("exit", (code, signal) => settle(signal ?? `exit code ${code}`));
  });
}

function openLog(file: string): number {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > MAX_LOG_BYTES) renameSync(file, `${file}.old`);
  return openSync(file, "a", 0o600);
}
