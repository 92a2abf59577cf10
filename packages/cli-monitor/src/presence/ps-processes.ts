import { execFile } from "node:child_process";
import { isAlive } from "../state/process-identity.ts";
import type { ProcessTable } from "./process-table.ts";

const PS_TIMEOUT_MS = 2_000;
/** Between two calls of `ps`, however many processes want to be looked up. */
const PS_EVERY_MS = 2_000;
const MAX_PIDS_PER_CALL = 2_000;

/** Prints `pid start` lines for these processes; null where the system has no such tool. */
export type ListStarts = ((pids: readonly number[]) => Promise<string>) | null;

/**
 * Without /proc: whether a process exists is asked of the kernel; since when, of `ps`, once for each new process. Its words
 * are what the agent itself puts into the registry there (2.1.330 runs `LC_ALL=C TZ=UTC ps -o lstart=`), to the second.
 */
export function psProcessTable(listStarts: ListStarts = ps, now: () => number = () => performance.now()): ProcessTable {
  const starts = new Map<number, string>();
  let last = Number.NEGATIVE_INFINITY;
  let running: Promise<void> | null = null;

  async function lookUp(pids: readonly number[]): Promise<void> {
    if (listStarts === null) return;
    last = now();
    const found = parseStarts(await listStarts(pids).catch(() => ""));
    if (found.size === 0) return;
    // One that exists and is not listed is hidden from us.
    for (const pid of pids) starts.set(pid, found.get(pid) ?? "");
  }

  return {
    tellsStarts: listStarts !== null,
    domain: { boot: "", pidNamespace: null },
    start(pid) {
      if (!isAlive(pid)) {
        starts.delete(pid);
        return null;
      }
      return listStarts === null ? "" : starts.get(pid);
    },
    async refresh(pids) {
      if (listStarts === null) return;
      if (running !== null) return running;
      if (now() - last < PS_EVERY_MS) return;
      const wanted = [...new Set(pids)].filter((pid) => isAlive(pid) && !starts.has(pid)).slice(0, MAX_PIDS_PER_CALL);
      if (wanted.length === 0) return;
      running = lookUp(wanted).finally(() => {
        running = null;
      });
      return running;
    },
  };
}

/** Lines of a pid and the words after it; anything else is passed over. */
export function parseStarts(text: string): Map<number, string> {
  const starts = new Map<number, string>();
  for (const line of text.split("\n")) {
    const match = /^\s*(\d+)\s+(\S.*?)\s*$/.exec(line);
    if (match !== null) starts.set(Number(match[1]), match[2] as string);
  }
  return starts;
}

function ps(pids: readonly number[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      "/bin/ps",
      ["-o", "pid=", "-o", "lstart=", "-p", pids.join(",")],
      { encoding: "utf8", timeout: PS_TIMEOUT_MS, env: { LC_ALL: "C", TZ: "UTC" } },
      // It fails where one of them is gone, and has listed the others.
      (error, stdout) => (error !== null && stdout === "" ? reject(error) : resolve(stdout)),
    );
  });
}
