import { readFileSync, readlinkSync } from "node:fs";
import { isAlive } from "../state/process-identity.ts";
import type { ProcessTable, Start } from "./process-table.ts";

/** Field 22 of proc_pid_stat(5), counted from field 3, which is the first behind the name. */
const START_FIELD = 22 - 3;

/** Reads /proc: some 10 µs for a process. */
export function linuxProcessTable(): ProcessTable {
  return {
    tellsStarts: true,
    domain: { boot: boot(), pidNamespace: pidNamespace() },
    start: startOf,
    refresh: async () => {},
  };
}

function startOf(pid: number): Start {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch {
    // Hidden from us (hidepid), or gone between opening and reading.
    return isAlive(pid) ? "" : null;
  }
  return startInStat(stat);
}

/**
 * When the process of a `/proc/<pid>/stat` line began, in clock ticks since boot; null where it has ended and is only not
 * yet waited for. Its name stands in parentheses and may itself hold spaces, parentheses and newlines.
 */
export function startInStat(stat: string): string | null {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const state = fields[0];
  if (state === "Z" || state === "X" || state === "x") return null;
  return fields[START_FIELD] ?? "";
}

function boot(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
  } catch {
    return "";
  }
}

function pidNamespace(): string | null {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return null;
  }
}
