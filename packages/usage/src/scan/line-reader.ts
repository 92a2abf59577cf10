import { CLOSE_OBJECT, COMMA, isoTime, OPEN_LIST, OPEN_OBJECT, plainEnd, QUOTE, valueEnd } from "./json-bytes.ts";
import { KeyTable } from "./key-table.ts";
import { emptySpan, type Span, wordEnd } from "./span.ts";
import { KEY, KEYS, keyEnd } from "./usage-keys.ts";
import { UsageReader } from "./usage-reader.ts";

/** What a line turned out to be. */
export const NOTHING = 0;
/** The reader's fields hold one copy. */
export const COPY = 1;
/** The line's shape surprised: it has to be parsed whole. */
export const SURPRISE = 2;

const ASSISTANT = 1;
const PROGRESS = 2;
const AGENT_PROGRESS = 3;
const TYPES = new KeyTable({ assistant: ASSISTANT, progress: PROGRESS, agent_progress: AGENT_PROGRESS });
/** Neither could be an id of `TYPES`. */
const NO_TYPE_YET = -1;
const NOT_A_TYPE = -2;

const USAGE_KEY = Buffer.from('"usage"');
/** A rest of a line that is longer is first searched for "usage", which is faster than to walk it. */
const WALK_BYTES = 1024;

/**
 * Finds the usage copy of one transcript line without decoding it, and without allocating: what it found stays in its fields
 * until the next line. Since 2.0 a line holds at most one. Agrees with the adapter's `readLine` on every line (a test).
 */
export class LineReader {
  readonly usage = new UsageReader();
  readonly id: Span = emptySpan();
  readonly requestId: Span = emptySpan();
  readonly uuid: Span = emptySpan();
  readonly model: Span = emptySpan();
  /** Epoch milliseconds; -1 where the line has no time. */
  at = -1;
  /** It has a stop reason. */
  final = false;
  /** A parent tells of it. */
  nested = false;

  readonly #time: Span = emptySpan();
  #bytes: Buffer = Buffer.alloc(0);
  #end = 0;
  #hasUsage = false;

