import { expect, test } from "vitest";
import { Frame } from "./frame.ts";
import { Ring } from "./ring.ts";

function frame(n: number, padding = ""): Frame {
  return new Frame({ type: "error", code: String(n), message: padding });
}

function codes(frames: readonly Frame[] | null): string[] | null {
  return frames === null ? null : frames.map(({ ws }) => JSON.parse(ws.subarray(ws.indexOf("{")).toString()).code);
}

test("whoever was at n gets everything after n", () => {
  const ring = new Ring(10, 1_000_000);
  for (const n of [1, 2, 3]) ring.push(frame(n));
  expect(codes(ring.after(0))).toEqual(["1", "2", "3"]);
  expect(codes(ring.after(2))).toEqual(["3"]);
  expect(codes(ring.after(3))).toEqual([]);
});

test("what was evicted and what has not happened cannot be resumed from", () => {
  const ring = new Ring(2, 1_000_000);
  for (const n of [1, 2, 3, 4]) ring.push(frame(n));
  expect(ring.after(1)).toBeNull();
  expect(codes(ring.after(2))).toEqual(["3", "4"]);
  expect(ring.after(5)).toBeNull();
});

test("an empty ring can be resumed from its beginning only", () => {
  const ring = new Ring();
  expect(ring.after(0)).toEqual([]);
  expect(ring.after(1)).toBeNull();
});

test("it keeps no more bytes than it may, and counts on after emptying itself", () => {
  const ring = new Ring(1_000, 5_000);
  for (let n = 1; n <= 50; n += 1) ring.push(frame(n, "x".repeat(500)));
  expect(ring.after(45)).toBeNull();
  expect(codes(ring.after(47))).toEqual(["48", "49", "50"]);
  ring.push(frame(51, "x".repeat(10_000)));
  expect(ring.last).toBe(51);
  expect(ring.after(50)).toBeNull();
  expect(ring.after(51)).toEqual([]);
});
