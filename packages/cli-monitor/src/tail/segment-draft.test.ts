import type { Adapter, LineReading } from "@agentpane/agents";
import { MAX_LINE_BYTES, unpackChunk } from "@agentpane/protocol";
import { expect, test } from "vitest";
import { noLines, SegmentDraft } from "./segment-draft.ts";

/** Reads "k=v" words as context, keeps all lines but those that begin with "drop". */
const adapter: Pick<Adapter, "readLine" | "keep"> = {
  readLine(line, offset): LineReading {
    const context = {
      offset,
      ...Object.fromEntries(
        line
          .toString()
          .split(" ")
          .map((word) => word.split("=")),
      ),
    };
    return { events: [], copies: [], context, slow: false, unknownType: line.toString() };
  },
  keep: (line) => (line.toString().startsWith("drop") ? null : line),
};

function draftOf(...texts: (string | null)[]) {
  const counts = noLines();
  const draft = new SegmentDraft(adapter as Adapter, 100, counts);
  let offset = 100;
  for (const text of texts) {
    const length = text === null ? MAX_LINE_BYTES + 1 : text.length;
    draft.add({ offset, end: offset + length + 1, bytes: text === null ? null : Buffer.from(text) });
    offset += length + 1;
  }
  return { reading: draft.close(), counts, draft };
}

test("context travels where it changes, and only what changes", () => {
  const { reading } = draftOf("cwd=/a version=1", "cwd=/a", "version=1 branch=b", "cwd=/c version=1");
  expect(reading.contexts).toEqual([
    { offset: 100, cwd: "/a", version: "1" },
    { offset: 124, branch: "b" },
    { offset: 143, cwd: "/c" },
  ]);
});

test("the chunk holds the kept lines with their places; lines are kept or dropped", () => {
  const { reading } = draftOf("one=1", "drop=1", "two=2");
  expect(reading).toMatchObject({ from: 100, to: 119, lines: 3, dropped: 1 });
  const lines = unpackChunk(100, 119, reading.packed as Uint8Array);
  expect(lines?.map(({ offset, bytes }) => [offset, Buffer.from(bytes).toString()])).toEqual([
    [100, "one=1"],
    [113, "two=2"],
  ]);
});

test("where nothing is kept there is no chunk", () => {
  expect(draftOf("drop=1").reading.packed).toBeNull();
});

test("a line that is too long becomes one event and no part of the chunk", () => {
  const { reading, counts } = draftOf(null);
  expect(reading).toMatchObject({ lines: 1, dropped: 1, packed: null });
  expect(reading.events).toMatchObject([{ kind: "malformed", offset: 100, bytes: MAX_LINE_BYTES + 1 }]);
  expect(counts).toMatchObject({ total: 1, malformed: 1 });
});

test("a segment of very many tiny lines is full before its manifest is large", () => {
  const counts = noLines();
  const draft = new SegmentDraft(adapter as Adapter, 0, counts);
  let lines = 0;
  for (; !draft.isFull; lines += 1) draft.add({ offset: lines * 2, end: lines * 2 + 2, bytes: Buffer.from("a") });
  expect(lines).toBe(10_000);
});

test("types of lines are counted, but never more kinds than a table may hold", () => {
  const { counts } = draftOf(...Array.from({ length: 300 }, (_, n) => `type=${n}`), "type=0");
  expect(counts.unknownTypes.size).toBe(100);
  expect(counts.unknownTypes.get("type=0")).toBe(2);
});
