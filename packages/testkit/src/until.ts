import { setTimeout as delay } from "node:timers/promises";

const POLL_MS = 20;

export interface UntilOptions {
  /** Gives up after this long; generous, since it only costs time when something is broken. */
  deadlineMs?: number;
  pollMs?: number;
  /** What was seen last, for the message. */
  describe?: () => unknown;
}

/** What was waited for can never come; thrown by a probe it ends the waiting at once. */
export class Hopeless extends Error {
  override name = "Hopeless";
}

/** Polls until `probe` gives something other than null, undefined or false; throws with what was waited for. */
export async function until<T>(
  what: string,
  probe: () => T | Promise<T>,
  options: UntilOptions = {},
): Promise<Exclude<T, null | undefined | false>> {
  const deadline = performance.now() + (options.deadlineMs ?? 30_000);
  let lastError: unknown;
  for (;;) {
    try {
      const found = await probe();
      if (found !== null && found !== undefined && found !== false) {
        return found as Exclude<T, null | undefined | false>;
      }
      lastError = undefined;
    } catch (error) {
      if (error instanceof Hopeless) throw error;
      lastError = error;
    }
    if (performance.now() > deadline) {
      const seen = options.describe === undefined ? "" : `; last seen: ${JSON.stringify(options.describe())}`;
      throw new Error(`waited in vain until ${what}${seen}`, { cause: lastError });
    }
    await delay(options.pollMs ?? POLL_MS);
  }
}
