import { type RawMonitorConfig, resolveMonitorConfig } from "../config.ts";
import { hostFolder } from "../state/host-id.ts";
import { isRunning, type LockHolder, runningHolder, runningMonitor } from "../state/root-lock.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";

/** How long a monitor may take to end by itself before it is killed. */
const STOP_MS = 5_000;
const POLL_MS = 20;
/** After the kill, how long the system may take. */
const KILL_MS = 2_000;

/** Ends the user's monitor, whatever it watches, and comes back when it has ended. */
export async function runStop(raw: RawMonitorConfig, say: (line: string) => void): Promise<ExitCode> {
  const config = resolveMonitorConfig(raw);
  const state = hostFolder(config.stateFolder);
  const holders = new Map<number, LockHolder>();
  for (const root of config.roots) {
    const holder = runningHolder(state, root);
    if (holder !== null) holders.set(holder.pid, holder);
  }
  const monitor = runningMonitor(state);
  if (monitor !== null) holders.set(monitor.pid, monitor);
  if (holders.size === 0) {
    say("No monitor runs.");
    return EXIT.notRunning;
  }
  for (const holder of holders.values()) {
    if (!(await end(holder))) {
      say(`The monitor (pid ${holder.pid}) cannot be stopped.`);
      return EXIT.failed;
    }
    say(`The monitor (pid ${holder.pid}) has stopped.`);
  }
  return EXIT.ok;
}

async function end(holder: LockHolder): Promise<boolean> {
  for (const [signal, waitMs] of [
    ["SIGTERM", STOP_MS],
    ["SIGKILL", KILL_MS],
  ] as const) {
    try {
      process.kill(holder.pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EPERM") return false;
    }
    const deadline = performance.now() + waitMs;
    while (performance.now() < deadline) {
      if (!isRunning(holder)) return true;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
  return !isRunning(holder);
}
