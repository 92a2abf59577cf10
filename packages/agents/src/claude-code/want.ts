/**
 * What to take of a line. Both ways of reading (the byte scanner and JSON.parse) obey the same wants and give the same
 * `Taken`, so everything behind them is written once.
 */
export interface WantSpec {
  /** Strings are taken, cut to so many UTF-16 units. */
  text?: number;
  /** Objects are taken, with these keys of theirs. */
  keys?: Record<string, WantSpec>;
  /** Lists are taken, each item so. */
  each?: WantSpec;
  /** The value is wrapped in `Measured`: with its JSON, cut to so many units, and the length of that. */
  json?: number;
}

/** Numbers, booleans and null are always taken; what is not wanted is `undefined`. */
export type Taken = string | LongText | number | boolean | null | undefined | TakenList | TakenObject | Measured;
export type TakenList = Taken[];
export interface TakenObject {
  [key: string]: Taken;
}

/** A string that was longer than wanted. `head` never ends in the middle of a surrogate pair. */
export class LongText {
  readonly head: string;
  /** Length of the whole, in UTF-16 units. */
  readonly chars: number;
  constructor(head: string, chars: number) {
    this.head = head;
    this.chars = chars;
  }
}

export class Measured {
  readonly value: Taken;
  /** The value as JSON.stringify writes it. */
  readonly json: string | LongText;
  constructor(value: Taken, json: string | LongText) {
    this.value = value;
    this.json = json;
  }
}

/** Items of one list that are taken; the rest is only checked. An event's `index` could not number more. */
export const MAX_ITEMS_TAKEN = 4096;

/** A wanted key with its bytes, for comparing without decoding. */
export interface WantedKey {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly want: Want;
}

/** A `WantSpec`, prepared for lookups. */
export interface Want {
  /** -1 where strings are not wanted. */
  readonly text: number;
  readonly keys: ReadonlyMap<string, WantedKey> | null;
  /** By `keyBucket`. */
  readonly buckets: readonly (readonly WantedKey[] | undefined)[];
  readonly each: Want | null;
  /** -1 where it is not wanted. */
  readonly json: number;
}

const BUCKETS = 256;

/** Length, first and last byte tell most keys apart. */
export function keyBucket(length: number, first: number, last: number): number {
  return (length * 7 + first * 13 + last * 31) & (BUCKETS - 1);
}

export function want(spec: WantSpec): Want {
  const keys = new Map<string, WantedKey>();
  const buckets: WantedKey[][] = [];
  for (const [name, inner] of Object.entries(spec.keys ?? {})) {
    const bytes = Buffer.from(name);
    const key = { name, bytes, want: want(inner) };
    keys.set(name, key);
    const bucket = keyBucket(bytes.length, bytes[0] ?? 0, bytes[bytes.length - 1] ?? 0);
    buckets[bucket] ??= [];
    buckets[bucket].push(key);
  }
  return {
    text: spec.text ?? -1,
    keys: spec.keys ? keys : null,
    buckets: Array.from({ length: BUCKETS }, (_, i) => buckets[i]),
    each: spec.each ? want(spec.each) : null,
    json: spec.json ?? -1,
  };
}

/** The first `limit` units, one less where that would cut a surrogate pair. */
export function headOf(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const last = text.charCodeAt(limit - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? limit - 1 : limit);
}

/** "" where the value is nested deeper than the stack. */
export function toJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "";
  } catch {
    return "";
  }
}

/** A text as it is taken. */
export function cutText(text: string, limit: number): string | LongText {
  return text.length <= limit ? text : new LongText(headOf(text, limit), text.length);
}
