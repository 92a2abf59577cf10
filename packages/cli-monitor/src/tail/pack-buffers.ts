/** What is smaller costs little to allocate and is collected young. */
const MIN_BORROWED_BYTES = 32 * 1024;
/** A chunk of one segment fits this unless a single line is longer than the rest of it. */
const BUFFER_BYTES = 512 * 1024;
/** Buffers kept for the next chunks; more are in use only while many live segments are compressed at once. */
const MAX_KEPT = 4;

const kept: ArrayBuffer[] = [];

/**
 * Memory for a packed chunk. Fresh memory for each would be touched once and left to the collector, which lets it pile up
 * to many times of what is in use.
 */
export function borrowBytes(bytes: number): Uint8Array {
  if (bytes < MIN_BORROWED_BYTES || bytes > BUFFER_BYTES) return new Uint8Array(bytes);
  return new Uint8Array(kept.pop() ?? new ArrayBuffer(BUFFER_BYTES), 0, bytes);
}

/** The chunk is compressed: its memory may be used again. */
export function returnBytes({ buffer }: Uint8Array): void {
  if (buffer.byteLength === BUFFER_BYTES && kept.length < MAX_KEPT) kept.push(buffer as ArrayBuffer);
}
