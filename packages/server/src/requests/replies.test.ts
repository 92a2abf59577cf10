import { expect, test } from "vitest";
import { FakeClock } from "../fake-clock.ts";
import { Replies } from "./replies.ts";

test("an answer reaches whoever waits for it, and only from the machine that was asked", async () => {
  const replies = new Replies<string>(new FakeClock());
  const first = replies.expect("a", "laptop", 1_000);
  const second = replies.expect("b", "laptop", 1_000);
  expect(replies.answer("a", "desk", "forged")).toBe(false);
  expect(replies.answer("b", "laptop", "two")).toBe(true);
  expect(replies.answer("a", "laptop", "one")).toBe(true);
  expect(await Promise.all([first, second])).toEqual([{ value: "one" }, { value: "two" }]);
  expect(replies.answer("a", "laptop", "again")).toBe(false);
});

test("nobody waits for ever, nor for a machine that is gone", async () => {
  const clock = new FakeClock();
  const replies = new Replies<string>(clock);
  const late = replies.expect("a", "laptop", 1_000);
  const lost = replies.expect("b", "desk", 1_000);
  const other = replies.expect("c", "laptop", 2_000);
  replies.lost("desk");
  expect(await lost).toEqual({ none: "lost" });
  await clock.advance(1_000);
  expect(await late).toEqual({ none: "late" });
  expect(replies.answer("c", "laptop", "in time")).toBe(true);
  expect(await other).toEqual({ value: "in time" });
});
