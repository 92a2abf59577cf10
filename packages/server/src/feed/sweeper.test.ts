import { expect, test } from "vitest";
import { FakeClock } from "../fake-clock.ts";
import { FakeEngine } from "../fake-engine.ts";
import { Sweeper } from "./sweeper.ts";

function setUp() {
  const clock = new FakeClock();
  const engine = new FakeEngine();
  const faults: unknown[] = [];
  let published = 0;
  const sweeper = new Sweeper({
    clock,
    sweep: () => engine.writer.sweep(),
    publish: () => {
      published += 1;
    },
    onFault: (error) => faults.push(error),
  });
  return { clock, engine, sweeper, faults, published: () => published };
}

test("it sweeps at the start and then just when the store says that a limit passes", async () => {
  const { clock, engine, sweeper, published } = setUp();
  engine.nextSweepAt = clock.now() + 600_000;
  sweeper.start();
  await clock.advance(100);
  expect(engine.sweeps).toBe(1);
  await clock.advance(599_000);
  expect(engine.sweeps).toBe(1);
  engine.nextSweepAt = null;
  await clock.advance(1_000);
  expect(engine.sweeps).toBe(2);
  expect(published()).toBe(2);
});

test("a commit that brings a nearer limit is seen before that limit can pass", async () => {
  const { clock, engine, sweeper } = setUp();
  sweeper.start();
  await clock.advance(100);
  sweeper.committed();
  await clock.advance(15_000);
  expect(engine.sweeps).toBe(2);
});

test("a limit that a commit tells of is seen just when it passes, also where a sweep runs meanwhile", async () => {
  const { clock, engine, sweeper } = setUp();
  sweeper.start();
  await clock.advance(100);
  sweeper.committed(clock.now() + 300);
  await clock.advance(299);
  expect(engine.sweeps).toBe(1);
  await clock.advance(1);
  expect(engine.sweeps).toBe(2);
  sweeper.committed(clock.now() + 50);
  await clock.advance(50);
  expect(engine.sweeps).toBe(3);
});

test("commits all the time do not put it off, nor make it sweep all the time", async () => {
  const { clock, engine, sweeper } = setUp();
  sweeper.start();
  for (let second = 0; second < 100; second += 1) {
    await clock.advance(1_000);
    sweeper.committed();
  }
  expect(engine.sweeps).toBeGreaterThanOrEqual(8);
  expect(engine.sweeps).toBeLessThanOrEqual(9);
});

test("a limit that does not move on is not swept in a tight loop", async () => {
  const { clock, engine, sweeper } = setUp();
  engine.nextSweepAt = clock.now();
  sweeper.start();
  await clock.advance(1_000);
  expect(engine.sweeps).toBeLessThanOrEqual(50);
});

test("a sweep that fails is reported and tried again", async () => {
  const { clock, engine, sweeper, faults } = setUp();
  const { sweep } = engine.writer;
  engine.writer.sweep = () => Promise.reject(new Error("disk full"));
  sweeper.start();
  await clock.advance(100);
  expect(faults).toHaveLength(1);
  engine.writer.sweep = sweep;
  await clock.advance(10_000);
  expect(engine.sweeps).toBe(1);
});

test("once closed it sweeps no more", async () => {
  const { clock, engine, sweeper } = setUp();
  engine.nextSweepAt = clock.now() + 1_000;
  sweeper.start();
  await clock.advance(100);
  sweeper.close();
  sweeper.committed();
  await clock.advance(3_600_000);
  expect(engine.sweeps).toBe(1);
});
