/**
 * A chunk, once decompressed: a table of the kept lines, then their bytes without newlines.
 *
 *   0  4 bytes  "APC1"
 *   4  4 bytes  number of lines
 *   8  per line: original offset minus the chunk's `from` (6 bytes), stored offset (4), stored length (4)
 *      then the bytes; stored offsets count from their beginning. All little endian.
 */
const MAGIC = 0x31435041; // "APC1", little endian
const HEADER_BYTES = 8;
const ENTRY_BYTES = 14;

export interface ChunkLine {
  /** Where the line begins in the transcript. */
  offset: number;
  /** The kept bytes, which `keep` may have made shorter than the original. */
  bytes: Uint8Array;
}

/**
 * Lines in ascending order of offset, all at or after `from`. Who packs many chunks gives `allocate`, to use one piece of
 * memory for several; it answers exactly the bytes asked for.
 */
export function packChunk(
  from: number,
  lines: readonly ChunkLine[],
  allocate: (bytes: number) => Uint8Array = (bytes) => new Uint8Array(bytes),
): Uint8Array {
  const table = HEADER_BYTES + lines.length * ENTRY_BYTES;
  let total = table;
  for (const line of lines) total += line.bytes.byteLength;
  const out = allocate(total);
  const view = new DataView(out.buffer, out.byteOffset, out.byteLength);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, lines.length, true);
  let entry = HEADER_BYTES;
  let stored = 0;
  for (const line of lines) {
    const relative = line.offset - from;
    view.setUint32(entry, relative % 0x1_0000_0000, true);
    view.setUint16(entry + 4, Math.floor(relative / 0x1_0000_0000), true);
    view.setUint32(entry + 6, stored, true);
    view.setUint32(entry + 10, line.bytes.byteLength, true);
    out.set(line.bytes, table + stored);
    entry += ENTRY_BYTES;
    stored += line.bytes.byteLength;
  }
  return out;
}

/** Views into `unpacked`; null where the table contradicts itself, the range or the bytes. */
export function unpackChunk(from: number, to: number, unpacked: Uint8Array): ChunkLine[] | null {
  if (unpacked.byteLength < HEADER_BYTES) return null;
  const view = new DataView(unpacked.buffer, unpacked.byteOffset, unpacked.byteLength);
  const lineCount = view.getUint32(4, true);
  const table = HEADER_BYTES + lineCount * ENTRY_BYTES;
  if (view.getUint32(0, true) !== MAGIC || table > unpacked.byteLength) return null;
  const lines: ChunkLine[] = [];
  let previous = from - 1;
  let expected = 0;
  for (let entry = HEADER_BYTES; entry < table; entry += ENTRY_BYTES) {
    const offset = from + view.getUint32(entry, true) + view.getUint16(entry + 4, true) * 0x1_0000_0000;
    const stored = view.getUint32(entry + 6, true);
    const length = view.getUint32(entry + 10, true);
    if (offset <= previous || offset >= to || stored !== expected) return null;
    if (table + stored + length > unpacked.byteLength) return null;
    lines.push({ offset, bytes: unpacked.subarray(table + stored, table + stored + length) });
    previous = offset;
    expected = stored + length;
  }
  return table + expected === unpacked.byteLength ? lines : null;
}
