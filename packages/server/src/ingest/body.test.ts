import { zstdCompressSync } from "node:zlib";
import { INGEST_HEADER_BYTES, ingestHeader, MAX_SEGMENTS_PER_BODY, type Segment } from "@agentpane/protocol";
import { expect, test } from "vitest";
import { answer, human } from "../test-lines.ts";
import { ingestBody, inParts, type TestSegment, TestTranscript } from "../test-transcript.ts";
import { readBody } from "./body.ts";

const T = 1_790_000_000_000;

function good(session = "s1"): TestSegment {
  return new TestTranscript(session).append(human("hello", T), answer("m1", "Hello.", T + 1)).next();
}

function invalid(changes: Partial<Segment>): unknown {
  const { segment, chunk } = good();
  const changed = { segment: { ...segment, ...changes }, chunk: changes.chunkBytes === 0 ? new Uint8Array() : chunk };
  const [read] = readBody(ingestBody([changed])).segments;
  return read !== undefined && "invalid" in read ? read.invalid : read;
}

function refusal(body: Uint8Array): unknown {
  try {
    return readBody(body);
  } catch (error) {
    return error;
  }
}

test("a body is read alike, its manifest compressed or not", () => {
  const segments = [good("s1"), good("s2")];
  expect(readBody(ingestBody(segments, { zstd: true }))).toEqual(readBody(ingestBody(segments)));
  expect(readBody(ingestBody(segments)).segments).toMatchObject(
    segments.map(({ segment, chunk }) => ({ segment: { source: segment.source }, chunk: { length: chunk.length } })),
  );
});

test("what a newer monitor adds to a segment is left out, and the rest stands", () => {
  const { segment, chunk } = good();
  const [read] = readBody(ingestBody([{ segment: { ...segment, novelty: 1 } as Segment, chunk }])).segments;
  expect(read).toMatchObject({ segment: { to: segment.to } });
  expect(JSON.stringify(read)).not.toContain("novelty");
});

test.each([
  ["shorter than a header", new Uint8Array([1, 2, 3]), "invalid_frame"],
  ["of another form", new TextEncoder().encode("{}{}{}{}{}{}{}{}"), "invalid_frame"],
  ["that claims a longer manifest than it has", ingestHeader("json", 100), "invalid_frame"],
  ["whose manifest is not JSON", framed("json", Buffer.from("nonsense")), "invalid_frame"],
  ["whose manifest does not decompress", framed("zstd", Buffer.from("nonsense")), "invalid_frame"],
  ["whose manifest is null", framed("json", Buffer.from("null")), "invalid_request"],
  ["whose manifest is a list", framed("json", Buffer.from("[]")), "protocol_mismatch"],
  ["without segments", ingestBody([], { manifest: { segments: undefined } }), "invalid_request"],
  ["without parts", ingestBody([], { manifest: { parts: {} } }), "invalid_request"],
  [
    "of too many segments",
    ingestBody([], { manifest: { segments: Array(MAX_SEGMENTS_PER_BODY + 1).fill(null) } }),
    "invalid_request",
  ],
  ["of which a segment is null", ingestBody([], { manifest: { segments: [null] } }), "invalid_request"],
  ["of which a part is null", ingestBody([], { manifest: { parts: [null] } }), "invalid_request"],
])("a body %s is refused as a whole, by name", (_what, body, code) => {
  expect(refusal(body)).toMatchObject({ code });
});

test("a zstd bomb is refused by its size, without being unpacked", () => {
  const bomb = zstdCompressSync(Buffer.alloc(200 * 1024 * 1024));
  expect(bomb.length).toBeLessThan(100_000);
  expect(refusal(framed("zstd", bomb))).toMatchObject({ code: "body_too_large" });
});

