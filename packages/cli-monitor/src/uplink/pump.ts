import { setImmediate as nextTurn } from "node:timers/promises";
import type { Adapter } from "@agentpane/agents";
import type { FileProof } from "@agentpane/protocol";
import type { Logger } from "pino";
import type { Committed } from "../tail/decide.ts";
import { emptyProof } from "../tail/inspect.ts";
import { type Reading, type ReadOutcome, readOn } from "../tail/read-on.ts";
import { type SealedSegment, seal, sealTouch } from "../tail/seal.ts";
import type { LineCounts } from "../tail/segment-draft.ts";
import { type Lane, readingCursor, type Source } from "../tail/source.ts";
import { BackfillQueue } from "./backfill-queue.ts";
import { weight } from "./body.ts";

/** Bodies on their way at once; one of them is never used by backfill. */
export const MAX_IN_FLIGHT = 4;
const MAX_BACKFILL_IN_FLIGHT = MAX_IN_FLIGHT - 1;
/** Weight at which a body of backfill is sent: large enough that calls cost little, small enough to hold three. */
const BACKFILL_BODY_BYTES = 512 * 1024;
/** Transcript bytes that one live body takes from all the files that wait. */
const LIVE_BODY_BYTES = 2 * 1024 * 1024;
const MAX_SEGMENTS_PER_SENDING = 500;
/** Wait before a source is read again whose segment was not committed, so that nothing turns in a tight circle. */
const AGAIN_MS = 1_000;

export interface PumpOptions {
  adapter: Adapter;
  deliver: (items: readonly SealedSegment[]) => Promise<void>;
  counts: LineCounts;
  /** The file of the source is not there (any more). */
  onMissing: (source: Source) => void;
  /** Other bytes stand in the source's file; true where they are another source's, which has the path now. */
  giveUp: (source: Source) => boolean;
  /** The file is there and cannot be read; null once it can again. */
  onUnreadable: (source: Source, error: Error | null) => void;
  log: Logger;
}

/** What one source puts into a body, and where that leaves it. */
interface Taking {
  source: Source;
  lane: Lane;
  /** The cursor that the source has once all of it is committed. */
  expected: Committed;
  drained: boolean;
}

/**
 * Reads what changed and hands it to delivery: live sources at once and many to a body, the past behind them, newest file first. A
 * source is in one body at a time, so its segments arrive in order.
 */
export class Pump implements AsyncDisposable {
  readonly #options: PumpOptions;
  readonly #live = new Set<Source>();
  readonly #backfill = new BackfillQueue();
  readonly #sendings = new Set<Promise<void>>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #inFlight = 0;
  #backfillInFlight = 0;
  #kicked = false;
  #backfilling: Promise<void> | null = null;
  #slotFreed: (() => void) | null = null;
  #started = false;
  #stopped = false;

  constructor(options: PumpOptions) {
    this.#options = options;
  }

  /** Progress of the backfill in bytes; null where none runs. */
  get progress(): { totalBytes: number; doneBytes: number } | null {
    return this.#backfill.progress;
  }

  /** Whether nothing waits and nothing is on its way. */
  get isIdle(): boolean {
    const nothingWaits = this.#live.size === 0 && this.#backfill.isEmpty && this.#timers.size === 0;
    return nothingWaits && this.#inFlight === 0 && this.#backfilling === null;
  }

  /** Lets reading begin; until then sources only queue up. */
  start(): void {
    this.#started = true;
    this.#kick();
  }

