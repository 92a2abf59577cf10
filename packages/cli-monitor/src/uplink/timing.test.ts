import { expect, test } from "vitest";
import { retryAfterMs } from "./http-client.ts";
import { backoffMs, pause, UPLINK_TIMING } from "./timing.ts";

test("waits double from one second to thirty, spread over their upper half", () => {
  const longest = [1, 2, 3, 4, 5, 6, 100].map((attempt) => backoffMs(attempt, UPLINK_TIMING, 1));
  expect(longest).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  const shortest = [1, 6].map((attempt) => backoffMs(attempt, UPLINK_TIMING, 0));
  expect(shortest).toEqual([500, 15_000]);
});

test.each([
  [undefined, null],
  ["", null],
  ["soon", null],
  ["2", 2000],
  ["0.5", 500],
  ["-3", 0],
  ["Thu, 01 Jan 1970 00:00:10 GMT", 4000],
  ["Thu, 01 Jan 1970 00:00:01 GMT", 0],
])("Retry-After %j is %j ms", (header, expected) => {
  expect(retryAfterMs(header, 6000)).toBe(expected);
});

test("a pause ends with its signal", async () => {
  const stop = new AbortController();
  const paused = pause(3_600_000, stop.signal);
  stop.abort(new Error("stopped"));
  await expect(paused).rejects.toThrow("stopped");
});
