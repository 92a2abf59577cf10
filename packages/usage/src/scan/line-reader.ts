import {
  CLOSE_LIST,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  countAt,
  countEnd,
  isNull,
  isoTime,
  OPEN_LIST,
  OPEN_OBJECT,
  plainEnd,
  QUOTE,
  valueEnd,
} from "./json-bytes.ts";
import { KeyTable } from "./key-table.ts";

/** What a line turned out to be. */
export const NOTHING = 0;
/** The reader's fields hold one copy. */
export const COPY = 1;
/** The line's shape surprised: it has to be parsed whole. */
export const SURPRISE = 2;

/** A piece of the buffer; `to === 0` where there is none. */
export interface Span {
  from: number;
  to: number;
}

const K = {
  type: 1,
  message: 2,
  timestamp: 3,
  uuid: 4,
  requestId: 5,
  data: 6,
  id: 7,
  model: 8,
  stop_reason: 9,
  usage: 10,
  input_tokens: 11,
  output_tokens: 12,
  cache_read_input_tokens: 13,
  cache_creation_input_tokens: 14,
  cache_creation: 15,
  ephemeral_5m_input_tokens: 16,
  ephemeral_1h_input_tokens: 17,
  server_tool_use: 18,
  web_search_requests: 19,
  service_tier: 20,
  inference_geo: 21,
  speed: 22,
  iterations: 23,
} as const;
const KEYS = new KeyTable(K);
const ASSISTANT = 1;
const PROGRESS = 2;
const AGENT_PROGRESS = 3;
const WORDS = new KeyTable({ assistant: ASSISTANT, progress: PROGRESS, agent_progress: AGENT_PROGRESS });

const USAGE_KEY = Buffer.from('"usage"');
/** `word` of the protocol; a longer one is cut there, which is the slow way's business. */
const MAX_WORD_BYTES = 200;
/** A rest of a line that is longer is first searched for "usage", which is faster than to walk it. */
const WALK_BYTES = 1024;

/**
 * Finds the usage copy of one transcript line without decoding it, and without allocating: what it found stays in its fields
 * until the next line. Since 2.0 a line holds at most one. Agrees with the adapter's `readLine` on every line (a test).
 */
export class LineReader {
  nested = false;
  /** Epoch milliseconds; -1 where the line has no time. */
  at = -1;
  readonly id: Span = { from: 0, to: 0 };
  readonly requestId: Span = { from: 0, to: 0 };
  readonly uuid: Span = { from: 0, to: 0 };
  readonly model: Span = { from: 0, to: 0 };
  readonly speed: Span = { from: 0, to: 0 };
  readonly region: Span = { from: 0, to: 0 };
  readonly tier: Span = { from: 0, to: 0 };
  /** The list of steps, brackets included, where it is not empty. */
  readonly iterations: Span = { from: 0, to: 0 };
  final = false;
  inputTokens = 0;
  outputTokens = 0;
  cacheReadTokens = 0;
  cacheWriteTokens = 0;
  cacheWrite5mTokens = 0;
  cacheWrite1hTokens = 0;
  webSearches = 0;

  #bytes: Uint8Array = new Uint8Array(0);
  #end = 0;
  #key = 0;
  #hasUsage = false;
  #time: Span = { from: 0, to: 0 };