  /** Says that the source's file may have changed. Cheap, and as often as one likes. */
  notice(source: Source, lane: Lane): void {
    if (source.deleted || source.setAside || this.#stopped) return;
    if (source.busy) {
      if (source.dirty !== "live") source.dirty = lane;
      return;
    }
    if (source.queued === "live" || source.queued === lane) return;
    source.queued = lane;
    if (lane === "live") this.#live.add(source);
    else this.#backfill.add(source);
    this.#kick();
  }

  /** Stops reading. Bodies on their way end when delivery does. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    this.#live.clear();
    this.#backfill.clear();
    for (const timer of this.#timers) clearTimeout(timer);
    this.#freeSlot();
    await Promise.all([...this.#sendings, this.#backfilling]);
  }

  /** Behind the I/O callbacks of this turn, so that what they report together travels together. */
  #kick(): void {
    if (this.#kicked || !this.#started) return;
    this.#kicked = true;
    setImmediate(() => {
      this.#kicked = false;
      if (this.#stopped) return;
      while (this.#live.size > 0 && this.#inFlight < MAX_IN_FLIGHT) this.#sendLive();
      if (!this.#backfill.isEmpty) this.#backfilling ??= this.#runBackfill();
    });
  }

  /** One body of what waits: first a part of every source, so that none waits for another's many lines. */
  #sendLive(): void {
    const takings: Taking[] = [];
    const items: Promise<SealedSegment>[] = [];
    let bytes = 0;
    const isFull = () => bytes >= LIVE_BODY_BYTES || items.length >= MAX_SEGMENTS_PER_SENDING;
    const take = (taking: Taking) => {
      const item = this.#take(taking);
      if (item === null) return false;
      items.push(item.sealing);
      bytes += item.bytes;
      return true;
    };
    for (const source of this.#live) {
      if (isFull()) break;
      this.#live.delete(source);
      source.queued = null;
      const taking = this.#begin(source, "live");
      if (take(taking)) takings.push(taking);
      else this.#end(taking);
    }
    for (const taking of takings) while (!taking.drained && !isFull() && take(taking));
    if (items.length > 0) this.#send(takings, Promise.all(items));
  }

  async #runBackfill(): Promise<void> {
    try {
      while (!this.#stopped) {
        await this.#backfillSlot();
        const takings: Taking[] = [];
        const items: SealedSegment[] = [];
        let bytes = 0;
        let sealing: Promise<unknown> = Promise.resolve();
        while (bytes < BACKFILL_BODY_BYTES && items.length < MAX_SEGMENTS_PER_SENDING) {
          const source = this.#backfill.take();
          if (source === null) break;
          const taking = this.#begin(source, "backfill");
          takings.push(taking);
          do {
            // Whoever waits for a live line goes first, and one chunk is compressed while the next is read.
            await nextTurn();
            if (this.#stopped) break;
            const item = this.#take(taking);
            if (item === null) break;
            const place = items.length;
            items.length += 1;
            await sealing;
            sealing = item.sealing.then((sealed) => {
              items[place] = sealed;
              bytes += weight(sealed);
            });
          } while (!taking.drained && bytes < BACKFILL_BODY_BYTES);
        }
        await sealing;
        if (takings.length === 0) break;
        if (items.length === 0) for (const taking of takings) this.#end(taking);
        else this.#send(takings, Promise.resolve(items));
      }
    } finally {
      this.#backfilling = null;
      if (!this.#backfill.isEmpty) this.#kick();
    }
  }

  #begin(source: Source, lane: Lane): Taking {
    source.busy = true;
    source.dirty = null;
    return { source, lane, expected: readingCursor(source), drained: false };
  }

  /** Reads the next lines of the source; null where there is nothing to send. */
  #take(taking: Taking): { sealing: Promise<SealedSegment>; bytes: number } | null {
    const { source } = taking;
    if (source.goneHere) taking.drained = true;
    const reading = source.goneHere ? null : this.#read(taking);
    if (reading !== null) {
      taking.expected = { generation: reading.generation, offset: reading.to, proof: reading.proof };
      source.untold = false;
      return { sealing: seal(source, reading), bytes: reading.to - reading.from };
    }
    const touch = this.#touchFor(taking);
    if (touch === null) return null;
    taking.expected = touch;
    source.untold = false;
    return { sealing: Promise.resolve(sealTouch(source, touch)), bytes: 0 };
  }

  /** The cursor at which the server is to be told something that has no lines; null where there is nothing to tell. */
  #touchFor({ source, expected, drained }: Taking): (Committed & { proof: FileProof }) | null {
    const { committed } = source;
    if (committed.proof === null) return null;
    if (source.goneHere) return source.goneThere ? null : { ...committed, proof: committed.proof };
    const readNothing = expected.generation === committed.generation || expected.offset === 0;
    if (source.rewritten && drained && source.drainedAt !== null && readNothing) {
      return { generation: committed.generation + 1, offset: 0, proof: emptyProof(source.drainedAt) };
    }
    const isNews = expected === committed && (source.untold || source.goneThere);
    return isNews ? { ...committed, proof: committed.proof } : null;
  }

  #read(taking: Taking): Reading | null {
    const { source } = taking;
    const { adapter, counts, onMissing, onUnreadable } = this.#options;
    const { path, oversizeTo } = source;
    const outcome: ReadOutcome = readOn({ path, committed: taking.expected, adapter, counts, oversizeTo });
    switch (outcome.kind) {
      case "missing":
        taking.drained = true;
        source.drainedAt = null;
        onMissing(source);
        return null;
      case "unreadable":
        taking.drained = true;
        onUnreadable(source, outcome.error);
        return null;
      case "changed":
        source.dirty ??= taking.lane;
        taking.drained = true;
        return null;
      case "unchanged":
        source.drainedAt = outcome.file;
        source.sizeSeen = outcome.file.size;
        taking.drained = true;
        return null;
      case "read":
        onUnreadable(source, null);
        if ((outcome.rewritten || taking.expected.offset === 0) && this.#options.giveUp(source)) {
          taking.drained = true;
          return null;
        }
        source.sizeSeen = outcome.file.size;
        source.drainedAt = outcome.drained ? outcome.file : null;
        source.oversizeTo = outcome.oversizeTo;
        source.rewritten ||= outcome.rewritten;
        taking.drained = outcome.drained;
        return outcome.reading;
    }
  }

