import type { SegmentAnswer } from "@agentpane/protocol";
import type { Logger } from "pino";
import { type SealedSegment, sealTouch } from "../tail/seal.ts";
import { advance, forgetCommitted, type Source } from "../tail/source.ts";
import { halves, setAsides } from "./bisect.ts";
import { encodeBody, encodeParts } from "./body.ts";
import type { IngestOutcome, Uplink } from "./uplink.ts";

/** How often the parts of one chunk are sent again before its file is read anew. */
const MAX_PARTS_TRIES = 3;

export interface DeliveryOptions {
  uplink: Uplink;
  /** The server holds a cursor that we cannot explain: ask it for all of them. */
  onCursorsLost: () => void;
  /** Nothing of the source can be sent; the person must hear of it. */
  onSetAside: (source: Source, message: string) => void;
  log: Logger;
}

/**
 * Brings segments to the server and its answers back into the sources. What is not committed afterwards is simply read
 * again: the source still stands where the server's cursor stands.
 */
export class Delivery {
  readonly #options: DeliveryOptions;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  /** Segments of one source stand in their order. Rejects only when the uplink is closed. */
  async deliver(items: readonly SealedSegment[]): Promise<void> {
    for (const item of items) await this.#sendParts(item);
    const outcome = await this.#send(items);
    if (outcome.kind !== "answered") return this.#splitBody(items, outcome);
    if (outcome.answers.length !== items.length) {
      this.#options.log.error({ sent: items.length, answered: outcome.answers.length }, "answers do not fit the body");
      return this.#options.onCursorsLost();
    }
    const invalid: { item: SealedSegment; message: string }[] = [];
    const partsMissing: SealedSegment[] = [];
    for (const [place, item] of items.entries()) {
      const answer = outcome.answers[place] as SegmentAnswer;
      if (answer.result === "invalid") invalid.push({ item, message: answer.message });
      else if (answer.result === "parts_missing") partsMissing.push(item);
      else this.#apply(item, answer, items);
    }
    for (const { item, message } of invalid) await this.#repair(item, message);
    for (const item of partsMissing) await this.#sendPartsAgain(item);
  }

  async #send(items: readonly SealedSegment[]): Promise<IngestOutcome> {
    const { uplink } = this.#options;
    return uplink.ingest(await encodeBody(items, uplink.bootId));
  }

  async #sendParts(item: SealedSegment): Promise<void> {
    const { uplink } = this.#options;
    for (const body of await encodeParts(item, uplink.bootId)) await uplink.ingest(body);
  }

  async #sendPartsAgain(item: SealedSegment): Promise<void> {
    for (let tries = 1; tries < MAX_PARTS_TRIES; tries += 1) {
      await this.#sendParts(item);
      const outcome = await this.#send([item]);
      const answer = outcome.kind === "answered" ? outcome.answers[0] : undefined;
      if (answer === undefined) return;
      if (answer.result === "invalid") return this.#repair(item, answer.message);
      if (answer.result !== "parts_missing") return this.#apply(item, answer, [item]);
    }
    this.#options.log.warn({ source: item.source.id }, "the server keeps missing the parts of a chunk");
  }

  /** The body as a whole was refused: find out which segment it was. */
  async #splitBody(
    items: readonly SealedSegment[],
    outcome: Exclude<IngestOutcome, { kind: "answered" }>,
  ): Promise<void> {
    const [only] = items;
    if (items.length === 1 && only !== undefined) {
      return this.#repair(only, outcome.kind === "invalid" ? outcome.message : "larger than the server takes");
    }
    const middle = Math.ceil(items.length / 2);
    await this.deliver(items.slice(0, middle));
    await this.deliver(items.slice(middle));
  }

  async #repair(item: SealedSegment, message: string): Promise<void> {
    const { source } = item;
    if (!continuesSource(item)) return;
    if (item.from === item.to) return this.#repairTouch(item, message);
    if (item.lines > 1) {
      const parts = await halves(item);
      if (parts === null) return;
      for (const part of parts) await this.deliver([part]);
      return;
    }
    for (const attempt of setAsides(item, message)) {
      await this.#sendParts(attempt);
      const outcome = await this.#send([attempt]);
      if (outcome.kind !== "answered") continue;
      const [answer] = outcome.answers;
      if (answer === undefined || answer.result === "invalid" || answer.result === "parts_missing") continue;
      this.#options.log.warn({ source: source.id, offset: item.from, reason: message }, "an event was set aside");
      return this.#apply(attempt, answer, [attempt]);
    }
    this.#setAside(source, message);
  }

  /** What may be wrong with a touch is what it says of a subagent, which is left out then. */
  async #repairTouch({ source, generation, from, proof }: SealedSegment, message: string): Promise<void> {
    if (source.meta === null) return this.#setAside(source, message);
    source.meta = null;
    await this.deliver([sealTouch(source, { generation, offset: from, proof })]);
  }

  #setAside(source: Source, message: string): void {
    source.setAside = true;
    this.#options.onSetAside(source, message);
  }

  #apply(
    item: SealedSegment,
    answer: Exclude<SegmentAnswer, { result: "invalid" | "parts_missing" }>,
    sent: readonly SealedSegment[],
  ): void {
    const { source } = item;
    if (answer.result === "deleted") {
      source.deleted = true;
    } else if (answer.result === "committed") {
      this.#committed(item);
    } else if (answer.cursor === null) {
      forgetCommitted(source);
    } else {
      const { generation, offset } = answer.cursor;
      // An answer that was lost on its way: the same body, sent again, finds its own cursor.
      const landed = sent.find(
        (other) => other.source === source && other.generation === generation && other.to === offset,
      );
      if (landed !== undefined) this.#committed(landed);
      else if (generation !== source.committed.generation || offset !== source.committed.offset) {
        this.#options.log.warn(
          { source: source.id, at: item.from, stored: answer.cursor },
          "the server's cursor is elsewhere",
        );
        this.#options.onCursorsLost();
      }
    }
  }

  #committed({ source, generation, to, proof, gone }: SealedSegment): void {
    advance(source, generation, to, proof);
    source.goneThere = gone;
  }
}

/** Whether the segment begins where its source stands, or begins the next generation. */
function continuesSource({ source, generation, from }: SealedSegment): boolean {
  const { committed } = source;
  return generation === committed.generation ? from === committed.offset : from === 0;
}
