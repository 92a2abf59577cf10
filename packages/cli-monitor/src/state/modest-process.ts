import { readdirSync } from "node:fs";
import os from "node:os";
import v8 from "node:v8";

/** Half of the way to the lowest priority: the agent and the person always go first. */
const NICENESS = 10;

/** Makes this process one that stays in the background. What the system refuses is left as it is. */
export function beModest(): void {
  lowerPriority();
  // What parsing leaves behind dies at once, so a young generation that grows to 64 MB only holds garbage: without
  // growth a backfill of 400 MB took 142 MB resident instead of 190, and 5 % more CPU (measured, Node 24.21).
  v8.setFlagsFromString("--semi-space-growth-factor=1");
  // The old generation is small, so that by itself it would be marked after every 5 MB: 98 times in a backfill of 1 GB, for 4.4 s
  // of CPU in V8's workers. Tripling it before the next time took 2.8 s less and 4 to 10 MB more (measured at load 2, Node 24.21).
  v8.setFlagsFromString("--heap-growing-percent=200");
}

/** Linux counts niceness by thread, so the threads that already run are lowered too; later ones inherit it. */
function lowerPriority(): void {
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
