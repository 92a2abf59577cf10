import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** Linux counts CPU time in hundredths of a second, whatever the kernel's own tick. */
const TICKS_PER_SECOND = 100;

/** CPU seconds, user and system, of a process with all of its threads. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name in parentheses may hold spaces; fields count from after it.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Highest resident size so far, MB (10^6 bytes). */
export function peakResidentMb(pid: number): number {
  return statusKib(pid, "VmHWM") * 1.024e-3;
}

export function residentMb(pid: number): number {
  return statusKib(pid, "VmRSS") * 1.024e-3;
}

function statusKib(pid: number, field: string): number {
  const found = readFileSync(`/proc/${pid}/status`, "utf8").match(new RegExp(`^${field}:\\s+(\\d+) kB`, "m"));
  if (found === null) throw new Error(`/proc/${pid}/status has no ${field}`);
  return Number(found[1]);
}

export function folderBytes(path: string): number {
  let sum = 0;
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const full = join(path, entry.name);
    sum += entry.isDirectory() ? folderBytes(full) : statSync(full).size;
  }
  return sum;
}
