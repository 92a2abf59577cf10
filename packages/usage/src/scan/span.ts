import { isNull, plainEnd, QUOTE, valueEnd } from "./json-bytes.ts";

/** A piece of a buffer, without the quotes around it; `to === 0` where there is none. */
export interface Span {
  from: number;
  to: number;
}

/** `word` of the protocol; a longer one is cut there, which is the slow way's business. */
const MAX_WORD_BYTES = 200;

export function emptySpan(): Span {
  return { from: 0, to: 0 };
}

/** Reads a short ASCII string into `span` and says where it ends; null and "" leave the span empty, anything else is -1. */
export function wordEnd(bytes: Uint8Array, at: number, end: number, span: Span): number {
  span.to = 0;
  if (isNull(bytes, at)) return valueEnd(bytes, at, end);
  if (bytes[at] !== QUOTE) return -1;
  const close = plainEnd(bytes, at + 1, end);
  if (close < 0 || close - at > MAX_WORD_BYTES) return -1;
  span.from = at + 1;
  span.to = close > at + 1 ? close : 0;
  return close + 1;
}
