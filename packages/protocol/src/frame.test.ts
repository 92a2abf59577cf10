import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { INGEST_HEADER_BYTES, ingestHeader, splitIngestBody } from "./frame.ts";

function body(encoding: "json" | "zstd", manifest: Uint8Array, chunks: Uint8Array): Uint8Array {
  const out = new Uint8Array(INGEST_HEADER_BYTES + manifest.byteLength + chunks.byteLength);
  out.set(ingestHeader(encoding, manifest.byteLength));
  out.set(manifest, INGEST_HEADER_BYTES);
  out.set(chunks, INGEST_HEADER_BYTES + manifest.byteLength);
  return out;
}

describe("an ingest body", () => {
  it("gives back manifest and chunks as they were put in", () => {
    fc.assert(
      fc.property(fc.constantFrom("json", "zstd"), fc.uint8Array(), fc.uint8Array(), (encoding, manifest, chunks) => {
        const split = splitIngestBody(body(encoding, manifest, chunks));
        expect(split?.encoding).toBe(encoding);
        expect([...(split?.manifest ?? [])]).toEqual([...manifest]);
        expect([...(split?.chunks ?? [])]).toEqual([...chunks]);
      }),
    );
  });

  it("is refused when its header claims more manifest than there are bytes", () => {
    const honest = body("json", new Uint8Array(10), new Uint8Array(0));
    expect(splitIngestBody(honest)).not.toBeNull();
    expect(splitIngestBody(honest.subarray(0, honest.byteLength - 1))).toBeNull();
  });

  it("is refused when its first bytes are not ours or name an unknown encoding", () => {
    const honest = body("json", new Uint8Array(2), new Uint8Array(0));
    const foreign = honest.slice();
    foreign[0] = 0;
    const unknown = honest.slice();
    unknown[4] = 2;
    expect([splitIngestBody(foreign), splitIngestBody(unknown), splitIngestBody(new Uint8Array(3))]).toEqual([
      null,
      null,
      null,
    ]);
  });
});