  #send(takings: readonly Taking[], items: Promise<SealedSegment[]>): void {
    const backfill = takings[0]?.lane === "backfill";
    this.#inFlight += 1;
    if (backfill) this.#backfillInFlight += 1;
    const sending = items
      .then((sealed) => this.#options.deliver(sealed))
      .catch((error: unknown) => {
        if (!this.#stopped) this.#options.log.error({ err: error }, "a body could not be sent");
      })
      .then(() => {
        this.#sendings.delete(sending);
        this.#inFlight -= 1;
        if (backfill) this.#backfillInFlight -= 1;
        for (const taking of takings) this.#end(taking);
        this.#freeSlot();
        this.#kick();
      });
    this.#sendings.add(sending);
  }

  #end(taking: Taking): void {
    const { source, lane, expected } = taking;
    source.busy = false;
    if (lane === "backfill") this.#backfill.done(source);
    const { dirty } = source;
    source.dirty = null;
    const landed = source.committed.generation === expected.generation && source.committed.offset === expected.offset;
    if (landed || (readingCursor(source).proof === null && expected.offset === 0)) {
      if (dirty !== null) this.notice(source, dirty);
      else if (!taking.drained) this.notice(source, lane);
      return;
    }
    source.drainedAt = null;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.notice(source, dirty ?? lane);
    }, AGAIN_MS);
    this.#timers.add(timer);
  }

  async #backfillSlot(): Promise<void> {
    while (this.#backfillInFlight >= MAX_BACKFILL_IN_FLIGHT && !this.#stopped) {
      await new Promise<void>((resolve) => {
        this.#slotFreed = resolve;
      });
    }
  }

  #freeSlot(): void {
    this.#slotFreed?.();
    this.#slotFreed = null;
  }
}
