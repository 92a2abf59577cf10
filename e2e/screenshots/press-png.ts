import { deflateSync, inflateSync } from "node:zlib";

const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
/** Length and type before a chunk's data, a checksum after it. */
const HEAD_BYTES = 8;
const CHECK_BYTES = 4;
const MAX_COLOURS = 256;
const EXACT_COLOURS = 64;
/** Squared distance in red, green and blue from which two colours are told apart. */
const APART = 300;
const INDEXED = 3;
/** What a PNG's head says of eight bits of red, green, blue, and of those with alpha: bytes of a pixel. */
const PIXEL_BYTES: Readonly<Record<number, number>> = { 2: 3, 6: 4 };
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value >>> 0;
});

/** The same picture in fewer bytes: its 256 most frequent colours, each other one as the nearest of them. Opaque ones only. */
export function pressed(png: Buffer): Buffer {
  const { width, height, colours } = opened(png);
  const palette = frequent(colours);
  const indexOf = new Map(palette.map((colour, index) => [colour, index]));
  const rows = Buffer.alloc((width + 1) * height);
  for (let pixel = 0; pixel < colours.length; pixel++) {
    const colour = colours[pixel] as number;
    let index = indexOf.get(colour);
    if (index === undefined) {
      index = nearest(palette, colour);
      indexOf.set(colour, index);
    }
    // Each row begins with the number of its filter: none.
    rows[Math.floor(pixel / width) * (width + 1) + 1 + (pixel % width)] = index;
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, INDEXED, 0, 0, 0], 8);
  const table = Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]));
  const body = [chunk("IHDR", head), chunk("PLTE", table), chunk("IDAT", deflateSync(rows, { level: 9, memLevel: 9 }))];
  return Buffer.concat([SIGNATURE, ...body, chunk("IEND", Buffer.alloc(0))]);
}

/** The colours of its pixels, 0xRRGGBB, row by row. */
function opened(png: Buffer): { width: number; height: number; colours: Uint32Array } {
  const data: Buffer[] = [];
  for (let at = SIGNATURE.length; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const type = png.toString("latin1", at + 4, at + HEAD_BYTES);
    if (type === "IDAT") data.push(png.subarray(at + HEAD_BYTES, at + HEAD_BYTES + length));
    at += HEAD_BYTES + length + CHECK_BYTES;
  }
  const width = png.readUInt32BE(16);
  const height = png.readUInt32BE(20);
  const size = PIXEL_BYTES[png[25] ?? -1];
  if (png[24] !== 8 || size === undefined) throw new Error("a PNG of another kind than browsers write");
  const raw = inflateSync(Buffer.concat(data));
  const stride = width * size;
  const colours = new Uint32Array(width * height);
  let above = new Uint8Array(stride);
  for (let y = 0; y < height; y++) {
    const row = unfiltered(raw.subarray(y * (stride + 1), (y + 1) * (stride + 1)), above, size);
    for (let x = 0; x < width; x++) {
      const [red = 0, green = 0, blue = 0] = row.subarray(x * size, x * size + 3);
      colours[y * width + x] = (red << 16) | (green << 8) | blue;
    }
    above = row;
  }
  return { width, height, colours };
}

/** A row as it was before it was filtered: the PNG specification, second edition, section 9. */
function unfiltered(filtered: Uint8Array, above: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const row = new Uint8Array(above.length);
  for (let at = 0; at < row.length; at++) {
    const left = at < size ? 0 : (row[at - size] ?? 0);
    const up = above[at] ?? 0;
    const corner = at < size ? 0 : (above[at - size] ?? 0);
    const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filtered[0] ?? 0] ?? 0;
    row[at] = (filtered[at + 1] ?? 0) + guess;
  }
  return row;
}

function paeth(left: number, up: number, corner: number): number {
  const toLeft = Math.abs(up - corner);
  const toUp = Math.abs(left - corner);
  const toCorner = Math.abs(left + up - 2 * corner);
  return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
}

/** The most frequent ones as they are; then such as stand apart, so that a rare hue is not taken for another; then more. */
function frequent(colours: Uint32Array): number[] {
  const counts = new Map<number, number>();
  for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const ranked = [...counts].sort(([, one], [, other]) => other - one).map(([colour]) => colour);
  const palette = ranked.slice(0, EXACT_COLOURS);
  const left: number[] = [];
  for (const colour of ranked.slice(EXACT_COLOURS)) {
    const apart = palette.every((other) => distance(colour, other) >= APART);
    if (apart && palette.length < MAX_COLOURS) palette.push(colour);
    else left.push(colour);
  }
  return [...palette, ...left.slice(0, MAX_COLOURS - palette.length)];
}

function distance(one: number, other: number): number {
  const red = (one >> 16) - (other >> 16);
  const green = ((one >> 8) & 255) - ((other >> 8) & 255);
  const blue = (one & 255) - (other & 255);
  return red * red + green * green + blue * blue;
}

function nearest(palette: readonly number[], colour: number): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const [index, other] of palette.entries()) {
    const far = distance(colour, other);
    if (far < least) [best, least] = [index, far];
  }
  return best;
}

function chunk(type: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, "latin1"), body]);
  const whole = Buffer.alloc(HEAD_BYTES + body.length + CHECK_BYTES);
  whole.writeUInt32BE(body.length, 0);
  named.copy(whole, 4);
  whole.writeUInt32BE(crc(named), HEAD_BYTES + body.length);
  return whole;
}

function crc(bytes: Buffer): number {
  let value = 0xffffffff;
  for (const byte of bytes) value = (CRC_TABLE[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}
