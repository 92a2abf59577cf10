/**
 * An ingest body: the manifest as JSON, compressed or not, then the chunks end to end, as they are stored.
 *
 *   0  4 bytes  "APB1"
 *   4  1 byte   manifest encoding: 0 plain JSON, 1 zstd
 *   5  4 bytes  manifest length, little endian
 *   9  manifest, then first each part's bytes and then each segment's chunk, in the manifest's order
 */
export const INGEST_CONTENT_TYPE = "application/vnd.agentpane.ingest";
export const INGEST_HEADER_BYTES = 9;
const MAGIC = 0x31425041; // "APB1", little endian

export type ManifestEncoding = "json" | "zstd";

/** The nine bytes that precede a manifest of `manifestBytes`. */
export function ingestHeader(encoding: ManifestEncoding, manifestBytes: number): Uint8Array {
  const header = new Uint8Array(INGEST_HEADER_BYTES);
  const view = new DataView(header.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint8(4, encoding === "zstd" ? 1 : 0);
  view.setUint32(5, manifestBytes, true);
  return header;
}

export interface SplitBody {
  encoding: ManifestEncoding;
  manifest: Uint8Array;
  /** All chunks end to end; cut it by the manifest's `chunkBytes`. */
  chunks: Uint8Array;
}

/** Views into `body`, nothing copied; null where it is not an ingest body or claims more than it holds. */
export function splitIngestBody(body: Uint8Array): SplitBody | null {
  if (body.byteLength < INGEST_HEADER_BYTES) return null;
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const encoding = view.getUint8(4);
  const end = INGEST_HEADER_BYTES + view.getUint32(5, true);
  if (view.getUint32(0, true) !== MAGIC || encoding > 1 || end > body.byteLength) return null;
  return {
    encoding: encoding === 1 ? "zstd" : "json",
    manifest: body.subarray(INGEST_HEADER_BYTES, end),
    chunks: body.subarray(end),
  };
}
