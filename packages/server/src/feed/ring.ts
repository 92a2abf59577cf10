import type { Frame } from "./frame.ts";

export const MAX_RING_ENTRIES = 2_000;
export const MAX_RING_BYTES = 8 * 1024 * 1024;

/** The newest change frames, numbered without gaps; the oldest go when either bound is passed. */
export class Ring {
  readonly #maxEntries: number;
  readonly #maxBytes: number;
  #frames: Frame[] = [];
  /** Bytes of each frame as counted when it came: a later SSE form must not unbalance the sum. */
  #sizes: number[] = [];
  #bytes = 0;
  #first = 1;

  constructor(maxEntries = MAX_RING_ENTRIES, maxBytes = MAX_RING_BYTES) {
    this.#maxEntries = maxEntries;
    this.#maxBytes = maxBytes;
  }

  /** The number of the last frame; 0 before the first. */
  get last(): number {
    return this.#first + this.#frames.length - 1;
  }

  push(frame: Frame): void {
    this.#frames.push(frame);
    // Twice, since a frame may be kept in both forms.
    const size = frame.byteLength * 2;
    this.#sizes.push(size);
    this.#bytes += size;
    let drop = 0;
    while (this.#frames.length - drop > this.#maxEntries || this.#bytes > this.#maxBytes) {
      this.#bytes -= this.#sizes[drop] ?? 0;
      drop += 1;
    }
    if (drop === 0) return;
    this.#frames.splice(0, drop);
    this.#sizes.splice(0, drop);
    this.#first += drop;
  }

  /** Everything after `n`; null where some of it is no longer kept, or has not happened. */
  after(n: number): readonly Frame[] | null {
    if (n < this.#first - 1 || n > this.last) return null;
    return this.#frames.slice(n - this.#first + 1);
  }
}
