import { expect, test } from "vitest";
import { FakeClock } from "../fake-clock.ts";
import { Bucket } from "./bucket.ts";

test("a bucket gives what it holds and then says how long to wait", async () => {
  const clock = new FakeClock();
  const bucket = new Bucket(clock, 10, 2);
  expect(bucket.take(10)).toBe(0);
  expect(bucket.take(4)).toBe(2);
  await clock.advance(2_000);
  expect(bucket.take(4)).toBe(0);
});

test("it never fills beyond its capacity", async () => {
  const clock = new FakeClock();
  const bucket = new Bucket(clock, 3, 1);
  await clock.advance(3_600_000);
  expect(bucket.take(3)).toBe(0);
  expect(bucket.take(1)).toBe(1);
});

test("more than the capacity is let through once, and owed", async () => {
  const clock = new FakeClock();
  const bucket = new Bucket(clock, 10, 10);
  expect(bucket.take(30)).toBe(0);
  expect(bucket.take(1)).toBeGreaterThan(1);
  await clock.advance(3_000);
  expect(bucket.take(1)).toBe(0);
});
