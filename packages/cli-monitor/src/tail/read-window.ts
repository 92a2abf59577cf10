import { PROOF_BYTES } from "@agentpane/protocol";
import { readFully } from "./file-bytes.ts";

/** New bytes of one read, and so about the size of a segment: long enough to compress well, 1-3 ms to parse. */
export const READ_BYTES = 256 * 1024;

/**
 * The two buffers that reads go into by turns, so that what overlaps can be compared. Shared by all readings: they are
 * synchronous, so one at a time uses them.
 */
const BUFFERS = [
  Buffer.allocUnsafeSlow(PROOF_BYTES + READ_BYTES),
  Buffer.allocUnsafeSlow(PROOF_BYTES + READ_BYTES),
] as const;

/** A view of `READ_BYTES` of an open file and of what stands before them, up to the file's size when it was opened. */
export class ReadWindow {
  readonly #descriptor: number;
  readonly #fileSize: number;
  #buffer: Buffer = BUFFERS[0];
  #history = 0;
  #filled = 0;
  #from = 0;

  constructor(descriptor: number, fileSize: number) {
    this.#descriptor = descriptor;
    this.#fileSize = fileSize;
  }

  /** What stands before the new bytes: the `PROOF_BYTES` before them, or all there is. */
  get before(): Buffer {
    return this.#buffer.subarray(0, Math.min(this.#history, this.#filled));
  }

  get fresh(): Buffer {
    return this.#buffer.subarray(this.#history, Math.max(this.#filled, this.#history));
  }

  /** The bytes from `from` to `to` of the file, which must lie in the window. */
  range(from: number, to: number): Buffer {
    return this.#buffer.subarray(from - this.#from, to - this.#from);
  }

  /** Reads the bytes from `position` on. */
  moveTo(position: number): void {
    this.#history = Math.min(PROOF_BYTES, position);
    this.#from = position - this.#history;
    this.#filled = readFully(this.#descriptor, this.#buffer, this.#history + READ_BYTES, this.#from, this.#fileSize);
  }

  /**
   * Reads what follows. False where what was read before is no longer there: somebody rewrites the file between two
   * reads.
   */
  advance(): boolean {
    const overlap = Math.min(PROOF_BYTES, this.#filled);
    const known = this.#buffer.subarray(this.#filled - overlap, this.#filled);
    const position = this.#from + this.#filled;
    this.#buffer = this.#buffer === BUFFERS[0] ? BUFFERS[1] : BUFFERS[0];
    this.moveTo(position);
    return this.#filled > overlap && known.equals(this.before);
  }
}
