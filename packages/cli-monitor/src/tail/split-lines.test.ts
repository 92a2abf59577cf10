import { MAX_LINE_BYTES } from "@agentpane/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { LineSplitter } from "./split-lines.ts";

interface Cut {
  offset: number;
  end: number;
  hex: string | null;
}

function split(reads: readonly Buffer[], from = 0): Cut[] {
  const splitter = new LineSplitter(from);
  const lines: Cut[] = [];
  for (const read of reads) {
    splitter.feed(read);
    for (let line = splitter.next(); line !== null; line = splitter.next()) {
      lines.push({ offset: line.offset, end: line.end, hex: line.bytes?.toString("hex") ?? null });
    }
  }
  return lines;
}

function cutAt(bytes: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [...places].map((place) => place % (bytes.byteLength + 1)).sort((a, b) => a - b);
  const reads: Buffer[] = [];
  let from = 0;
  for (const to of [...sorted, bytes.byteLength]) {
    // A copy, as a real read would be: the splitter must not rely on what came before staying as it was.
    reads.push(Buffer.from(bytes.subarray(from, to)));
    from = to;
  }
  return reads;
}

const anyBytes = fc
  .array(fc.oneof({ weight: 1, arbitrary: fc.constant(0x0a) }, { weight: 4, arbitrary: fc.nat(255) }), {
    maxLength: 200,
  })
  .map((bytes) => Buffer.from(bytes));

test("any split of the bytes into reads gives the same lines", () => {
  fc.assert(
    fc.property(anyBytes, fc.array(fc.nat(300), { maxLength: 20 }), fc.nat(1e12), (bytes, places, from) => {
      expect(split(cutAt(bytes, places), from)).toEqual(split([bytes], from));
    }),
  );
});

test("lines and the unfinished rest are exactly the bytes that were fed", () => {
  fc.assert(
    fc.property(anyBytes, (bytes) => {
      const text = bytes.toString("latin1");
      const whole = text.slice(0, text.lastIndexOf("\n") + 1);
      const lines = split([bytes]);
      expect(lines.map(({ hex }) => `${Buffer.from(hex ?? "", "hex").toString("latin1")}\n`).join("")).toBe(whole);
      expect(lines.map(({ offset }) => offset)).toEqual([0, ...lines.map(({ end }) => end)].slice(0, lines.length));
    }),
  );
});

test("a torn tail waits for its newline, even in the middle of a character", () => {
  const bytes = Buffer.from("é\nü\n");
  const splitter = new LineSplitter(0);
  splitter.feed(bytes.subarray(0, 4));
  expect(splitter.next()?.bytes?.toString()).toBe("é");
  expect(splitter.next()).toBeNull();
  splitter.feed(bytes.subarray(4));
  expect(splitter.next()).toMatchObject({ offset: 3, end: 6 });
});

const PIECE = Buffer.alloc(1024 * 1024, "x");

function feedLine(bytes: number): Cut[] {
  const reads: Buffer[] = [];
  for (let left = bytes; left > 0; left -= PIECE.byteLength)
    reads.push(PIECE.subarray(0, Math.min(left, PIECE.byteLength)));
  return split([...reads, Buffer.from("\nnext\n")]);
}

test("a line of exactly the longest length is whole, one byte more is only counted", () => {
  const [longest, after] = feedLine(MAX_LINE_BYTES);
  expect(longest?.hex?.length).toBe(MAX_LINE_BYTES * 2);
  expect(after).toMatchObject({ offset: MAX_LINE_BYTES + 1, hex: Buffer.from("next").toString("hex") });
  expect(feedLine(MAX_LINE_BYTES + 1)).toMatchObject([
    { offset: 0, end: MAX_LINE_BYTES + 2, hex: null },
    { offset: MAX_LINE_BYTES + 2, end: MAX_LINE_BYTES + 7 },
  ]);
});

test("a line known to be too long is passed over from where looking stopped", () => {
  const splitter = new LineSplitter(100, 50_000_000);
  splitter.feed(Buffer.from("rest\nnext\n"));
  expect(splitter.next()).toEqual({ offset: 100, end: 50_000_005, bytes: null });
  expect(splitter.next()?.bytes?.toString()).toBe("next");
});
