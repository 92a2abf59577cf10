import { Surprise, TextScanner } from "./text-scanner.ts";
import {
  headOf,
  keyBucket,
  LongText,
  MAX_ITEMS_TAKEN,
  Measured,
  type Taken,
  type TakenList,
  type TakenObject,
  type Want,
  type WantedKey,
} from "./want.ts";

/** Nested deeper than this, a line is parsed whole instead. */
const MAX_DEPTH = 64;
/** Longer whole numbers may not be exact; they take the way over their text. */
const MAX_EXACT_DIGITS = 15;

/** UTF-8 needs three for a unit, four for two. */
const MAX_BYTES_PER_UNIT = 3;

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const TRUE = Buffer.from("true");
const FALSE = Buffer.from("false");
const NULL = Buffer.from("null");

/**
 * What is wanted of a line, read from its bytes without parsing the rest: a walk over the structure that decodes only
 * what is kept. Everything is checked as JSON.parse would check it; null where the line is not JSON, or is JSON as the
 * agent never writes it (spaces between tokens, broken UTF-8, plain keys spelt with escapes): then it must be parsed whole.
 */
export function skim(line: Buffer, want: Want): TakenObject | null {
  return walk(line, 0, want, true);
}

/** The same for one object within a line, which begins at `start`. */
export function skimFrom(line: Buffer, start: number, want: Want): TakenObject | null {
  return walk(line, start, want, false);
}

function walk(line: Buffer, start: number, want: Want, toEnd: boolean): TakenObject | null {
  try {
    const skimmer = new Skimmer(line, start);
    const taken = skimmer.object(want, 0);
    return toEnd && skimmer.at !== line.length ? null : taken;
  } catch (error) {
    if (error === Surprise) return null;
    throw error;
  }
}

class Skimmer extends TextScanner {
  object(want: Want, depth: number): TakenObject {
    const { bytes } = this;
    const taken: TakenObject = {};
    if (this.opens(OPEN_OBJECT, CLOSE_OBJECT, depth)) return taken;
    for (;;) {
      if (bytes[this.at] !== QUOTE) throw Surprise;
      const start = ++this.at;
      this.key();
      const key = find(bytes, start, this.at - 1, want);
      if (bytes[this.at++] !== COLON) throw Surprise;
      if (key !== undefined) taken[key.name] = this.wanted(key.want, depth + 1);
      else this.skip(depth + 1);
      const next = bytes[this.at++];
      if (next === COMMA) continue;
      if (next === CLOSE_OBJECT) return taken;
      throw Surprise;
    }
  }

  private list(each: Want, depth: number): TakenList {
    const { bytes } = this;
    const taken: TakenList = [];
    if (this.opens(OPEN_LIST, CLOSE_LIST, depth)) return taken;
    for (;;) {
      if (taken.length < MAX_ITEMS_TAKEN) taken.push(this.wanted(each, depth + 1));
      else this.skip(depth + 1);
      const next = bytes[this.at++];
      if (next === COMMA) continue;
      if (next === CLOSE_LIST) return taken;
      throw Surprise;
    }
  }

  /** Goes behind the opening bracket; true where the closing one follows at once, and was passed too. */
  private opens(open: number, close: number, depth: number): boolean {
    if (depth > MAX_DEPTH || this.bytes[this.at] !== open) throw Surprise;
    this.at++;
    if (this.bytes[this.at] !== close) return false;
    this.at++;
    return true;
  }

  private wanted(want: Want, depth: number): Taken {
    if (want.json < 0) return this.take(want, depth);
    const start = this.at;
    const wide = this.wideBytes;
    const unusual = this.unusual;
    const value = this.take(want, depth);
    // What stands here is what JSON.stringify would write, or the line must be parsed.
    if (this.unusual !== unusual) throw Surprise;
    return new Measured(value, this.json(start, this.at - start - (this.wideBytes - wide), want.json));
  }

  private json(start: number, units: number, limit: number): string | LongText {
    const end = Math.min(this.at, start + limit * MAX_BYTES_PER_UNIT);
    const text = this.bytes.toString("utf8", start, end);
    return units <= limit ? text : new LongText(headOf(text, limit), units);
  }

