import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { SYNTHETIC_MODEL } from "../rates/charge.ts";
import { COPY, LineReader, NOTHING } from "./line-reader.ts";
import { type Iteration, otherModels, parsedCopy } from "./parsed-line.ts";
import type { Span } from "./span.ts";
import type { Tally } from "./tally.ts";

/** Read at once. Larger is not faster, and this stays in the processor's cache. */
const BUFFER_BYTES = 1 << 20;
/** Longest line that is read, as in the protocol; a longer one counts nothing. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;
const NEWLINE = 0x0a;
const SPACE = 0x20;

/** How much was read, and how. */
export interface ScanCounts {
  bytes: number;
  lines: number;
  /** Lines that gave a copy. */
  copies: number;
  /** Lines that were parsed whole because their shape surprised. */
  slow: number;
  /** Lines longer than 16 MiB. */
  oversize: number;
}

/** Reads transcripts into a tally, one buffer for all of them. */
export class FileScanner {
  readonly counts: ScanCounts = { bytes: 0, lines: 0, copies: 0, slow: 0, oversize: 0 };
  readonly #tally: Tally;
  readonly #reader = new LineReader();
  #buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  /** Terms and key of the last copy: neighbouring lines mostly say the same again. */
  #lastTerms = Buffer.alloc(0);
  #lastTermsIndex = -1;
  #lastKey = Buffer.alloc(0);
  #lastRow = -1;

  constructor(tally: Tally) {
    this.#tally = tally;
  }

  /** Size in bytes and birth of an open file. */
  static facts(descriptor: number): { bytes: number; birthMs: number } {
    const { size, birthtimeMs, mtimeMs } = fstatSync(descriptor);
    return { bytes: size, birthMs: Math.floor(birthtimeMs > 0 ? birthtimeMs : mtimeMs) };
  }

  /** Calls `use` with an open descriptor, -1 where the file cannot be opened (gone since it was listed, or not ours). */
  static open<T>(path: string, use: (descriptor: number) => T): T {
    let descriptor = -1;
    try {
      descriptor = openSync(path, "r");
    } catch {
      return use(-1);
    }
    try {
      return use(descriptor);
    } finally {
      closeSync(descriptor);
    }
  }

