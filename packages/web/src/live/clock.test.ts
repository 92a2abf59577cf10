import { describe, expect, it } from "vitest";
import { FakeTimers } from "../testing/fake-timers.ts";
import { NOON } from "../testing/made.ts";
import { ServerClock } from "./clock.ts";

describe("the server's clock", () => {
  it("ticks on the server's full seconds, only while somebody looks on", () => {
    const timers = new FakeTimers();
    const clock = new ServerClock(timers);
    clock.sync(NOON + 300);
    const ticks: number[] = [];
    const stop = clock.subscribe(() => ticks.push(clock.now()));
    timers.advance(2_500);
    expect(ticks).toEqual([NOON + 1_000, NOON + 2_000]);
    stop();
    expect(timers.waiting).toBe(0);
  });

  it("does not tick while it stands", () => {
    const timers = new FakeTimers();
    const clock = new ServerClock(timers);
    clock.stop(NOON);
    let ticks = 0;
    clock.subscribe(() => void ticks++);
    timers.advance(5_000);
    expect([ticks, clock.now()]).toEqual([0, NOON]);
    clock.resume();
    timers.advance(5_000);
    expect(ticks).toBeGreaterThan(4);
  });
});
