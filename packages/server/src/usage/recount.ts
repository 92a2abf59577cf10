import { responsesAfter, type UncountedSource, uncountedSource } from "../store/responses.ts";
import { readSetting, writeSetting } from "../store/settings.ts";
import type { Db } from "../store/sqlite.ts";
import type { CopySource, UsageCounter } from "./counter.ts";
import { isUnfinished, type Pricing } from "./pricing.ts";

/** Responses in one step, about 10 ms: live lines never wait for more. */
const SLICE = 500;

/**
 * What is left to count or to price anew, a slice at a time: copies that an older AgentPane stored, then all responses when prices
 * changed. Where it is, is in the store, so a server that was stopped goes on.
 */
export class Recount {
  readonly #db: Db;
  readonly #counter: UsageCounter;
  #mayBeUncounted = true;

  constructor(db: Db, counter: UsageCounter) {
    this.#db = db;
    this.#counter = counter;
  }

  /** The rates may be others than those that history is priced by: if so, all of it is to be priced anew. */
  ratesMayHaveChanged(): void {
    const { fingerprint } = this.#counter.rates;
    const pricing = readSetting<Pricing>(this.#db, "pricing");
    if (pricing?.fingerprint === fingerprint) return;
    const of = this.#counter.lastId;
    // A new store has nothing that another price could have been used for.
    writeSetting(this.#db, "pricing", { fingerprint, done: 0, of } satisfies Pricing);
  }

  isPending(): boolean {
    if (this.#mayBeUncounted) {
      this.#mayBeUncounted = uncountedSource(this.#db) !== undefined;
      if (this.#mayBeUncounted) return true;
    }
    const pricing = readSetting<Pricing>(this.#db, "pricing");
    return isUnfinished(pricing);
  }

  /** One slice, within a transaction. `open` gives the facts of a source. */
  step(open: (source: UncountedSource) => CopySource | null): void {
    const uncounted = uncountedSource(this.#db);
    if (uncounted !== undefined) {
      const source = open(uncounted);
      if (source !== null) this.#counter.adopt(source);
      return;
    }
    const pricing = readSetting<Pricing>(this.#db, "pricing");
    if (!isUnfinished(pricing)) return;
    const slice = responsesAfter(this.#db, pricing.done, SLICE);
    this.#counter.reprice(slice);
    const done = slice.at(-1)?.id ?? pricing.of;
    writeSetting(this.#db, "pricing", { ...pricing, done } satisfies Pricing);
  }
}
