import { CLOSE_LIST, CLOSE_OBJECT, COMMA, countAt, countEnd, OPEN_LIST, OPEN_OBJECT, valueEnd } from "./json-bytes.ts";
import { emptySpan, type Span, wordEnd } from "./span.ts";
import { FIRST_COUNT_KEY, KEY, KEYS, keyEnd } from "./usage-keys.ts";

/** Reads one `usage` object into its fields, without decoding or allocating. */
export class UsageReader {
  inputTokens = 0;
  outputTokens = 0;
  cacheReadTokens = 0;
  cacheWriteTokens = 0;
  cacheWrite5mTokens = 0;
  cacheWrite1hTokens = 0;
  webSearches = 0;
  readonly speed: Span = emptySpan();
  readonly region: Span = emptySpan();
  readonly tier: Span = emptySpan();
  /** The list of steps, brackets included, where it is not empty. */
  readonly iterations: Span = emptySpan();

  /** The first byte after the object that begins at `at`; -1 where its shape surprises. */
  read(bytes: Uint8Array, at: number, end: number): number {
    this.#clear();
    if (bytes[at] !== OPEN_OBJECT) return -1;
    if (bytes[at + 1] === CLOSE_OBJECT) return at + 2;
    let place = at + 1;
    let inside = false;
    for (;;) {
      const close = keyEnd(bytes, place, end);
      if (close < 0) return -1;
      const key = KEYS.find(bytes, place + 1, close);
      place = close + 2;
      // The two objects within are walked as if their keys were the usage's own: no count occurs in both.
      if ((key === KEY.cache_creation || key === KEY.server_tool_use) && bytes[place] === OPEN_OBJECT) {
        if (inside) return -1;
        place++;
        if (bytes[place] !== CLOSE_OBJECT) {
          inside = true;
          continue;
        }
        place++;
      } else {
        place = key >= FIRST_COUNT_KEY ? this.#count(bytes, place, end, key) : this.#other(bytes, place, end, key);
        if (place < 0) return -1;
      }
      if (inside && bytes[place] === CLOSE_OBJECT) {
        inside = false;
        place++;
      }
      const next = bytes[place];
      if (next === COMMA) place++;
      else if (next === CLOSE_OBJECT) return place + 1;
      else return -1;
    }
  }

  #clear(): void {
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
  }

  #other(bytes: Uint8Array, at: number, end: number, key: number): number {
    if (key === KEY.service_tier) return wordEnd(bytes, at, end, this.tier);
    if (key === KEY.inference_geo) return wordEnd(bytes, at, end, this.region);
    if (key === KEY.speed) return wordEnd(bytes, at, end, this.speed);
    const close = valueEnd(bytes, at, end);
    if (key === KEY.iterations && close >= 0 && bytes[at] === OPEN_LIST && bytes[at + 1] !== CLOSE_LIST) {
      this.iterations.from = at;
      this.iterations.to = close;
    }
    return close;
  }

  #count(bytes: Uint8Array, at: number, end: number, key: number): number {
    const close = countEnd(bytes, at, end);
    if (close < 0) return -1;
    const value = countAt(bytes, at, close);
    switch (key) {
      case KEY.input_tokens:
        this.inputTokens = value;
        break;
      case KEY.output_tokens:
        this.outputTokens = value;
        break;
      case KEY.cache_read_input_tokens:
        this.cacheReadTokens = value;
        break;
      case KEY.cache_creation_input_tokens:
        this.cacheWriteTokens = value;
        break;
      case KEY.ephemeral_5m_input_tokens:
        this.cacheWrite5mTokens = value;
        break;
      case KEY.ephemeral_1h_input_tokens:
        this.cacheWrite1hTokens = value;
        break;
      case KEY.web_search_requests:
        this.webSearches = value;
        break;
    }
    return close;
  }
}
