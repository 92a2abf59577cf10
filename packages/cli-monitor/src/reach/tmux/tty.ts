import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";

const PS_TIMEOUT_MS = 2_000;
/** Major numbers that Linux gives to pseudo-terminals (Documentation/admin-guide/devices.txt); each has 256 minors. */
const FIRST_PTS_MAJOR = 136;
const LAST_PTS_MAJOR = 143;
const MINORS = 256;

/** The terminal that controls a process. */
export interface Terminal {
  /** `/dev/pts/3`. */
  path: string;
  /** Its process group has the terminal now: what is typed there reaches it, and not the shell behind a ^Z. */
  foreground: boolean;
}

/** Of each process that has one. Reads /proc on Linux, else asks `ps` once for all. */
export async function terminalsOf(pids: readonly number[]): Promise<Map<number, Terminal>> {
  if (pids.length === 0) return new Map();
  if (process.platform !== "linux") return parsePs(await ps(pids));
  const found = new Map<number, Terminal>();
  for (const pid of pids) {
    const terminal = terminalInStat(read(`/proc/${pid}/stat`));
    if (terminal !== null) found.set(pid, terminal);
  }
  return found;
}

/** From a line of proc_pid_stat(5): fields 5 (group), 7 (terminal) and 8 (the terminal's foreground group). */
export function terminalInStat(stat: string): Terminal | null {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [group, device, foreground] = [Number(fields[2]), Number(fields[4]), Number(fields[5])];
  const major = (device >> 8) & 0xfff;
  if (!(major >= FIRST_PTS_MAJOR && major <= LAST_PTS_MAJOR)) return null;
  const minor = (device & 0xff) | ((device >>> 12) & 0xfff00);
  return { path: `/dev/pts/${(major - FIRST_PTS_MAJOR) * MINORS + minor}`, foreground: group === foreground };
}

/** Lines of `pid tty pgid tpgid`. */
export function parsePs(text: string): Map<number, Terminal> {
  const found = new Map<number, Terminal>();
  for (const line of text.split("\n")) {
    const match = /^\s*(\d+)\s+(\S+)\s+(-?\d+)\s+(-?\d+)\s*$/.exec(line);
    if (match === null || match[2] === undefined || /^\?+$/.test(match[2])) continue;
    const path = match[2].startsWith("/") ? match[2] : `/dev/${match[2]}`;
    found.set(Number(match[1]), { path, foreground: match[3] === match[4] });
  }
  return found;
}

function read(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return "";
  }
}

function ps(pids: readonly number[]): Promise<string> {
  const args = ["-o", "pid=", "-o", "tty=", "-o", "pgid=", "-o", "tpgid=", "-p", pids.join(",")];
  return new Promise((resolve) => {
    execFile("/bin/ps", args, { encoding: "utf8", timeout: PS_TIMEOUT_MS }, (_error, stdout) => resolve(stdout));
  });
}
