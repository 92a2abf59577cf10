import type { SessionFacts } from "../fold/merge.ts";
import { uncountedSource } from "../store/responses.ts";
import { type ShownSession, shownSession } from "../store/sessions.ts";
import { readSetting } from "../store/settings.ts";
import type { Db } from "../store/sqlite.ts";
import type { UsageCounter } from "../usage/counter.ts";
import { isUnfinished, type Pricing } from "../usage/pricing.ts";
import type { RateSource } from "../usage/rates.ts";
import type { Recount } from "../usage/recount.ts";
import type { SourceRecord } from "./catalogue.ts";

/** Sessions beyond those of a commit itself that it tells the feed of: those whose cost the background changed. */
const MAX_TOLD_AT_ONCE = 200;

interface Loaded {
  counter: UsageCounter;
  recount: Recount;
  rates: RateSource;
}

/**
 * The counting of responses as the writer holds it. Prices take tens of milliseconds to load, so they come with the first call
 * that needs them and not with the start; `ready` must have come before anything touches a copy.
 */
export class Counting {
  readonly #db: Db;
  #loading: Promise<void> | null = null;
  #loaded: Loaded | null = null;
  #toTell = new Set<string>();
  #quiet = false;

  constructor(db: Db) {
    this.#db = db;
  }

  get isReady(): boolean {
    return this.#loaded !== null;
  }

  ready(): Promise<void> {
    this.#loading ??= this.#load().catch((error: unknown) => {
      this.#loading = null;
      throw error;
    });
    return this.#loading;
  }

  get counter(): UsageCounter {
    return this.#parts.counter;
  }

  get #parts(): Loaded {
    if (this.#loaded === null) throw new Error("copies were touched before prices were loaded");
    return this.#loaded;
  }

  /** Prices in the settings were written. Within that transaction; whether any is another one now. */
  pricesChanged(): boolean {
    const { counter, recount, rates } = this.#parts;
    const before = counter.rates.fingerprint;
    counter.rates = rates.rates(this.#db);
    recount.ratesMayHaveChanged();
    return counter.rates.fingerprint !== before;
  }

  /** Whether a slice of history waits for the background; before prices are loaded, whether one was left when the server stopped. */
  hasWork(): boolean {
    if (this.#loaded !== null) return this.#loaded.recount.isPending();
    return isUnfinished(readSetting<Pricing>(this.#db, "pricing")) || uncountedSource(this.#db) !== undefined;
  }

  /** Whether the background is at it now, so that there is soon more to tell. */
  isWorking(): boolean {
    return this.#loaded?.recount.isPending() ?? false;
  }

  /** One slice of it. What it changed is told with later commits, a few at a time. */
  work(commit: (work: () => void) => void, open: Parameters<Recount["step"]>[0]): void {
    this.#quiet = true;
    try {
      commit(() => this.#parts.recount.step(open));
    } finally {
      this.#quiet = false;
    }
  }

  /** At the end of a transaction, when its sources are saved. */
  settle(sources: Iterable<SourceRecord>): void {
    if (this.#loaded === null) return;
    const { counter } = this.#loaded;
    for (const { source, subagent, meta } of sources) {
      if (subagent !== null && meta !== null) counter.typeSaid(source.session, subagent);
    }
    for (const session of counter.settle()) this.#toTell.add(session);
  }

  /** The commit tells of this session anyway. */
  told(session: string): void {
    this.#toTell.delete(session);
  }

  hasToTell(): boolean {
    return this.#toTell.size > 0;
  }

  /** Rows of sessions whose cost changed, though their own lines did not. */
  takeToTell(): ShownSession[] {
    if (this.#quiet) return [];
    const rows: ShownSession[] = [];
    for (const session of this.#toTell) {
      if (rows.length === MAX_TOLD_AT_ONCE) break;
      this.#toTell.delete(session);
      const row = shownSession(this.#db, session);
      if (row !== undefined) rows.push(row);
    }
    return rows;
  }

  withWindow(facts: SessionFacts): SessionFacts {
    const { model, contextTokens } = facts;
    if (model === null || contextTokens === null || contextTokens === undefined) return facts;
    return { ...facts, contextWindow: this.#window(facts.id, model, contextTokens) };
  }

  forgetAll(): void {
    this.#loaded?.counter.forgetAll();
    // A price that was being changed is not.
    if (this.#loaded !== null) this.#loaded.counter.rates = this.#loaded.rates.rates(this.#db);
  }

  /** Without prices at hand, as before the first line after a start, it is what it was. */
  #window(session: string, model: string, contextTokens: number): number | null {
    if (this.#loaded !== null) return this.#loaded.counter.rates.window(model, contextTokens);
    const row = shownSession(this.#db, session);
    return row === undefined ? null : ((JSON.parse(row.facts) as SessionFacts).contextWindow ?? null);
  }

  async #load(): Promise<void> {
    const [counting, recounting, pricing] = await Promise.all([
      import("../usage/counter.ts"),
      import("../usage/recount.ts"),
      import("../usage/rates.ts"),
    ]);
    const rates = await pricing.RateSource.load();
    const counter = new counting.UsageCounter(this.#db, rates.rates(this.#db));
    const recount = new recounting.Recount(this.#db, counter);
    recount.ratesMayHaveChanged();
    this.#loaded = { counter, recount, rates };
  }
}
