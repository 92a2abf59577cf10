import { expect, test } from "vitest";
import { type Committed, decide, type FileFacts, proofRanges, provenMtimeMs, RACY_MTIME_MS } from "./decide.ts";

const HEAD = "a".repeat(64);
const TAIL = "b".repeat(64);
const OTHER = "c".repeat(64);
const file: FileFacts = { size: 100, mtimeMs: 5000, inode: "7" };
const committed: Committed = {
  generation: 3,
  offset: 100,
  proof: { ...file, headSha256: HEAD, tailSha256: TAIL },
};
const same = { headSha256: HEAD, tailSha256: TAIL };

test.each<[string, Committed, FileFacts, Parameters<typeof decide>[2], ReturnType<typeof decide>]>([
  [
    "nothing committed: from the beginning",
    { generation: 1, offset: 0, proof: null },
    file,
    null,
    { kind: "read", generation: 1, from: 0, rewritten: false },
  ],
  ["size, time and inode as proven, all read: nothing", committed, file, null, { kind: "unchanged" }],
  ["as proven, but the cursor stands before the end", { ...committed, offset: 60 }, file, null, { kind: "verify" }],
  ["grown", committed, { ...file, size: 120 }, null, { kind: "verify" }],
  ["same size, another time", committed, { ...file, mtimeMs: 5001 }, null, { kind: "verify" }],
  ["same size and time, another inode", committed, { ...file, inode: "8" }, null, { kind: "verify" }],
  [
    "shorter than the cursor: the next generation, whatever the hashes say",
    committed,
    { ...file, size: 99 },
    null,
    { kind: "read", generation: 4, from: 0, rewritten: true },
  ],
  [
    "shorter, even where both hashes are the same",
    committed,
    { ...file, size: 99 },
    same,
    { kind: "read", generation: 4, from: 0, rewritten: true },
  ],
  [
    "both hashes are the same: on from the cursor",
    committed,
    { ...file, size: 120 },
    same,
    { kind: "read", generation: 3, from: 100, rewritten: false },
  ],
  [
    "another head",
    committed,
    { ...file, size: 120 },
    { headSha256: OTHER, tailSha256: TAIL },
    { kind: "read", generation: 4, from: 0, rewritten: true },
  ],
  [
    "same head, another tail",
    committed,
    { ...file, size: 120 },
    { headSha256: HEAD, tailSha256: OTHER },
    { kind: "read", generation: 4, from: 0, rewritten: true },
  ],
])("%s", (_name, cursor, facts, hashes, expected) => {
  expect(decide(cursor, facts, hashes)).toEqual(expected);
});

test("a proof taken within the clock tick of a write gets a time that no file has", () => {
  expect(provenMtimeMs(1000, 1000 + RACY_MTIME_MS)).toBe(1000);
  expect(provenMtimeMs(1000, 1000 + RACY_MTIME_MS - 1)).not.toBe(1000);
});

test.each([
  [0, { headBytes: 0, tailFrom: 0, tailBytes: 0 }],
  [10, { headBytes: 10, tailFrom: 0, tailBytes: 10 }],
  [4096, { headBytes: 4096, tailFrom: 0, tailBytes: 4096 }],
  [10_000, { headBytes: 4096, tailFrom: 5904, tailBytes: 4096 }],
])("a proof at %d hashes the head and what stands before it", (offset, expected) => {
  expect(proofRanges(offset)).toEqual(expected);
});
