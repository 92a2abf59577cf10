import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const TOOL_TIMEOUT_MS = 2_000;

/**
 * When the process with this id started, in a form that only tells two processes of one id apart; null where no such process
 * runs, "" where it runs and the platform does not say since when.
 */
export function processStart(pid: number): string | null {
  if (!isAlive(pid)) return null;
  try {
    if (process.platform === "linux") return linuxStart(pid);
    if (process.platform === "darwin") {
      return execFileSync("/bin/ps", ["-o", "lstart=", "-p", String(pid)], {
        encoding: "utf8",
        timeout: TOOL_TIMEOUT_MS,
      }).trim();
    }
    return "";
  } catch {
    return isAlive(pid) ? "" : null;
  }
}

/** The boot and the tick in which it started: field 22, counted behind the name, which may hold anything. */
function linuxStart(pid: number): string | null {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  // A zombie has ended; only its parent has not looked yet.
  if (fields[0] === "Z") return null;
  const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  return `${boot} ${fields[19]}`;
}

/** Whether a process of this id runs, ours or not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
