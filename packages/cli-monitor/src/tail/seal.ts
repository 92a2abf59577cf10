import { promisify } from "node:util";
import { constants, zstdCompress, zstdCompressSync, zstdDecompress } from "node:zlib";
import type { FileProof, Segment } from "@agentpane/protocol";
import { returnBytes } from "./pack-buffers.ts";
import type { Reading } from "./read-on.ts";
import type { Source } from "./source.ts";

const compressInPool = promisify(zstdCompress);
const decompressInPool = promisify(zstdDecompress);
/** 320-400 MB/s at five to eight times smaller; level 3 gains little on transcripts. */
const ZSTD_LEVEL = 1;

/**
 * A segment as it travels: its line in the manifest, and its chunk. The line is bytes, not objects: events live for
 * milliseconds only, so the collector never has to carry them along.
 */
export interface SealedSegment {
  source: Source;
  generation: number;
  from: number;
  to: number;
  proof: FileProof;
  lines: number;
  /** Says that the file is gone. */
  gone: boolean;
  /** The segment as JSON, up to where the size of its chunk follows. */
  json: Buffer;
  /** Compressed; null where no line was kept and in a touch. */
  chunk: Buffer | null;
}

/** Output that is asked for at once. Transcripts shrink to a quarter, so that one turn in the pool is nearly always enough. */
const OUTPUT_SHARE = 3;
const MIN_OUTPUT_BYTES = 1024;
const MAX_OUTPUT_BYTES = 1024 * 1024;

/** Below this, handing over to the thread pool costs four times what compressing does (measured: 130 against 35 µs for 2 KB). */
const MIN_POOLED_BYTES = 16 * 1024;

/** Compresses in libuv's thread pool; what is too small for that, at once. */
export async function zstd(bytes: Uint8Array): Promise<Buffer> {
  const share = Math.ceil(bytes.byteLength / OUTPUT_SHARE);
  const options = {
    chunkSize: Math.min(MAX_OUTPUT_BYTES, Math.max(MIN_OUTPUT_BYTES, share)),
    pledgedSrcSize: bytes.byteLength,
    params: { [constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL },
  };
  return bytes.byteLength < MIN_POOLED_BYTES ? zstdCompressSync(bytes, options) : compressInPool(bytes, options);
}

export function unzstd(bytes: Uint8Array, maxBytes: number): Promise<Buffer> {
  return decompressInPool(bytes, { maxOutputLength: maxBytes });
}

/** Compresses the chunk and writes the manifest line. Reads the source's path and facts when it is called. */
export async function seal(source: Source, reading: Reading): Promise<SealedSegment> {
  const { generation, from, to, proof, lines, dropped, contexts, events, copies, packed } = reading;
  const item = sealed(source, {
    ...address(source),
    generation,
    from,
    to,
    proof,
    lines,
    dropped,
    contexts,
    events,
    copies,
  });
  if (packed === null) return item;
  item.chunk = await zstd(packed);
  returnBytes(packed);
  return item;
}

/**
 * A segment without bytes, at `cursor`: where the file is now, that it is gone, facts about a subagent, or that another
 * generation has begun and has no line yet.
 */
export function sealTouch(
  source: Source,
  cursor: { generation: number; offset: number; proof: FileProof },
): SealedSegment {
  return sealed(source, {
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
  });
}

/** A segment but for its chunk, which is told behind the rest once it is compressed. */
export type UnpackedSegment = Omit<Segment, "chunkBytes" | "parts">;

export function sealed(source: Source, segment: UnpackedSegment, chunk: Buffer | null = null): SealedSegment {
  const json = Buffer.from(JSON.stringify(segment));
  // The object stays open for the chunk's size.
  json[json.byteLength - 1] = COMMA;
  const { generation, from, to, proof, lines } = segment;
  return { source, generation, from, to, proof, lines, gone: segment.gone === true, json, chunk };
}

/** The bytes that complete the segment's line in a manifest. */
export function jsonEnd(chunkBytes: number, parts?: Segment["parts"]): Buffer {
  const rest = JSON.stringify({ chunkBytes, parts });
  return Buffer.from(rest.slice(1));
}

/** The segment as an object again, for the rare case that it has to be taken apart. */
export function unsealed(item: SealedSegment): UnpackedSegment {
  const { chunkBytes: _, ...segment } = JSON.parse(item.json.toString("utf8") + jsonEnd(0).toString("utf8")) as Segment;
  return segment;
}

const COMMA = 0x2c;

function address(source: Source): Pick<Segment, "source" | "path" | "birthMs" | "meta"> {
  return {
    source: source.key,
    path: source.path,
    birthMs: source.birthMs,
    ...(source.meta === null ? {} : { meta: source.meta }),
  };
}