test.each(["[]", "{}", '{"a":{}}', '"k":1'])(
  "a manifest of nothing but %s is refused before it takes memory",
  (unit) => {
    const many = `${unit},`.repeat(Math.floor((30 * 1024 * 1024) / (unit.length + 1)));
    const manifest = Buffer.from(`{"protocol":1,"parts":[],"segments":[${many}null]}`);
    expect(refusal(framed("zstd", zstdCompressSync(manifest)))).toMatchObject({ code: "body_too_large" });
  },
);

test.each([
  [0, "update the monitor"],
  [2, "update the server"],
  ["x", "update the server"],
])("protocol %s is refused, and the message says which side to update", (protocol, words) => {
  expect(refusal(ingestBody([], { manifest: { protocol } }))).toMatchObject({
    code: "protocol_mismatch",
    message: expect.stringContaining(words),
  });
});

test("chunk bytes that do not add up to the body's are refused, whichever way", () => {
  const { segment, chunk } = good();
  const claims = (chunkBytes: number) => ingestBody([{ segment: { ...segment, chunkBytes }, chunk }]);
  expect(refusal(claims(chunk.length + 1))).toMatchObject({ code: "invalid_frame" });
  expect(refusal(claims(chunk.length - 1))).toMatchObject({ code: "invalid_frame" });
  expect(refusal(claims(-1))).toMatchObject({ code: "invalid_request" });
  const { parts } = inParts(good(), 100);
  expect(refusal(ingestBody([], { parts: parts.map((one) => ({ ...one, bytes: new Uint8Array() })) }))).toMatchObject({
    code: "invalid_frame",
  });
});

test("a chunk after a refused segment is still the right one", () => {
  const [first, second] = [good("bad"), good("good")];
  const spoilt = { ...first, segment: { ...first.segment, birthMs: -1 } };
  const [bad, next] = readBody(ingestBody([spoilt, second])).segments;
  expect(bad).toMatchObject({ invalid: expect.stringContaining("segments[0].birthMs") });
  expect(next !== undefined && "chunk" in next && Buffer.from(next.chunk).equals(second.chunk)).toBe(true);
});

test.each<[string, Partial<Segment>, string]>([
  ["ends before it begins", { from: 500, to: 100 }, "to: 100 lies before from 500"],
  ["has more lines than bytes", { lines: 100_000 }, "lines: 100000 lines in"],
  ["dropped more lines than it has", { dropped: 3 }, "dropped: 3 of 2 lines"],
  ["has an event beyond its end", { to: 300 }, "events[1].offset"],
  ["has an event before its beginning", { from: 1 }, "events[0].offset: 0 is outside"],
  ["has its events out of order", { events: good().segment.events.toReversed() }, "events[1]: is not after"],
  ["has an event twice", { events: twice(good().segment.events) }, "events[1]: is not after"],
  ["has a copy twice", { copies: twice(good().segment.copies) }, "copies[1]: is not after"],
  ["has a context outside", { contexts: [{ offset: 9_999_999 }] }, "contexts[0].offset"],
  [
    "is a touch with a chunk",
    { from: 0, to: 0, events: [], copies: [], contexts: [], lines: 0 },
    "chunkBytes: a touch",
  ],
  ["has a path that is no text", { path: "\ud800" }, "source.path: is not well-formed Unicode"],
  ["has a chunk and parts", { parts: { count: 1, sha256: "a".repeat(64) } }, "chunkBytes: the chunk came in parts"],
])("a segment that %s is refused by name", (_what, changes, message) => {
  expect(invalid(changes)).toEqual(expect.stringContaining(`segments[0].${message}`));
});

function twice<T>([first, ...rest]: readonly T[]): T[] {
  return first === undefined ? [] : [first, first, ...rest];
}

function framed(encoding: "json" | "zstd", manifest: Uint8Array): Uint8Array {
  const body = new Uint8Array(INGEST_HEADER_BYTES + manifest.length);
  body.set(ingestHeader(encoding, manifest.length));
  body.set(manifest, INGEST_HEADER_BYTES);
  return body;
}
