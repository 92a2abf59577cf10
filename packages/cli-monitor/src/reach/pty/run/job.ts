import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const PS_TIMEOUT_MS = 1_000;

/**
 * Runs the words behind it in the pseudo-terminal as a shell runs a command, so that ^Z works: only a process whose parent
 * stands in the same session may be suspended from its terminal. When the command stops, so does this shell, for us to see;
 * when it is woken, the command goes on. Its exit code is the command's, 128 and the signal where that ended it.
 */
export const JOB_SCRIPT = [
  "set -m",
  // The shell's own words on a suspended or killed job are not the command's.
  "exec 3>&2 2>/dev/null",
  '"$0" "$@" 2>&3 3>&-',
  "code=$?",
  // 128 and a stop signal, by the numbers of every system; a command may also end with such a code, and is no job then.
  "while [ $code -ge 145 ] && [ $code -le 150 ] && jobs %% >/dev/null; do kill -STOP $$; fg %% >/dev/null; code=$?; done",
  "exit $code",
].join("\n");

/** Whether a process is stopped, as by ^Z. */
export function isStopped(pid: number): boolean {
  return stateOf(pid)?.startsWith("T") === true;
}

/** The group that has the terminal of this session leader now; null where it cannot be told. */
export function foregroundGroup(leader: number): number | null {
  const group = process.platform === "linux" ? Number(statFields(leader)[5]) : Number(ps("tpgid=", leader));
  return Number.isInteger(group) && group > 1 ? group : null;
}

function stateOf(pid: number): string | undefined {
  return process.platform === "linux" ? statFields(pid)[0] : ps("state=", pid);
}

/** Of proc_pid_stat(5), from field 3 on. */
function statFields(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return [];
  }
}

function ps(field: string, pid: number): string {
  try {
    return execFileSync("/bin/ps", ["-o", field, "-p", String(pid)], {
      encoding: "utf8",
      timeout: PS_TIMEOUT_MS,
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return "";
  }
}
