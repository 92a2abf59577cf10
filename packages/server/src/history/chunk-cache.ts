import { zstdDecompressSync } from "node:zlib";
import { type ChunkLine, MAX_UNPACKED_BYTES, unpackChunk } from "@agentpane/protocol";

/** Opened chunks kept for the next page; the one used last stays even where it alone is larger. */
const MAX_OPEN_BYTES = 24 * 1024 * 1024;

/** The lines of a chunk by their offset; null where it does not open or contradicts its own table. */
export type OpenChunk = ReadonlyMap<number, Buffer> | null;

/** Opens one chunk, to at most 32 MiB. Null for whatever does not open, contradicts itself or is a bomb. */
export function openChunk(from: number, to: number, bytes: Uint8Array): OpenChunk {
  const lines = unpacked(from, to, bytes);
  if (lines === null) return null;
  return new Map(
    lines.map(({ offset, bytes: kept }) => [offset, Buffer.from(kept.buffer, kept.byteOffset, kept.byteLength)]),
  );
}

function unpacked(from: number, to: number, bytes: Uint8Array): ChunkLine[] | null {
  try {
    return unpackChunk(from, to, zstdDecompressSync(bytes, { maxOutputLength: MAX_UNPACKED_BYTES }));
  } catch {
    return null;
  }
}

/** Opened chunks, the least recently used dropped first. */
export class ChunkCache {
  readonly #chunks = new Map<string, { chunk: OpenChunk; bytes: number }>();
  #bytes = 0;

  /** `key` names one chunk for ever; `read` is called where it is not open. */
  get(key: string, read: () => OpenChunk): OpenChunk {
    const known = this.#chunks.get(key);
    const entry = known ?? { chunk: read(), bytes: 0 };
    if (known === undefined) {
      for (const line of entry.chunk?.values() ?? []) entry.bytes += line.byteLength;
      this.#bytes += entry.bytes;
    } else {
      this.#chunks.delete(key);
    }
    this.#chunks.set(key, entry);
    for (const [oldest, { bytes }] of this.#chunks) {
      if (this.#bytes <= MAX_OPEN_BYTES || oldest === key) break;
      this.#chunks.delete(oldest);
      this.#bytes -= bytes;
    }
    return entry.chunk;
  }
}
