import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ChunkLine, packChunk, unpackChunk } from "./chunk.ts";

/** Lines at strictly ascending offsets, with the gaps that dropped lines leave. */
const lines = fc
  .array(fc.tuple(fc.uint8Array({ maxLength: 40 }), fc.integer({ min: 0, max: 9 })), { maxLength: 20 })
  .map((parts) => {
    let offset = 0;
    const out: ChunkLine[] = [];
    for (const [bytes, gap] of parts) {
      offset += gap;
      out.push({ offset, bytes });
      offset += bytes.byteLength + 1;
    }
    return { lines: out, end: offset };
  });

describe("a chunk", () => {
  it("gives back every line with its offset, wherever in a file it begins", () => {
    fc.assert(
      fc.property(lines, fc.integer({ min: 0, max: 2 ** 45 }), ({ lines: relative, end }, from) => {
        const placed = relative.map((line) => ({ offset: from + line.offset, bytes: line.bytes }));
        const unpacked = unpackChunk(from, from + Math.max(end, 1), packChunk(from, placed));
        expect(unpacked?.map((line) => [line.offset, [...line.bytes]])).toEqual(
          placed.map((line) => [line.offset, [...line.bytes]]),
        );
      }),
    );
  });

  it("reads the same from the middle of a larger buffer", () => {
    const packed = packChunk(10, [{ offset: 12, bytes: new Uint8Array([1, 2, 3]) }]);
    const larger = new Uint8Array(packed.byteLength + 7);
    larger.set(packed, 5);
    expect(unpackChunk(10, 20, larger.subarray(5, 5 + packed.byteLength))).toEqual([
      { offset: 12, bytes: new Uint8Array([1, 2, 3]) },
    ]);
  });

  it("is refused when any one byte of its header or table lies", () => {
    const packed = packChunk(100, [
      { offset: 100, bytes: new Uint8Array([7]) },
      { offset: 102, bytes: new Uint8Array([8, 9]) },
    ]);
    const outcomes = new Set<string>();
    // Byte 8..13 of an entry is its offset: another offset within the range is another, coherent table.
    for (const at of [0, 1, 2, 3, 4, 5, 6, 7, 14, 15, 16, 17, 18, 19, 20, 21, 28, 29, 32, 33]) {
      const broken = packed.slice();
      broken[at] = (broken[at] ?? 0) ^ 0x41;
      outcomes.add(unpackChunk(100, 105, broken) === null ? "refused" : `accepted with byte ${at} changed`);
    }
    expect([...outcomes]).toEqual(["refused"]);
  });

  it("is refused when a line stands outside the range it claims", () => {
    const packed = packChunk(100, [{ offset: 104, bytes: new Uint8Array([7]) }]);
    expect(unpackChunk(100, 104, packed)).toBeNull();
    expect(unpackChunk(100, 105, packed)).toHaveLength(1);
  });

  it("is refused when it is cut short or has bytes left over", () => {
    const packed = packChunk(0, [{ offset: 0, bytes: new Uint8Array([1, 2, 3]) }]);
    for (let length = 0; length < packed.byteLength; length++) {
      expect(unpackChunk(0, 4, packed.subarray(0, length))).toBeNull();
    }
    const longer = new Uint8Array(packed.byteLength + 1);
    longer.set(packed);
    expect(unpackChunk(0, 4, longer)).toBeNull();
  });
});
