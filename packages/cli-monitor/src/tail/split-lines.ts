import { MAX_LINE_BYTES } from "@agentpane/protocol";

const NEWLINE = 0x0a;
/** First size of the buffer in which a line that spans reads is put together; it doubles up to a whole line. */
const FIRST_CARRY_BYTES = 64 * 1024;

/** One complete line. */
export interface Line {
  /** Where the line begins in the file. */
  offset: number;
  /** Where the next line begins: behind the newline. */
  end: number;
  /**
   * Without the newline; null where the line is longer than `MAX_LINE_BYTES` and was only counted.
   * Valid until the next `feed`, since it may be a view into what was fed.
   */
  bytes: Buffer | null;
}

/**
 * Cuts a stream of bytes into lines, wherever the reads happen to end. A line counts once its newline is there; what comes
 * after the last newline waits. Holds at most one line of `MAX_LINE_BYTES`.
 */
export class LineSplitter {
  #input: Buffer = Buffer.alloc(0);
  #index = 0;
  #lineStart: number;
  #position: number;
  #carry: Buffer = Buffer.alloc(0);
  #carried = 0;
  #skipping = false;

  /** `from` is where the first line begins; with `seenTo`, that line is known to be too long and is passed over. */
  constructor(from: number, seenTo = from) {
    this.#lineStart = from;
    this.#position = seenTo;
    this.#skipping = seenTo > from;
  }

  /** Where the next byte to be fed stands in the file. */
  get position(): number {
    return this.#position;
  }

  /** Whether the line that is unfinished is already longer than a line may be. */
  get skipping(): boolean {
    return this.#skipping;
  }

  /** Takes the next bytes of the file. Call it when `next` has answered null. */
  feed(bytes: Buffer): void {
    this.#input = bytes;
    this.#index = 0;
    this.#position += bytes.byteLength;
  }

  /** The next complete line, or null where more bytes are needed. */
  next(): Line | null {
    const input = this.#input;
    if (this.#index >= input.byteLength) return null;
    const newline = input.indexOf(NEWLINE, this.#index);
    if (newline === -1) {
      this.#keepUnfinished(input.subarray(this.#index));
      this.#index = input.byteLength;
      return null;
    }
    const bytes = this.#finish(input.subarray(this.#index, newline));
    const offset = this.#lineStart;
    const end = this.#position - (input.byteLength - newline - 1);
    this.#index = newline + 1;
    this.#lineStart = end;
    this.#carried = 0;
    this.#skipping = false;
    return { offset, end, bytes };
  }

  #finish(rest: Buffer): Buffer | null {
    if (this.#skipping || this.#carried + rest.byteLength > MAX_LINE_BYTES) return this.#dropCarry();
    if (this.#carried === 0) return rest;
    this.#append(rest);
    const whole = this.#carry.subarray(0, this.#carried);
    // The caller may keep the line until the next feed, so its buffer is not used again.
    this.#carry = Buffer.alloc(0);
    return whole;
  }

  #keepUnfinished(rest: Buffer): void {
    if (this.#skipping) return;
    if (this.#carried + rest.byteLength > MAX_LINE_BYTES) {
      this.#dropCarry();
      this.#skipping = true;
    } else {
      this.#append(rest);
    }
  }

  #append(rest: Buffer): void {
    const needed = this.#carried + rest.byteLength;
    if (needed > this.#carry.byteLength) {
      const size = Math.min(Math.max(needed, this.#carry.byteLength * 2, FIRST_CARRY_BYTES), MAX_LINE_BYTES);
      const grown = Buffer.allocUnsafe(size);
      this.#carry.copy(grown, 0, 0, this.#carried);
      this.#carry = grown;
    }
    rest.copy(this.#carry, this.#carried);
    this.#carried = needed;
  }

  #dropCarry(): null {
    this.#carry = Buffer.alloc(0);
    this.#carried = 0;
    return null;
  }
}