  /** Tallies the lines that begin within [from, to). Only lines with their newline count. */
  scan(descriptor: number, file: number, from: number, to: number): void {
    // A line that begins before `from` belongs to the part before: skip past the first newline from the byte before on.
    let position = from === 0 ? 0 : from - 1;
    let skipping = from > 0;
    let kept = 0;
    let lineStart = position;
    let tooLong = false;
    for (;;) {
      if (kept === this.#buffer.length) {
        if (kept >= MAX_LINE_BYTES) {
          tooLong = true;
          kept = 0;
        } else {
          this.#widen();
        }
      }
      const got = readSync(descriptor, this.#buffer, kept, this.#buffer.length - kept, position);
      if (got === 0) return;
      position += got;
      const filled = kept + got;
      let start = 0;
      let search = kept;
      for (;;) {
        const newline = this.#buffer.indexOf(NEWLINE, search);
        if (newline < 0 || newline >= filled) break;
        if (skipping) skipping = false;
        else if (tooLong) this.#countOversize();
        else this.#line(start, newline, file, lineStart);
        tooLong = false;
        start = newline + 1;
        search = start;
        lineStart = position - filled + start;
        if (lineStart >= to) return;
      }
      kept = tooLong ? 0 : filled - start;
      if (kept > 0 && start > 0) this.#buffer.copyWithin(0, start, filled);
    }
  }

  #widen(): void {
    const wider = Buffer.allocUnsafeSlow(Math.min(this.#buffer.length * 4, MAX_LINE_BYTES + 1));
    this.#buffer.copy(wider);
    this.#buffer = wider;
  }

  #countOversize(): void {
    this.counts.lines++;
    this.counts.oversize++;
  }

  #line(from: number, to: number, file: number, offset: number): void {
    this.counts.lines++;
    this.counts.bytes += to - from + 1;
    let start = from;
    let end = to;
    while (end > start && (this.#buffer[end - 1] as number) <= SPACE) end--;
    while (start < end && (this.#buffer[start] as number) <= SPACE) start++;
    if (start === end) return;
    if (end - start > MAX_LINE_BYTES) {
      this.counts.oversize++;
      return;
    }
    const found = this.#reader.read(this.#buffer, start, end);
    if (found === NOTHING) return;
    if (found === COPY) this.#take(file, offset);
    else this.#takeParsed(start, end, file, offset);
  }

  #take(file: number, offset: number): void {
    const reader = this.#reader;
    if (this.#is(reader.model, SYNTHETIC)) return;
    const row = this.#row();
    if (row < 0) return;
    const terms = this.#terms();
    const { iterations } = reader.usage;
    let steps: Iteration[] | null = null;
    if (iterations.to > 0) {
      const list = parseList(this.#buffer.toString("utf8", iterations.from, iterations.to));
      if (!list) return;
      steps = otherModels(list, this.#text(reader.model) || UNKNOWN_MODEL);
    }
    this.#tally.offer(row, reader.usage, reader, { terms, file, offset, steps });
    this.counts.copies++;
  }

  #takeParsed(from: number, to: number, file: number, offset: number): void {
    this.counts.slow++;
    const copy = parsedCopy(this.#buffer.toString("utf8", from, to));
    if (!copy) return;
    const spelled = [copy.model, copy.speed ?? "", copy.region ?? "", copy.tier ?? ""].join("\n");
    const row = this.#tally.rowOf(`${copy.keyKind}:${copy.key}`);
    const facts = { at: copy.at ?? -1, final: copy.stopReason !== null, nested: copy.nested ?? false };
    const terms = this.#tally.termsOf(spelled);
    this.#tally.offer(row, copy, facts, { terms, file, offset, steps: copy.iterations ?? null });
    this.counts.copies++;
  }

  /** -1 where nothing names the response. */
  #row(): number {
    const { id, requestId, uuid } = this.#reader;
    if (id.to > 0) return this.#keyed("message:", id);
    if (requestId.to > 0) return this.#keyed("request:", requestId);
    return uuid.to > 0 ? this.#keyed("line:", uuid) : -1;
  }

  #keyed(kind: "message:" | "request:" | "line:", span: Span): number {
    if (kind === "message:" && this.#is(span, this.#lastKey)) return this.#lastRow;
    const row = this.#tally.rowOf(kind + this.#text(span));
    if (kind === "message:") {
      this.#lastKey = Buffer.from(this.#buffer.subarray(span.from, span.to));
      this.#lastRow = row;
    }
    return row;
  }

  #terms(): number {
    const { model } = this.#reader;
    const { speed, region, tier } = this.#reader.usage;
    const last = this.#lastTerms;
    let at = this.#continues(model, last, 0);
    at = at < 0 ? at : this.#continues(speed, last, at);
    at = at < 0 ? at : this.#continues(region, last, at);
    at = at < 0 ? at : this.#continues(tier, last, at);
    if (at === last.length && at > 0) return this.#lastTermsIndex;
    const name = this.#text(model) || UNKNOWN_MODEL;
    const spelled = [name, this.#text(speed), this.#text(region), this.#text(tier)].join("\n");
    this.#lastTermsIndex = this.#tally.termsOf(spelled);
    this.#lastTerms = Buffer.from(`${spelled}\n`, "latin1");
    return this.#lastTermsIndex;
  }

  /** Where `span` and a newline end within `text` from `at` on; -1 where something else stands there. */
  #continues(span: Span, text: Buffer, at: number): number {
    let place = at;
    for (let i = span.from; i < span.to; i++, place++) if (this.#buffer[i] !== text[place]) return -1;
    return text[place] === NEWLINE ? place + 1 : -1;
  }

  #is(span: Span, text: Buffer): boolean {
    if (span.to - span.from !== text.length || span.to === 0) return false;
    for (let i = 0; i < text.length; i++) if (this.#buffer[span.from + i] !== text[i]) return false;
    return true;
  }

  /** Spans are ASCII by construction. */
  #text(span: Span): string {
    return span.to === 0 ? "" : this.#buffer.toString("latin1", span.from, span.to);
  }
}

const SYNTHETIC = Buffer.from(SYNTHETIC_MODEL);
const UNKNOWN_MODEL = "unknown";

function parseList(text: string): unknown[] | null {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list : null;
  } catch {
    return null;
  }
}
