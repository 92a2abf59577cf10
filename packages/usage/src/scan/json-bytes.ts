/**
 * Walking JSON as bytes, without decoding. It trusts the structure it walks (a transcript is written by JSON.stringify) and
 * says -1 at the first thing that does not fit, whereupon the line is parsed whole.
 */
export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const OPEN_LIST = 0x5b;
export const CLOSE_LIST = 0x5d;
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;
const BACKSLASH = 0x5c;
const ZERO = 0x30;
const NINE = 0x39;
const SMALL_N = 0x6e;
const FIRST_NON_ASCII = 0x80;

/** More digits than that may not fit a number exactly. */
const MAX_DIGITS = 15;
/** Length of "null". */
const NULL_BYTES = 4;

/** Where the string that begins after an opening quote ends: the place of its closing quote. */
function stringEnd(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end) {
    const byte = bytes[at];
    if (byte === QUOTE) return at;
    at += byte === BACKSLASH ? 2 : 1;
  }
  return -1;
}

/** As `stringEnd`, but only for text that is what it looks like: ASCII without escapes. */
export function plainEnd(bytes: Uint8Array, from: number, end: number): number {
  for (let at = from; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) return at;
    if (byte === BACKSLASH || byte >= FIRST_NON_ASCII) return -1;
  }
  return -1;
}

/** The first byte after any value. */
export function valueEnd(bytes: Uint8Array, from: number, end: number): number {
  const first = bytes[from];
  if (first === QUOTE) {
    const close = stringEnd(bytes, from + 1, end);
    return close < 0 ? -1 : close + 1;
  }
  if (first !== OPEN_OBJECT && first !== OPEN_LIST) return scalarEnd(bytes, from, end);
  let depth = 0;
  let at = from;
  while (at < end) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at++;
      while (at < end) {
        const inner = bytes[at];
        if (inner === QUOTE) break;
        at += inner === BACKSLASH ? 2 : 1;
      }
    } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      depth++;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
      depth--;
      if (depth === 0) return at + 1;
    }
    at++;
  }
  return -1;
}

function scalarEnd(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end) {
    const byte = bytes[at];
    if (byte === COMMA || byte === CLOSE_OBJECT || byte === CLOSE_LIST) return at > from ? at : -1;
    at++;
  }
  return -1;
}

/** The end of a whole number, or of `null`. */
export function countEnd(bytes: Uint8Array, from: number, end: number): number {
  if (bytes[from] === SMALL_N) return from + NULL_BYTES;
  let at = from;
  while (at < end) {
    const byte = bytes[at] as number;
    if (byte < ZERO || byte > NINE) break;
    at++;
  }
  return at > from && at - from <= MAX_DIGITS ? at : -1;
}

/** The whole number between the places that `countEnd` found; `null` is 0. */
export function countAt(bytes: Uint8Array, from: number, to: number): number {
  if (bytes[from] === SMALL_N) return 0;
  let value = 0;
  for (let at = from; at < to; at++) value = value * 10 + (bytes[at] as number) - ZERO;
  return value;
}

/** Whether the value at `from` is `null`. */
export function isNull(bytes: Uint8Array, from: number): boolean {
  return bytes[from] === SMALL_N;
}

const ISO_LENGTH = 24;
const ISO_SHAPE = Buffer.from("0000-00-00T00:00:00.000Z");
const DAY_MS = 86_400_000;
/** Days of the months before each month of a year that begins in March. */
const DAYS_BEFORE = [306, 337, 0, 31, 61, 92, 122, 153, 184, 214, 245, 275];
const DAYS_TO_EPOCH = 719_468;
const DAYS_OF_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Epoch milliseconds of "2026-11-22T06:39:25.448Z", the only form that the client writes; -1 for any other. */
export function isoTime(bytes: Uint8Array, from: number, to: number): number {
  if (to - from !== ISO_LENGTH) return -1;
  for (let i = 0; i < ISO_LENGTH; i++) {
    const shape = ISO_SHAPE[i] as number;
    const byte = bytes[from + i] as number;
    if (shape === ZERO ? byte < ZERO || byte > NINE : byte !== shape) return -1;
  }
  const year = countAt(bytes, from, from + 4);
  const month = countAt(bytes, from + 5, from + 7);
  const day = countAt(bytes, from + 8, from + 10);
  const hour = countAt(bytes, from + 11, from + 13);
  const minute = countAt(bytes, from + 14, from + 16);
  const second = countAt(bytes, from + 17, from + 19);
  const monthDays = DAYS_OF_MONTH[month - 1];
  // The 29th of February and what lies before 1970 are rare enough to be left to the slow way.
  if (year < 1970 || monthDays === undefined || day < 1 || day > monthDays || hour > 23 || minute > 59 || second > 59)
    return -1;
  const marchYear = month > 2 ? year : year - 1;
  const leaps = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  const days = marchYear * 365 + leaps + (DAYS_BEFORE[month - 1] as number) + day - 1 - DAYS_TO_EPOCH;
  return days * DAY_MS + hour * 3_600_000 + minute * 60_000 + second * 1000 + countAt(bytes, from + 20, from + 23);
}
