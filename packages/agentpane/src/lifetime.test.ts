import { expect, onTestFinished, test, vi } from "vitest";
import { aborted, Lifetime } from "./lifetime.ts";

test("the first signal asks for a stop; the second finds nobody listening and ends the process", () => {
  const life = new Lifetime();
  const before = process.listenerCount("SIGHUP");
  const { signal } = life;
  expect(process.listenerCount("SIGHUP")).toBe(before + 1);
  process.emit("SIGHUP");
  expect(signal.aborted).toBe(true);
  expect(process.listenerCount("SIGHUP")).toBe(before);
});

test("a stop that hangs is overdue after five seconds", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const life = new Lifetime();
  let overdue = false;
  const waiting = life.overdue.then(() => {
    overdue = true;
  });
  const stopped = aborted(life.signal);
  process.emit("SIGHUP");
  await stopped;
  await vi.advanceTimersByTimeAsync(4_999);
  expect(overdue).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await waiting;
  expect(overdue).toBe(true);
});

test("a program that nobody stops is never overdue", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const life = new Lifetime();
  const first = Promise.race([
    life.overdue.then(() => "overdue"),
    new Promise((done) => setTimeout(done, 60_000, "well")),
  ]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await first).toBe("well");
});