  private take(want: Want, depth: number): Taken {
    switch (this.bytes[this.at]) {
      case QUOTE:
        this.at++;
        if (want.text >= 0) return this.text(want.text);
        this.skipText();
        return undefined;
      case OPEN_OBJECT:
        if (want.keys) return this.object(want, depth);
        this.skip(depth);
        return undefined;
      case OPEN_LIST:
        if (want.each) return this.list(want.each, depth);
        this.skip(depth);
        return undefined;
      default:
        return this.scalar();
    }
  }

  private skip(depth: number): void {
    switch (this.bytes[this.at]) {
      case QUOTE:
        this.at++;
        this.skipText();
        return;
      case OPEN_OBJECT:
        this.skipObject(depth);
        return;
      case OPEN_LIST:
        this.skipList(depth);
        return;
      default:
        this.scalar();
    }
  }

  private skipObject(depth: number): void {
    const { bytes } = this;
    if (this.opens(OPEN_OBJECT, CLOSE_OBJECT, depth)) return;
    for (;;) {
      if (bytes[this.at++] !== QUOTE) throw Surprise;
      this.key();
      if (bytes[this.at++] !== COLON) throw Surprise;
      this.skip(depth + 1);
      const next = bytes[this.at++];
      if (next === COMMA) continue;
      if (next === CLOSE_OBJECT) return;
      throw Surprise;
    }
  }

  private skipList(depth: number): void {
    const { bytes } = this;
    if (this.opens(OPEN_LIST, CLOSE_LIST, depth)) return;
    for (;;) {
      this.skip(depth + 1);
      const next = bytes[this.at++];
      if (next === COMMA) continue;
      if (next === CLOSE_LIST) return;
      throw Surprise;
    }
  }

  private scalar(): number | boolean | null {
    const byte = this.bytes[this.at];
    if (byte === 0x74) return this.literal(TRUE, true);
    if (byte === 0x66) return this.literal(FALSE, false);
    if (byte === 0x6e) return this.literal(NULL, null);
    return this.number();
  }

  private literal<Value>(word: Buffer, value: Value): Value {
    for (let i = 0; i < word.length; i++) if (this.bytes[this.at + i] !== word[i]) throw Surprise;
    this.at += word.length;
    return value;
  }

  private number(): number {
    const { bytes } = this;
    const start = this.at;
    let at = start;
    if (bytes[at] === MINUS) at++;
    const digits = at;
    let whole = 0;
    while (isDigit(bytes[at])) whole = whole * 10 + (bytes[at++] as number) - ZERO;
    if (at === digits || (bytes[digits] === ZERO && at > digits + 1)) throw Surprise;
    const plain = bytes[at] !== POINT && bytes[at] !== 0x65 && bytes[at] !== 0x45;
    if (plain && digits === start && at - digits <= MAX_EXACT_DIGITS) {
      this.at = at;
      return whole;
    }
    if (bytes[at] === POINT) at = this.digitsFrom(at + 1);
    if (bytes[at] === 0x65 || bytes[at] === 0x45) {
      at++;
      if (bytes[at] === MINUS || bytes[at] === 0x2b) at++;
      at = this.digitsFrom(at);
    }
    this.at = at;
    const text = bytes.toString("latin1", start, at);
    const value = Number(text);
    if (String(value) !== text) this.unusual++;
    return value;
  }

  private digitsFrom(start: number): number {
    let at = start;
    while (isDigit(this.bytes[at])) at++;
    if (at === start) throw Surprise;
    return at;
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}

function find(bytes: Buffer, start: number, end: number, want: Want): WantedKey | undefined {
  const length = end - start;
  const bucket = want.buckets[keyBucket(length, bytes[start] ?? 0, bytes[end - 1] ?? 0)];
  if (bucket === undefined) return undefined;
  next: for (const key of bucket) {
    if (key.bytes.length !== length) continue;
    for (let i = 0; i < length; i++) if (key.bytes[i] !== bytes[start + i]) continue next;
    return key;
  }
  return undefined;
}
