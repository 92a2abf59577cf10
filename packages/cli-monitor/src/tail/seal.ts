import { promisify } from "node:util";
import { constants, zstdCompress, zstdDecompress } from "node:zlib";
import type { FileProof, Segment } from "@agentpane/protocol";
import { returnBytes } from "./pack-buffers.ts";
import type { Reading } from "./read-on.ts";
import type { Source } from "./source.ts";

const compressInPool = promisify(zstdCompress);
const decompressInPool = promisify(zstdDecompress);
/** 320-400 MB/s at five to eight times smaller; level 3 gains little on transcripts. */
const ZSTD_LEVEL = 1;

/** A segment as it travels: its line in the manifest, and its chunk. */
export interface SealedSegment {
  source: Source;
  segment: Segment;
  /** `segment` as JSON. */
  json: string;
  /** Compressed; null where no line was kept and in a touch. */
  chunk: Buffer | null;
  /** Where each line of the range begins. */
  lineOffsets: number[];
}

/** Output that is asked for at once. Transcripts shrink to a quarter, so that one turn in the pool is nearly always enough. */
const OUTPUT_SHARE = 3;
const MIN_OUTPUT_BYTES = 1024;
const MAX_OUTPUT_BYTES = 1024 * 1024;

/** Compresses in libuv's thread pool. */
export function zstd(bytes: Uint8Array): Promise<Buffer> {
  const share = Math.ceil(bytes.byteLength / OUTPUT_SHARE);
  return compressInPool(bytes, {
    chunkSize: Math.min(MAX_OUTPUT_BYTES, Math.max(MIN_OUTPUT_BYTES, share)),
    pledgedSrcSize: bytes.byteLength,
    params: { [constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL },
  });
}

export function unzstd(bytes: Uint8Array, maxBytes: number): Promise<Buffer> {
  return decompressInPool(bytes, { maxOutputLength: maxBytes });
}

/** Compresses the chunk and writes the manifest line. Reads the source's path and facts when it is called. */
export async function seal(source: Source, reading: Reading): Promise<SealedSegment> {
  const segment: Segment = {
    ...address(source),
    generation: reading.generation,
    from: reading.from,
    to: reading.to,
    proof: reading.proof,
    lines: reading.lineOffsets.length,
    dropped: reading.dropped,
    contexts: reading.contexts,
    events: reading.events,
    copies: reading.copies,
    chunkBytes: 0,
  };
  const { lineOffsets, packed } = reading;
  const chunk = packed === null ? null : await zstd(packed);
  if (packed !== null) returnBytes(packed);
  return sealed(source, segment, chunk, lineOffsets);
}

/**
 * A segment without bytes, at `cursor`: where the file is now, that it is gone, facts about a subagent, or that another
 * generation has begun and has no line yet.
 */
export function sealTouch(
  source: Source,
  cursor: { generation: number; offset: number; proof: FileProof },
): SealedSegment {
  const segment: Segment = {
    ...address(source),
    generation: cursor.generation,
    from: cursor.offset,
    to: cursor.offset,
    proof: cursor.proof,
    ...(source.goneHere ? { gone: true } : {}),
    lines: 0,
    dropped: 0,
    contexts: [],
    events: [],
    copies: [],
    chunkBytes: 0,
  };
  return sealed(source, segment, null, []);
}

export function sealed(source: Source, segment: Segment, chunk: Buffer | null, lineOffsets: number[]): SealedSegment {
  const addressed = { ...segment, chunkBytes: chunk?.byteLength ?? 0 };
  return { source, segment: addressed, json: JSON.stringify(addressed), chunk, lineOffsets };
}

function address(source: Source): Pick<Segment, "source" | "path" | "birthMs" | "meta"> {
  return {
    source: source.key,
    path: source.path,
    birthMs: source.birthMs,
    ...(source.meta === null ? {} : { meta: source.meta }),
  };
}
