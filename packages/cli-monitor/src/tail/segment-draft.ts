import type { Adapter } from "@agentpane/agents";
import {
  type ChunkLine,
  type LineContext,
  MAX_EVENTS_PER_SEGMENT,
  MAX_LINE_BYTES,
  packChunk,
  type TranscriptEvent,
  type UsageCopy,
} from "@agentpane/protocol";
import { borrowBytes } from "./pack-buffers.ts";
import type { Line } from "./split-lines.ts";

/** Lines after which a segment is closed even if they are tiny, so that its manifest stays small. */
const MAX_LINES_PER_SEGMENT = 10_000;
/** Events, copies or contexts after which a segment is closed: the bound less what one line may still add. */
const FULL_EVENTS = MAX_EVENTS_PER_SEGMENT - 4096;

/** What the lines of a byte range gave, before it is compressed and addressed. */
export interface RangeReading {
  from: number;
  to: number;
  lines: number;
  dropped: number;
  contexts: LineContext[];
  events: TranscriptEvent[];
  copies: UsageCopy[];
  /** The kept lines as `packChunk` gives them, in borrowed memory; null where no line was kept. */
  packed: Uint8Array | null;
}

/** Counts over all lines read since the start, for the heartbeat. */
export interface LineCounts {
  total: number;
  slow: number;
  malformed: number;
  unknownTypes: Map<string, number>;
}

const CONTEXT_FIELDS = ["cwd", "branch", "version", "entrypoint"] as const;
/** Line types counted apart; a file of random types must not grow the table. */
const MAX_UNKNOWN_TYPES = 100;

export function noLines(): LineCounts {
  return { total: 0, slow: 0, malformed: 0, unknownTypes: new Map() };
}

/** Collects lines until the segment is full. The lines' bytes must stay as they are until `close`. */
export class SegmentDraft {
  readonly #adapter: Adapter;
  readonly #counts: LineCounts;
  readonly #from: number;
  readonly #contexts: LineContext[] = [];
  /** The context after the last line, as far as it is known within this segment. */
  readonly #context: Omit<LineContext, "offset"> = {};
  readonly #events: TranscriptEvent[] = [];
  readonly #copies: UsageCopy[] = [];
  readonly #kept: ChunkLine[] = [];
  #to: number;
  #lines = 0;

  constructor(adapter: Adapter, from: number, counts: LineCounts) {
    this.#adapter = adapter;
    this.#counts = counts;
    this.#from = from;
    this.#to = from;
  }

  get isEmpty(): boolean {
    return this.#lines === 0;
  }

  get isFull(): boolean {
    return (
      this.#lines >= MAX_LINES_PER_SEGMENT ||
      Math.max(this.#events.length, this.#copies.length, this.#contexts.length) >= FULL_EVENTS
    );
  }

  get to(): number {
    return this.#to;
  }

  add(line: Line): void {
    this.#lines += 1;
    this.#to = line.end;
    this.#counts.total += 1;
    if (line.bytes === null) {
      this.#counts.malformed += 1;
      this.#events.push(tooLong(line));
      return;
    }
    const reading = this.#adapter.readLine(line.bytes, line.offset);
    for (const event of reading.events) {
      if (event.kind === "malformed") this.#counts.malformed += 1;
      this.#events.push(event);
    }
    for (const copy of reading.copies) this.#copies.push(copy);
    if (reading.context !== null) this.#noteContext(reading.context);
    if (reading.slow) this.#counts.slow += 1;
    if (reading.unknownType !== null) countType(this.#counts.unknownTypes, reading.unknownType);
    const kept = this.#adapter.keep(line.bytes);
    if (kept !== null) this.#kept.push({ offset: line.offset, bytes: kept });
  }

  /** Nearly every line repeats the context of the one before; only the fields that change travel. */
  #noteContext(context: LineContext): void {
    const last = this.#context;
    let change: LineContext | null = null;
    for (const field of CONTEXT_FIELDS) {
      const value = context[field];
      if (value === undefined || value === last[field]) continue;
      last[field] = value;
      change ??= { offset: context.offset };
      change[field] = value;
    }
    if (change !== null) this.#contexts.push(change);
  }

  close(): RangeReading {
    return {
      from: this.#from,
      to: this.#to,
      lines: this.#lines,
      dropped: this.#lines - this.#kept.length,
      contexts: this.#contexts,
      events: this.#events,
      copies: this.#copies,
      packed: this.#kept.length === 0 ? null : packChunk(this.#from, this.#kept, borrowBytes),
    };
  }
}

function tooLong(line: Line): TranscriptEvent {
  return {
    kind: "malformed",
    at: null,
    offset: line.offset,
    index: 0,
    reason: `longer than ${MAX_LINE_BYTES / (1024 * 1024)} MiB`,
    bytes: line.end - line.offset - 1,
  };
}

function countType(types: Map<string, number>, type: string): void {
  const count = types.get(type);
  if (count === undefined && types.size >= MAX_UNKNOWN_TYPES) return;
  types.set(type, (count ?? 0) + 1);
}
