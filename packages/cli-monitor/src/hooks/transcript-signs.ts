import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import type { HookFormat, HookSign } from "@agentpane/agents";

/** Read at once of a transcript that grew; the rest follows with the next look. */
const MAX_READ_BYTES = 4 * 1024 * 1024;
const NEWLINE = 10;

/** The signs in one transcript, from somewhere near its end on. */
export class TranscriptSigns {
  readonly #path: string;
  readonly #format: HookFormat;
  #offset: number | null = null;
  #fromBytes: number;
  #partial: Buffer = Buffer.alloc(0);
  /** The bytes up to the first line end are the end of a line that began before. */
  #inLine = false;

  /** Begins `fromBytes` before the end of what stands there at the first look. */
  constructor(path: string, format: HookFormat, fromBytes: number) {
    this.#path = path;
    this.#format = format;
    this.#fromBytes = fromBytes;
  }

  /** What whole lines were written since the last look. A file that is away or cannot be read has none. */
  next(): HookSign[] {
    let file: number;
    try {
      // A pipe in its place must not keep everything waiting.
      file = openSync(this.#path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    } catch {
      return [];
    }
    try {
      return this.#read(file);
    } catch {
      return [];
    } finally {
      closeSync(file);
    }
  }

  #read(file: number): HookSign[] {
    const stats = fstatSync(file);
    if (!stats.isFile()) return [];
    const { size } = stats;
    if (this.#offset === null || size < this.#offset) this.#begin(Math.max(0, size - this.#fromBytes));
    const from = this.#offset as number;
    const bytes = Buffer.allocUnsafe(Math.min(size - from, Math.max(MAX_READ_BYTES, this.#fromBytes)));
    const read = readSync(file, bytes, 0, bytes.byteLength, from);
    this.#offset = from + read;
    this.#fromBytes = 0;
    return this.#signsIn(bytes.subarray(0, read));
  }

  #begin(at: number): void {
    this.#offset = at;
    this.#inLine = at > 0;
    this.#partial = Buffer.alloc(0);
  }

  #signsIn(read: Buffer): HookSign[] {
    const bytes = this.#partial.byteLength === 0 ? read : Buffer.concat([this.#partial, read]);
    const signs: HookSign[] = [];
    let from = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
      if (!this.#inLine) signs.push(...this.#format.signs(bytes.subarray(from, end)));
      this.#inLine = false;
      from = end + 1;
    }
    const rest = bytes.subarray(from);
    // A line beyond every bound is passed over.
    if (rest.byteLength > MAX_READ_BYTES * 2) this.#inLine = true;
    this.#partial = this.#inLine ? Buffer.alloc(0) : Buffer.from(rest);
    return signs;
  }
}
