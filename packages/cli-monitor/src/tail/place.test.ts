import fc from "fast-check";
import { expect, test } from "vitest";
import { type PlacedSource, place } from "./place.ts";

function source(path: string, copy: number, offset = 10): PlacedSource {
  return { path, key: { copy }, committed: { offset } };
}
const on =
  (...paths: string[]) =>
  (path: string) =>
    paths.includes(path);
const always = () => true;
const never = () => false;

const a = source("/a", 1);
const b = source("/b", 2);

test.each<[string, () => unknown, unknown]>([
  ["the first file of a conversation", () => place("/a", [], on("/a"), never), { kind: "new", copy: 1 }],
  ["a known path, even with other bytes", () => place("/a", [a, b], on("/a"), never), { kind: "known", source: a }],
  [
    "the known path is gone, the bytes are here",
    () => place("/c", [a], on("/c"), always),
    { kind: "moved", source: a },
  ],
  ["the known path is gone, other bytes are here", () => place("/c", [a], on("/c"), never), { kind: "new", copy: 2 }],
  ["both are there: a second file", () => place("/c", [a], on("/a", "/c"), always), { kind: "new", copy: 2 }],
  ["a third file", () => place("/c", [a, b], on("/a", "/b", "/c"), always), { kind: "new", copy: 3 }],
  ["numbers are not used again", () => place("/c", [b], on("/b", "/c"), always), { kind: "new", copy: 3 }],
  [
    "only the one that is gone can have moved",
    () => place("/c", [a, b], on("/a", "/c"), always),
    { kind: "moved", source: b },
  ],
  [
    "nothing committed of the one that is gone: there is nothing to compare",
    () => place("/c", [source("/x", 1, 0)], on("/c"), never),
    { kind: "moved", source: source("/x", 1, 0) },
  ],
])("%s", (_name, placed, expected) => {
  expect(placed()).toEqual(expected);
});

test("a new file never gets the number of another", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 50 })), fc.boolean(), (copies, there) => {
      const others = copies.map((copy) => source(`/${copy}`, copy));
      const placement = place("/new", others, () => there, never);
      expect(placement.kind === "new" && !copies.includes(placement.copy)).toBe(true);
    }),
  );
});
