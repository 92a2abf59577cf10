import { AgentPaneError, MAX_BODY_BYTES } from "@agentpane/protocol";
import { expect, test } from "vitest";
import { FakeClock } from "../fake-clock.ts";
import { IngestGate, MAX_QUEUED_BYTES } from "./ingest-gate.ts";

function refusal(work: () => void): AgentPaneError | null {
  try {
    work();
    return null;
  } catch (error) {
    return error as AgentPaneError;
  }
}

test("a backfill of a gigabyte in ten seconds goes through unhindered", async () => {
  const clock = new FakeClock();
  const gate = new IngestGate(clock);
  // 250 MB of bodies, four at a time, with the live lines of 200 sessions beside them.
  for (let second = 0; second < 10; second += 1) {
    for (let i = 0; i < 5; i += 1) gate.enter("a", MAX_BODY_BYTES);
    for (let i = 0; i < 1_500; i += 1) gate.enter("a", 3_000);
    await clock.advance(1_000);
  }
});

test("a runaway monitor is told to wait, and the others are not", async () => {
  const clock = new FakeClock();
  const gate = new IngestGate(clock);
  let refused: AgentPaneError | null = null;
  for (let i = 0; i < 100_000 && refused === null; i += 1) refused = refusal(() => gate.enter("a", 10));
  expect(refused).toMatchObject({ code: "rate_limited" });
  expect(refused?.retryAfterSeconds).toBeGreaterThanOrEqual(1);
  expect(refusal(() => gate.enter("b", 10))).toBeNull();
  await clock.advance((refused?.retryAfterSeconds ?? 0) * 1_000);
  expect(refusal(() => gate.enter("a", 10))).toBeNull();
});

test("the queue towards the writer takes so many bytes, and takes more once some are through", async () => {
  const gate = new IngestGate(new FakeClock());
  const done: (() => void)[] = [];
  const hold = () => gate.hold(MAX_BODY_BYTES, () => new Promise<void>((resolve) => done.push(resolve)));
  const held = Array.from({ length: Math.floor(MAX_QUEUED_BYTES / MAX_BODY_BYTES) }, hold);
  await expect(hold()).rejects.toMatchObject({ code: "store_busy", retryAfterSeconds: 1 });
  // A small live body still fits beside the large ones.
  await gate.hold(10_000, async () => {});
  done[0]?.();
  await held[0];
  const next = hold();
  for (const finish of done) finish();
  await Promise.all([...held, next]);
});

test("a failed write gives its place back", async () => {
  const gate = new IngestGate(new FakeClock());
  const fail = () => gate.hold(MAX_QUEUED_BYTES, () => Promise.reject(new AgentPaneError("store_full", "full")));
  await expect(fail()).rejects.toMatchObject({ code: "store_full" });
  await expect(fail()).rejects.toMatchObject({ code: "store_full" });
});