  /** Reads the line between `from` and `to`, without its newline. */
  read(bytes: Buffer, from: number, to: number): number {
    this.#bytes = bytes;
    this.#end = to;
    this.#clear();
    if (bytes[from] !== OPEN_OBJECT) return SURPRISE;
    let at = from + 1;
    let type = NO_TYPE_YET;
    for (;;) {
      const close = keyEnd(bytes, at, to);
      if (close < 0) return SURPRISE;
      const key = KEYS.find(bytes, at + 1, close);
      at = close + 2;
      switch (key) {
        case KEY.type:
          type = this.#type(at);
          if (type === NOT_A_TYPE) return SURPRISE;
          if (type !== ASSISTANT && type !== PROGRESS) return NOTHING;
          at = valueEnd(bytes, at, to);
          break;
        case KEY.message:
          if (type === PROGRESS) return SURPRISE;
          at = this.#message(at);
          if (at >= 0 && !this.#hasUsage) return NOTHING;
          break;
        case KEY.data:
          if (type !== PROGRESS) return this.#mentionsUsage(at) ? SURPRISE : NOTHING;
          at = this.#progress(at);
          if (at === 0) return NOTHING;
          break;
        case KEY.timestamp:
          at = this.#ownWord(at, this.#time);
          break;
        case KEY.uuid:
          at = this.#ownWord(at, this.uuid);
          break;
        case KEY.requestId:
          at = this.#ownWord(at, this.requestId);
          break;
        default:
          // Most values are plain, and a call for each of them would show.
          if (type === NO_TYPE_YET && (bytes[at] as number) >= OPEN_LIST && this.#isLargeWithoutUsage(at))
            return NOTHING;
          at = valueEnd(bytes, at, to);
      }
      if (at < 0) return SURPRISE;
      const next = bytes[at++];
      if (next === CLOSE_OBJECT) break;
      if (next !== COMMA) return SURPRISE;
    }
    if (at !== to) return SURPRISE;
    if (!this.#hasUsage || type === NO_TYPE_YET) return NOTHING;
    return this.#dated() ? COPY : SURPRISE;
  }

  #clear(): void {
    this.id.to = 0;
    this.requestId.to = 0;
    this.uuid.to = 0;
    this.model.to = 0;
    this.#time.to = 0;
    this.at = -1;
    this.final = false;
    this.nested = false;
    this.#hasUsage = false;
  }

  #type(at: number): number {
    const close = plainEnd(this.#bytes, at + 1, this.#end);
    return this.#bytes[at] === QUOTE && close >= 0 ? TYPES.find(this.#bytes, at + 1, close) : NOT_A_TYPE;
  }

  #dated(): boolean {
    if (this.#time.to === 0) return true;
    this.at = isoTime(this.#bytes, this.#time.from, this.#time.to);
    return this.at >= 0;
  }

  /** The line's own word; once a nested answer was found its words count instead. */
  #ownWord(at: number, span: Span): number {
    return this.nested ? valueEnd(this.#bytes, at, this.#end) : wordEnd(this.#bytes, at, this.#end, span);
  }

  /** Something large before the type, on a line whose rest has no usage: a snapshot, a prompt, an attachment. */
  #isLargeWithoutUsage(at: number): boolean {
    if (this.#hasUsage || this.#end - at <= WALK_BYTES) return false;
    const first = this.#bytes[at];
    return (first === OPEN_OBJECT || first === OPEN_LIST) && !this.#mentionsUsage(at);
  }

  /** `"usage"` with its quotes cannot stand inside a string, where quotes are escaped. */
  #mentionsUsage(at: number): boolean {
    return this.#bytes.subarray(at, this.#end).indexOf(USAGE_KEY) >= 0;
  }

  /** `data` of a progress line; 0 where it is not a subagent's answer. */
  #progress(at: number): number {
    const bytes = this.#bytes;
    const end = this.#end;
    if (bytes[at] !== OPEN_OBJECT) return -1;
    this.nested = true;
    this.uuid.to = 0;
    this.requestId.to = 0;
    let isAgent = false;
    let place = at + 1;
    for (;;) {
      const close = keyEnd(bytes, place, end);
      if (close < 0) return -1;
      const key = KEYS.find(bytes, place + 1, close);
      place = close + 2;
      if (key === KEY.type) {
        const type = this.#type(place);
        if (type !== AGENT_PROGRESS) return type === NOT_A_TYPE ? -1 : 0;
        isAgent = true;
      }
      if (key === KEY.message) {
        place = this.#nestedLine(place);
        if (place >= 0 && !this.#hasUsage) return 0;
      } else {
        place = valueEnd(bytes, place, end);
      }
      if (place < 0) return -1;
      const next = bytes[place++];
      if (next === CLOSE_OBJECT) return isAgent && this.#hasUsage ? place : 0;
      if (next !== COMMA) return -1;
    }
  }

  /** The subagent's own line within a progress line. */
  #nestedLine(at: number): number {
    const bytes = this.#bytes;
    const end = this.#end;
    if (bytes[at] !== OPEN_OBJECT) return -1;
    let place = at + 1;
    for (;;) {
      const close = keyEnd(bytes, place, end);
      if (close < 0) return -1;
      const key = KEYS.find(bytes, place + 1, close);
      place = close + 2;
      if (key === KEY.message) place = this.#message(place);
      else if (key === KEY.timestamp) place = wordEnd(bytes, place, end, this.#time);
      else if (key === KEY.uuid) place = wordEnd(bytes, place, end, this.uuid);
      else if (key === KEY.requestId) place = wordEnd(bytes, place, end, this.requestId);
      else place = valueEnd(bytes, place, end);
      if (place < 0) return -1;
      const next = bytes[place++];
      if (next === CLOSE_OBJECT) break;
      if (next !== COMMA) return -1;
    }
    // Without a time of its own it would have its parent's line's.
    return this.#hasUsage && this.#time.to === 0 ? -1 : place;
  }

  #message(at: number): number {
    const bytes = this.#bytes;
    const end = this.#end;
    if (bytes[at] !== OPEN_OBJECT) return -1;
    let place = at + 1;
    for (;;) {
      const close = keyEnd(bytes, place, end);
      if (close < 0) return -1;
      const key = KEYS.find(bytes, place + 1, close);
      place = close + 2;
      if (key === KEY.id) place = wordEnd(bytes, place, end, this.id);
      else if (key === KEY.model) place = wordEnd(bytes, place, end, this.model);
      else if (key === KEY.usage) {
        if (this.#hasUsage) return -1;
        this.#hasUsage = true;
        place = this.usage.read(bytes, place, end);
      } else {
        if (key === KEY.stop_reason) this.final = bytes[place] === QUOTE && bytes[place + 1] !== QUOTE;
        place = valueEnd(bytes, place, end);
      }
      if (place < 0) return -1;
      const next = bytes[place++];
      if (next === CLOSE_OBJECT) return place;
      if (next !== COMMA) return -1;
    }
  }
}
