import fc from "fast-check";
import { expect, test } from "vitest";
import { claimant, type Looks, type PlacedSource, place } from "./place.ts";

function source(path: string, copy: number, offset = 10): PlacedSource {
  return { path, key: { copy }, committed: { offset } };
}
const on =
  (...paths: string[]) =>
  (one: PlacedSource) =>
    paths.includes(one.path);
const looks = (isThere: Looks<PlacedSource>["isThere"], holds: Looks<PlacedSource>["holds"]) => ({ isThere, holds });
const always = () => true;
const never = () => false;

const a = source("/a", 1);
const b = source("/b", 2);

test.each<[string, () => unknown, unknown]>([
  ["the first file of a conversation", () => place("/a", [], looks(on("/a"), never)), { kind: "new", copy: 1 }],
  [
    "a known path, even with other bytes",
    () => place("/a", [a, b], looks(on("/a"), never)),
    { kind: "known", source: a },
  ],
  [
    "the known path is gone, the bytes are here",
    () => place("/c", [a], looks(on("/c"), always)),
    { kind: "moved", source: a },
  ],
  [
    "the known path is gone, other bytes are here",
    () => place("/c", [a], looks(on("/c"), never)),
    { kind: "new", copy: 2 },
  ],
  ["both are there: a second file", () => place("/c", [a], looks(on("/a", "/c"), always)), { kind: "new", copy: 2 }],
  ["a third file", () => place("/c", [a, b], looks(on("/a", "/b", "/c"), always)), { kind: "new", copy: 3 }],
  ["numbers are not used again", () => place("/c", [b], looks(on("/b", "/c"), always)), { kind: "new", copy: 3 }],
  [
    "only the one that is gone can have moved",
    () => place("/c", [a, b], looks(on("/a", "/c"), always)),
    { kind: "moved", source: b },
  ],
  [
    "nothing committed of the one that is gone: there is nothing to compare",
    () => place("/c", [source("/x", 1, 0)], looks(on("/c"), never)),
    { kind: "moved", source: source("/x", 1, 0) },
  ],
  [
    "one that is gone had nothing committed, another has its bytes here",
    () => place("/c", [source("/x", 1, 0), b], looks(on("/c"), always)),
    { kind: "moved", source: b },
  ],
])("%s", (_name, placed, expected) => {
  expect(placed()).toEqual(expected);
});

test("a new file never gets the number of another", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 50 })), fc.boolean(), (copies, there) => {
      const others = copies.map((copy) => source(`/${copy}`, copy));
      const placement = place(
        "/new",
        others,
        looks(() => there, never),
      );
      expect(placement.kind === "new" && !copies.includes(placement.copy)).toBe(true);
    }),
  );
});

test("of several that are gone, the one with the most bytes here has moved", () => {
  const [short, long, other] = [source("/a", 1, 10), source("/b", 2, 20), source("/d", 3, 30)];
  const here = looks(never, (one) => one !== other);
  expect(place("/c", [short, long, other], here)).toEqual({ kind: "moved", source: long });
});

test("a file that another one was moved over belongs to the other one", () => {
  const known = source("/a", 1);
  const mover = source("/b", 2);
  expect(claimant(known, [known, mover], looks(on("/a"), always))).toBe(mover);
  expect(claimant(known, [known, mover], looks(on("/a", "/b"), always))).toBeUndefined();
  expect(claimant(known, [known, mover], looks(on("/a"), never))).toBeUndefined();
  expect(claimant(known, [known, source("/b", 2, 0)], looks(on("/a"), always))).toBeUndefined();
});
