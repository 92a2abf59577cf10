import { LongText } from "./want.ts";

/** Thrown, always the same one, where the bytes are not what the fast way can read. */
export const Surprise = new Error("not the JSON that the agent writes");

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SLASH = 0x2f;
const LOWER_U = 0x75;
const SPACE = 0x20;
const NON_ASCII = 0x80;
/** Bytes of `\u001b` beyond those of the one unit that it stands for. */
const UNICODE_ESCAPE_SURPLUS = 5;

/** 1 where the scan must look: quotes, backslashes, control characters, all that is not ASCII. */
const STOPS = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte === QUOTE || byte === BACKSLASH || byte < SPACE || byte >= NON_ASCII ? 1 : 0,
);
/** 1 for what may follow a backslash and stands for one unit. */
const SHORT_ESCAPES = Uint8Array.from({ length: 256 }, (_, byte) =>
  '"\\/bfnrt'.includes(String.fromCharCode(byte)) ? 1 : 0,
);

/** A place in a line, and how to get behind the text that begins there. */
export class TextScanner {
  readonly bytes: Buffer;
  at: number;
  /** So far: bytes of UTF-8 beyond one per UTF-16 unit. */
  wideBytes = 0;
  /** So far: bytes of escapes beyond one per unit. */
  protected escapeBytes = 0;
  /** So far: spellings that JSON.stringify would not have chosen. */
  unusual = 0;

  constructor(bytes: Buffer, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  /** From behind an opening quote to behind the closing one. */
  skipText(): void {
    const { bytes } = this;
    let at = this.at;
    let escaped = 0;
    for (;;) {
      // Behind the end there is no byte and no stop for it, so no bound need be compared with on every step.
      while (STOPS[bytes[at] as number] === 0) at++;
      const byte = bytes[at];
      if (byte === undefined) throw Surprise;
      if (byte === BACKSLASH) {
        const next = bytes[at + 1] as number;
        if (SHORT_ESCAPES[next] === 1) {
          if (next === SLASH) this.unusual++;
          escaped++;
          at += 2;
        } else at = this.unicodeEscape(at);
      } else if (byte === QUOTE) {
        this.at = at + 1;
        this.escapeBytes += escaped;
        return;
      } else at = this.wideCharacter(at, byte);
    }
  }

  /** The same, giving the text, cut to `limit` units. */
  text(limit: number): string | LongText {
    const { bytes } = this;
    const start = this.at;
    const until = Math.min(bytes.length, start + limit);
    let at = start;
    while (at < until && STOPS[bytes[at] as number] === 0) at++;
    this.at = at;
    if (bytes[at] !== QUOTE) return this.longText(start, limit);
    this.at = at + 1;
    return bytes.toString("latin1", start, at);
  }

  /** `text` of one that is long or not plain; its first plain characters are behind us. */
  private longText(start: number, limit: number): string | LongText {
    const { bytes } = this;
    const wide = this.wideBytes;
    const escaped = this.escapeBytes;
    const head = this.head(start, limit);
    const text = this.decode(start, head, this.wideBytes !== wide, this.escapeBytes !== escaped);
    if (bytes[head] === QUOTE) {
      this.at = head + 1;
      return text;
    }
    this.skipText();
    const units = this.at - 1 - start - (this.wideBytes - wide) - (this.escapeBytes - escaped);
    return new LongText(withoutHalf(text), units);
  }

  /** Goes on until `limit` units or the closing quote, and gives where that is; never beyond the limit. */
  private head(start: number, limit: number): number {
    const { bytes } = this;
    const end = bytes.length;
    const surplus = start - this.wideBytes - this.escapeBytes;
    let at = this.at;
    for (;;) {
      const until = Math.min(end, surplus + limit + this.wideBytes + this.escapeBytes);
      while (at < until && STOPS[bytes[at] as number] === 0) at++;
      if (at >= end) throw Surprise;
      const byte = bytes[at] as number;
      if (at >= until || byte === QUOTE) break;
      if (byte === BACKSLASH) {
        const next = bytes[at + 1] as number;
        if (SHORT_ESCAPES[next] === 1) {
          if (next === SLASH) this.unusual++;
          this.escapeBytes++;
          at += 2;
        } else at = this.unicodeEscape(at);
      } else {
        const wide = this.wideBytes;
        const behind = this.wideCharacter(at, byte);
        // A pair of surrogates whose first half would be the last unit stays out.
        if (behind - surplus - this.wideBytes - this.escapeBytes > limit) {
          this.wideBytes = wide;
          break;
        }
        at = behind;
      }
    }
    this.at = at;
    return at;
  }

  private decode(start: number, end: number, wide: boolean, escaped: boolean): string {
    const raw = this.bytes.toString(wide ? "utf8" : "latin1", start, end);
    return escaped ? JSON.parse(`"${raw}"`) : raw;
  }

  /** From behind the opening quote of a key to behind the closing one. */
  key(): void {
    const { bytes } = this;
    let at = this.at;
    while (STOPS[bytes[at] as number] === 0) at++;
    this.at = at + 1;
    if (bytes[at] === QUOTE) return;
    // Wanted keys are plain ASCII, so what holds anything else is none of them, unless it is one spelt oddly.
    const unusual = this.unusual;
    this.at = at;
    this.skipText();
    if (this.unusual !== unusual) throw Surprise;
  }

  private unicodeEscape(at: number): number {
    const { bytes } = this;
    if (bytes[at + 1] !== LOWER_U) throw Surprise;
    let code = 0;
    for (let i = at + 2; i < at + 6; i++) {
      const digit = hexDigit(bytes[i]);
      if (digit < 0) throw Surprise;
      code = code * 16 + digit;
    }
    // JSON.stringify writes only control characters so, in lower case, and not those that have a short escape.
    const upper = bytes[at + 5] as number;
    if (code >= SPACE || (upper >= 0x41 && upper <= 0x46) || (code >= 8 && code <= 13 && code !== 11)) this.unusual++;
    this.escapeBytes += UNICODE_ESCAPE_SURPLUS;
    return at + 6;
  }

  /** Behind one character of two to four bytes, which must be well formed. */
  private wideCharacter(at: number, byte: number): number {
    const { bytes } = this;
    const second = bytes[at + 1] ?? 0;
    if (byte >= 0xc2 && byte <= 0xdf) {
      if (!continues(second)) throw Surprise;
      this.wideBytes += 1;
      return at + 2;
    }
    if (!continues(second) || !continues(bytes[at + 2] ?? 0)) throw Surprise;
    if (byte >= 0xe0 && byte <= 0xef) {
      if ((byte === 0xe0 && second < 0xa0) || (byte === 0xed && second > 0x9f)) throw Surprise;
      this.wideBytes += 2;
      return at + 3;
    }
    if (byte < 0xf0 || byte > 0xf4 || !continues(bytes[at + 3] ?? 0)) throw Surprise;
    if ((byte === 0xf0 && second < 0x90) || (byte === 0xf4 && second > 0x8f)) throw Surprise;
    this.wideBytes += 2;
    return at + 4;
  }
}

function continues(byte: number): boolean {
  return byte >= 0x80 && byte <= 0xbf;
}

function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/** An escaped pair of surrogates may have been cut between its halves. */
function withoutHalf(text: string): string {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff ? text.slice(0, -1) : text;
}
