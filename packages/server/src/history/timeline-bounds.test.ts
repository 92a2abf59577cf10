import type { TimelineSpan } from "@agentpane/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { bounded, thinned } from "./timeline-bounds.ts";

const span = (from: number, to: number | null, more: Partial<TimelineSpan> = {}): TimelineSpan => ({
  lane: "bash",
  from,
  to,
  place: "1.1.0.0",
  ...more,
});

test("spans that fit stand as they are, in order of their beginning", () => {
  expect(bounded([span(5, 6), span(1, 2)], 2)).toEqual({ spans: [span(1, 2), span(5, 6)], merged: 0 });
});

test("of too many spans those nearest to each other become one, which says how many and how long", () => {
  const many = [span(0, 100), span(150, 200), span(900_000, 900_100)];
  expect(bounded(many, 2)).toEqual({
    spans: [span(0, 200, { merged: 2, busyMs: 150 }), span(900_000, 900_100)],
    merged: 2,
  });
});

test("what failed is never merged into what succeeded, nor one thread into another", () => {
  const many = [
    span(0, 10),
    span(10, 20, { failed: true }),
    span(20, 30),
    span(30, 40, { agent: "a" }),
    span(40, 50, { agent: "a" }),
  ];
  expect(bounded(many, 3).spans).toMatchObject([
    { from: 0, to: 30, merged: 2 },
    { from: 10, to: 20, failed: true },
    { agent: "a", merged: 2 },
  ]);
});

test("however many there are, no more than asked for are left and no time is lost", () => {
  const spans = fc.array(
    fc
      .tuple(fc.nat(1_000_000), fc.nat(5_000), fc.constantFrom("bash", "read", "model"))
      .map(([from, ms, lane]) => span(from, from + ms, { lane } as Partial<TimelineSpan>)),
    { minLength: 1, maxLength: 80 },
  );
  fc.assert(
    fc.property(spans, fc.integer({ min: 3, max: 40 }), (many, most) => {
      const left = bounded(many, most).spans;
      expect(left.length).toBeLessThanOrEqual(most);
      const busy = (all: readonly TimelineSpan[]) =>
        all.reduce((sum, { from, to, busyMs }) => sum + (busyMs ?? (to ?? from) - from), 0);
      expect(busy(left)).toBe(busy(many));
      const count = left.reduce((sum, { merged = 1 }) => sum + merged, 0);
      expect(count).toBe(many.length);
    }),
  );
});

test("a thinned curve keeps its peaks, its falls and its end", () => {
  const points = Array.from({ length: 10_000 }, (_, at) => ({ at, value: at % 1_000 }));
  points[4_321] = { at: 4_321, value: 9_999 };
  points[7_777] = { at: 7_777, value: -1 };
  const kept = thinned(points, 200, ({ value }) => value);
  expect(kept.length).toBeLessThanOrEqual(200);
  expect(kept).toContainEqual({ at: 4_321, value: 9_999 });
  expect(kept).toContainEqual({ at: 7_777, value: -1 });
  expect(kept.at(-1)).toEqual(points.at(-1));
  expect(kept.map(({ at }) => at)).toEqual(kept.map(({ at }) => at).toSorted((a, b) => a - b));
});
