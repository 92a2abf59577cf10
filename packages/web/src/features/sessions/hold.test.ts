import { describe, expect, it } from "vitest";
import { FakeTimers } from "../../testing/fake-timers.ts";
import { OrderHold } from "./hold.ts";

describe("the order of the list", () => {
  it("stands still while the pointer or the focus is on it, and goes on when both left", () => {
    const hold = new OrderHold(new FakeTimers());
    expect(hold.getSnapshot()).toBe(false);
    hold.touch("pointer");
    hold.touch("focus");
    hold.leave("pointer");
    expect(hold.getSnapshot()).toBe(true);
    hold.leave("focus");
    expect(hold.getSnapshot()).toBe(false);
  });

  it("goes on under a pointer that rests, and stands again when it moves", () => {
    const timers = new FakeTimers();
    const hold = new OrderHold(timers);
    hold.touch("pointer");
    timers.advance(29_000);
    hold.touch("pointer");
    timers.advance(29_000);
    expect(hold.getSnapshot()).toBe(true);
    timers.advance(1_000);
    expect(hold.getSnapshot()).toBe(false);
    hold.touch("pointer");
    expect(hold.getSnapshot()).toBe(true);
  });

  it("is let go on demand", () => {
    const timers = new FakeTimers();
    const hold = new OrderHold(timers);
    hold.touch("focus");
    hold.release();
    expect([hold.getSnapshot(), timers.waiting]).toEqual([false, 0]);
  });
});
