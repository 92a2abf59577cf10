import { hash } from "node:crypto";
import { type ChunkPart, type IngestManifest, ingestHeader, PROTOCOL_VERSION } from "@agentpane/protocol";
import type { SealedSegment } from "../tail/seal.ts";
import { jsonEnd, zstd } from "../tail/seal.ts";

/** A chunk above this travels in parts, so that its segment still fits a body. */
export const PART_BYTES = 4 * 1024 * 1024;
/** A manifest below this costs more to compress than to send. */
const MIN_COMPRESSED_MANIFEST_BYTES = 2048;

/** Bytes that a segment adds to a body, at most. */
export function weight(item: SealedSegment): number {
  const chunk = item.chunk?.byteLength ?? 0;
  return item.json.byteLength + (chunk > PART_BYTES ? 0 : chunk);
}

/** The pieces of an ingest body, to be written one after the other; `bootId` says which start of the monitor sends it. */
export async function encodeBody(items: readonly SealedSegment[], bootId: string): Promise<Uint8Array[]> {
  const head = `{"protocol":${PROTOCOL_VERSION},"bootId":${JSON.stringify(bootId)},"parts":[],"segments":[`;
  const manifest: Uint8Array[] = [Buffer.from(head)];
  const chunks: Uint8Array[] = [];
  for (const [place, { json, chunk }] of items.entries()) {
    if (place > 0) manifest.push(BETWEEN);
    manifest.push(json);
    if (chunk === null) {
      manifest.push(jsonEnd(0));
    } else if (chunk.byteLength > PART_BYTES) {
      manifest.push(jsonEnd(0, partsOf(chunk)));
    } else {
      manifest.push(jsonEnd(chunk.byteLength));
      chunks.push(chunk);
    }
  }
  manifest.push(END);
  return [...(await encodeManifest(Buffer.concat(manifest))), ...chunks];
}

const BETWEEN = Buffer.from(",");
const END = Buffer.from("]}");

/** One body for each part of a chunk that is too large for its segment's body; none where it is not. */
export async function encodeParts(item: SealedSegment, bootId: string): Promise<Uint8Array[][]> {
  const { chunk, source, generation, from } = item;
  if (chunk === null || chunk.byteLength <= PART_BYTES) return [];
  const { count, sha256 } = partsOf(chunk);
  const bodies: Uint8Array[][] = [];
  for (let part = 0; part < count; part += 1) {
    const bytes = chunk.subarray(part * PART_BYTES, (part + 1) * PART_BYTES);
    const described: ChunkPart = {
      source: source.key,
      generation,
      from,
      part,
      parts: count,
      sha256,
      chunkBytes: bytes.byteLength,
    };
    const manifest: IngestManifest = { protocol: PROTOCOL_VERSION, bootId, parts: [described], segments: [] };
    bodies.push([...(await encodeManifest(Buffer.from(JSON.stringify(manifest)))), bytes]);
  }
  return bodies;
}

function partsOf(chunk: Buffer): { count: number; sha256: string } {
  return { count: Math.ceil(chunk.byteLength / PART_BYTES), sha256: hash("sha256", chunk, "hex") };
}

async function encodeManifest(plain: Buffer): Promise<Uint8Array[]> {
  if (plain.byteLength < MIN_COMPRESSED_MANIFEST_BYTES) return [ingestHeader("json", plain.byteLength), plain];
  const packed = await zstd(plain);
  return [ingestHeader("zstd", packed.byteLength), packed];
}
