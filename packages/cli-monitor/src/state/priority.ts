import { readdirSync } from "node:fs";
import os from "node:os";

/** Half of the way to the lowest priority: the agent and the person always go first. */
const NICENESS = 10;

/**
 * Lowers the priority of this process. Linux counts niceness by thread, so the threads that already run are lowered too;
 * later ones inherit it. What the system refuses is left as it is.
 */
export function lowerPriority(): void {
  for (const id of [0, ...threadIds()]) {
    try {
      os.setPriority(id, NICENESS);
    } catch {
      // Refused, or the thread has ended: nothing depends on it.
    }
  }
}

function threadIds(): number[] {
  if (process.platform !== "linux") return [];
  try {
    return readdirSync("/proc/self/task").map(Number);
  } catch {
    return [];
  }
}