  /** Reads the line between `from` and `to`, without its newline. */
  read(bytes: Buffer, from: number, to: number): number {
    this.#bytes = bytes;
    this.#end = to;
    if (bytes[from] !== OPEN_OBJECT) return SURPRISE;
    let at = from + 1;
    let type = 0;
    this.#clear();
    for (;;) {
      at = this.#nextKey(at);
      if (at < 0) return SURPRISE;
      switch (this.#key) {
        case K.type: {
          const close = plainEnd(bytes, at + 1, to);
          if (bytes[at] !== QUOTE || close < 0) return SURPRISE;
          type = WORDS.find(bytes, at + 1, close);
          if (type !== ASSISTANT && type !== PROGRESS) return NOTHING;
          at = close + 1;
          break;
        }
        case K.message:
          if (type === PROGRESS) return SURPRISE;
          at = this.#message(at);
          if (at < 0) return SURPRISE;
          if (!this.#hasUsage) return NOTHING;
          break;
        case K.data:
          if (type !== PROGRESS) return this.#unsure(at);
          this.nested = true;
          this.uuid.to = 0;
          this.requestId.to = 0;
          at = this.#progress(at);
          if (at === 0) return NOTHING;
          if (at < 0) return SURPRISE;
          break;
        case K.timestamp:
          at = this.nested ? valueEnd(bytes, at, to) : this.#word(at, this.#time);
          break;
        case K.uuid:
          at = this.nested ? valueEnd(bytes, at, to) : this.#word(at, this.uuid);
          break;
        case K.requestId:
          at = this.nested ? valueEnd(bytes, at, to) : this.#word(at, this.requestId);
          break;
        default:
          // An object before the type may be anything, and large.
          if (type === 0 && !this.#hasUsage && (bytes[at] === OPEN_OBJECT || bytes[at] === OPEN_LIST)) {
            if (to - at > WALK_BYTES && !mentionsUsage(bytes, at, to)) return NOTHING;
          }
          at = valueEnd(bytes, at, to);
      }
      if (at < 0) return SURPRISE;
      const next = bytes[at];
      if (next === COMMA) at++;
      else if (next === CLOSE_OBJECT) break;
      else return SURPRISE;
    }
    if (at + 1 !== to) return SURPRISE;
    if (!this.#hasUsage || (type !== ASSISTANT && type !== PROGRESS)) return NOTHING;
    return this.#dated() ? COPY : SURPRISE;
  }

  #unsure(at: number): number {
    return mentionsUsage(this.#bytes as Buffer, at, this.#end) ? SURPRISE : NOTHING;
  }

  #clear(): void {
    this.nested = false;
    this.#hasUsage = false;
    this.at = -1;
    this.final = false;
    this.id.to = 0;
    this.requestId.to = 0;
    this.uuid.to = 0;
    this.model.to = 0;
    this.#time.to = 0;
  }

  #dated(): boolean {
    if (this.#time.to === 0) return true;
    this.at = isoTime(this.#bytes, this.#time.from, this.#time.to);
    return this.at >= 0;
  }

  /** From the quote of a key to the first byte of its value; the key is in `#key`. */
  #nextKey(at: number): number {
    const bytes = this.#bytes;
    if (bytes[at] !== QUOTE) return -1;
    const close = plainEnd(bytes, at + 1, this.#end);
    if (close < 0 || bytes[close + 1] !== COLON) return -1;
    this.#key = KEYS.find(bytes, at + 1, close);
    return close + 2;
  }

  /** A short string into `span`; null leaves it empty. */
  #word(at: number, span: Span): number {
    const bytes = this.#bytes;
    if (isNull(bytes, at)) return valueEnd(bytes, at, this.#end);
    if (bytes[at] !== QUOTE) return -1;
    const close = plainEnd(bytes, at + 1, this.#end);
    if (close < 0 || close - at > MAX_WORD_BYTES) return -1;
    span.from = at + 1;
    span.to = close > at + 1 ? close : 0;
    return close + 1;
  }

  /** 0 where the progress is not a subagent's answer. */
  #progress(at: number): number {
    const bytes = this.#bytes;
    if (bytes[at] !== OPEN_OBJECT) return -1;
    let place = at + 1;
    let isAgent = false;
    for (;;) {
      place = this.#nextKey(place);
      if (place < 0) return -1;
      if (this.#key === K.type) {
        const close = plainEnd(bytes, place + 1, this.#end);
        if (bytes[place] !== QUOTE || close < 0) return -1;
        if (WORDS.find(bytes, place + 1, close) !== AGENT_PROGRESS) return 0;
        isAgent = true;
        place = close + 1;
      } else if (this.#key === K.message) {
        place = this.#nestedLine(place);
        if (place >= 0 && !this.#hasUsage) return 0;
      } else {
        place = valueEnd(bytes, place, this.#end);
      }
      if (place < 0) return -1;
      const next = bytes[place];
      if (next === COMMA) place++;
      else if (next === CLOSE_OBJECT) break;
      else return -1;
    }
    return isAgent && this.#hasUsage ? place + 1 : 0;
  }

  /** The subagent's own line within a progress line. */
  #nestedLine(at: number): number {
    const bytes = this.#bytes;
    if (bytes[at] !== OPEN_OBJECT) return -1;
    let place = at + 1;
    for (;;) {
      place = this.#nextKey(place);
      if (place < 0) return -1;
      if (this.#key === K.message) place = this.#message(place);
      else if (this.#key === K.timestamp) place = this.#word(place, this.#time);
      else if (this.#key === K.uuid) place = this.#word(place, this.uuid);
      else if (this.#key === K.requestId) place = this.#word(place, this.requestId);
      else place = valueEnd(bytes, place, this.#end);
      if (place < 0) return -1;
      const next = bytes[place];
      if (next === COMMA) place++;
      else if (next === CLOSE_OBJECT) break;
      else return -1;
    }
    // Without a time of its own it would have its parent's line's.
    return this.#hasUsage && this.#time.to === 0 ? -1 : place + 1;
  }

  #message(at: number): number {
    const bytes = this.#bytes;
    if (bytes[at] !== OPEN_OBJECT) return -1;
    let place = at + 1;
    for (;;) {
      place = this.#nextKey(place);
      if (place < 0) return -1;
      switch (this.#key) {
        case K.id:
          place = this.#word(place, this.id);
          break;
        case K.model:
          place = this.#word(place, this.model);
          break;
        case K.stop_reason: {
          this.final = bytes[place] === QUOTE && bytes[place + 1] !== QUOTE;
          place = valueEnd(bytes, place, this.#end);
          break;
        }
        case K.usage:
          place = this.#usage(place);
          break;
        default:
          place = valueEnd(bytes, place, this.#end);
      }
      if (place < 0) return -1;
      const next = bytes[place];
      if (next === COMMA) place++;
      else if (next === CLOSE_OBJECT) return place + 1;
      else return -1;
    }
  }

  #usage(at: number): number {
    const bytes = this.#bytes;
    const end = this.#end;
    if (bytes[at] !== OPEN_OBJECT || this.#hasUsage) return -1;
    this.#hasUsage = true;
    this.inputTokens = 0;
    this.outputTokens = 0;
    this.cacheReadTokens = 0;
    this.cacheWriteTokens = 0;
    this.cacheWrite5mTokens = 0;
    this.cacheWrite1hTokens = 0;
    this.webSearches = 0;
    this.speed.to = 0;
    this.region.to = 0;
    this.tier.to = 0;
    this.iterations.to = 0;
    if (bytes[at + 1] === CLOSE_OBJECT) return at + 2;
    let depth = 1;
    let place = at + 1;
    for (;;) {
      place = this.#nextKey(place);
      if (place < 0) return -1;
      const key = this.#key;
      // The two objects within are walked as if their keys were the usage's own: no key occurs in both.
      if ((key === K.cache_creation || key === K.server_tool_use) && bytes[place] === OPEN_OBJECT && depth === 1) {
        if (bytes[place + 1] !== CLOSE_OBJECT) {
          depth = 2;
          place++;
          continue;
        }
        place += 2;
      } else if (
        key >= K.input_tokens &&
        key <= K.web_search_requests &&
        key !== K.cache_creation &&
        key !== K.server_tool_use
      ) {
        const close = countEnd(bytes, place, end);
        if (close < 0) return -1;
        this.#count(key, countAt(bytes, place, close));
        place = close;
      } else {
        if (key === K.service_tier) place = this.#word(place, this.tier);
        else if (key === K.inference_geo) place = this.#word(place, this.region);
        else if (key === K.speed) place = this.#word(place, this.speed);
        else {
          const close = valueEnd(bytes, place, end);
          if (key === K.iterations && bytes[place] === OPEN_LIST && bytes[place + 1] !== CLOSE_LIST) {
            this.iterations.from = place;
            this.iterations.to = close;
          }
          place = close;
        }
        if (place < 0) return -1;
      }
      let next = bytes[place];
      if (next === CLOSE_OBJECT && depth === 2) {
        depth = 1;
        place++;
        next = bytes[place];
      }
      if (next === COMMA) place++;
      else if (next === CLOSE_OBJECT) return place + 1;
      else return -1;
    }
  }

  #count(key: number, value: number): void {
    switch (key) {
      case K.input_tokens:
        this.inputTokens = value;
        break;
      case K.output_tokens:
        this.outputTokens = value;
        break;
      case K.cache_read_input_tokens:
        this.cacheReadTokens = value;
        break;
      case K.cache_creation_input_tokens:
        this.cacheWriteTokens = value;
        break;
      case K.ephemeral_5m_input_tokens:
        this.cacheWrite5mTokens = value;
        break;
      case K.ephemeral_1h_input_tokens:
        this.cacheWrite1hTokens = value;
        break;
      case K.web_search_requests:
        this.webSearches = value;
        break;
    }
  }
}

/** `"usage"` with its quotes cannot stand inside a string, where quotes are escaped. */
function mentionsUsage(bytes: Buffer, from: number, to: number): boolean {
  return bytes.subarray(from, to).indexOf(USAGE_KEY) >= 0;
}
