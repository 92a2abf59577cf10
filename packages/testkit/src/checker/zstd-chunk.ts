import { createHash } from "node:crypto";
import { zstdDecompressSync } from "node:zlib";
import type { StoredLine, StoredRange } from "./store-view.ts";

const MAX_UNPACKED_BYTES = 32 * 1024 * 1024;
/** Kept lines up to this long are read as text, to look into stand-ins. */
const MAX_TEXT_BYTES = 4 * 1024 * 1024;

/**
 * Opens one stored chunk, from the written description of the format alone: magic, count, table of (offset, stored
 * offset, length), bytes. `blob` empty: a range of which nothing was kept.
 */
export function openRange(from: number, to: number, blob: Uint8Array): StoredRange {
  if (blob.byteLength === 0) return { from, to, lines: [], broken: null };
  let data: Buffer;
  try {
    data = zstdDecompressSync(blob, { maxOutputLength: MAX_UNPACKED_BYTES });
  } catch (error) {
    return { from, to, lines: [], broken: `does not decompress: ${String(error)}` };
  }
  if (data.length < 8 || data.toString("latin1", 0, 4) !== "APC1") {
    return { from, to, lines: [], broken: "does not begin with APC1" };
  }
  const count = data.readUInt32LE(4);
  const bytesStart = 8 + count * 14;
  if (bytesStart > data.length) return { from, to, lines: [], broken: `its table of ${count} lines does not fit` };
  const lines: StoredLine[] = [];
  let expected = 0;
  for (let i = 0; i < count; i++) {
    const at = 8 + i * 14;
    const offset = from + data.readUIntLE(at, 6);
    const stored = data.readUInt32LE(at + 6);
    const length = data.readUInt32LE(at + 10);
    if (stored !== expected || bytesStart + stored + length > data.length) {
      return { from, to, lines, broken: `line ${i} of its table points outside` };
    }
    expected += length;
    const bytes = data.subarray(bytesStart + stored, bytesStart + stored + length);
    lines.push({
      offset,
      length,
      sha256: createHash("sha256").update(bytes).digest("hex"),
      text: length <= MAX_TEXT_BYTES ? bytes.toString("utf8") : null,
    });
  }
  if (bytesStart + expected !== data.length) return { from, to, lines, broken: "has bytes that no line owns" };
  return { from, to, lines, broken: null };
}
