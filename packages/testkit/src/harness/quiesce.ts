import { checkStore } from "../checker/check.ts";
import type { Journal } from "../checker/journal.ts";
import type { StoreView } from "../checker/store-view.ts";
import { until } from "../until.ts";

/** How long the monitor may take to find what it was not told of: its scan comes every 30 s. */
const SETTLE_DEADLINE_MS = 60_000;

/**
 * Waits until the store keeps the promise for what stands on the disk now, and answers what still breaks it when the
 * deadline passes: empty is good. The writer must rest meanwhile.
 */
export async function settle(
  journal: () => Journal,
  store: () => StoreView,
  deadlineMs = SETTLE_DEADLINE_MS,
): Promise<string[]> {
  let problems: string[] = [];
  try {
    await until(
      "the store holds what stands on the disk",
      () => {
        problems = checkStore(journal(), store());
        return problems.length === 0;
      },
      { deadlineMs, pollMs: 250 },
    );
  } catch (error) {
    if (problems.length === 0) throw error;
  }
  return problems;
}
