import type { LiveServerFrame, RequestRow } from "@agentpane/protocol";
import { expect, test } from "vitest";
import { FakeClock, settle } from "../fake-clock.ts";
import { FakeEngine, sessionRow } from "../fake-engine.ts";
import type { Frame } from "./frame.ts";
import { COALESCE_MS, Hub, URGENT_COALESCE_MS } from "./hub.ts";
import { MAX_WAITING_BYTES, type Pipe } from "./pipe.ts";
import { Ring } from "./ring.ts";

/** A reader that takes as much as a test lets it. */
class FakePipe implements Pipe {
  readonly raw: Frame[] = [];
  waitingBytes = 0;
  closed = false;
  stalled = false;
  #drained: (() => void)[] = [];

  write(frame: Frame): void {
    this.raw.push(frame);
    if (this.stalled) this.waitingBytes += frame.ws.byteLength;
  }

  whenDrained(run: () => void): void {
    this.#drained.push(run);
  }

  destroy(): void {
    this.closed = true;
  }

  drain(): void {
    this.stalled = false;
    this.waitingBytes = 0;
    for (const run of this.#drained.splice(0)) run();
  }

  get frames(): LiveServerFrame[] {
    return this.raw.map(({ ws }) => JSON.parse(ws.subarray(ws.indexOf("{")).toString()));
  }

  get types(): string[] {
    return this.frames.map(({ type }) => type);
  }
}

function setUp(ring?: Ring) {
  const clock = new FakeClock();
  const engine = new FakeEngine();
  const faults: unknown[] = [];
  const hub = new Hub({
    reader: engine.reader,
    clock,
    onFault: (error) => faults.push(error),
    onChanges: () => {},
    ...(ring === undefined ? {} : { ring }),
  });
  return { clock, engine, hub, faults };
}

async function attached(hub: Hub, pipe = new FakePipe()): Promise<FakePipe> {
  hub.attach(pipe, null);
  await settle();
  return pipe;
}

test("a new reader gets a snapshot and then every change", async () => {
  const { engine, hub } = setUp();
  engine.put(sessionRow("a"));
  const pipe = await attached(hub);
  hub.publish(engine.put(sessionRow("b")));
  expect(pipe.frames).toMatchObject([
    { type: "snapshot", n: 0, total: 1, sessions: [{ id: "a" }] },
    { type: "changes", n: 1, total: 2, sessions: [{ id: "b" }] },
  ]);
});

test("the first change goes at once and what follows within 16 ms goes together, the latest of each", async () => {
  const { clock, engine, hub } = setUp();
  const pipe = await attached(hub);
  hub.publish(engine.put(sessionRow("a", "first")));
  expect(pipe.types).toEqual(["snapshot", "changes"]);
  hub.publish(engine.put(sessionRow("a", "second")));
  hub.publish(engine.put(sessionRow("b", "other")));
  hub.publish(engine.put(sessionRow("a", "third")));
  expect(pipe.types).toEqual(["snapshot", "changes"]);
  await clock.advance(COALESCE_MS);
  expect(pipe.frames[2]).toMatchObject({ n: 2, sessions: [{ title: "third" }, { title: "other" }] });
  await clock.advance(1_000);
  expect(pipe.frames).toHaveLength(3);
});

test("what a person waits for is not kept back with the rest, and takes along what came before it", async () => {
  const { clock, engine, hub } = setUp();
  const pipe = await attached(hub);
  const request = { id: "r_1" } as RequestRow;
  hub.publish(engine.put(sessionRow("a")));
  hub.publish(engine.put(sessionRow("b")));
  hub.publish(engine.committed(null, { requests: [request] }).changes);
  await clock.advance(URGENT_COALESCE_MS - 1);
  expect(pipe.frames).toHaveLength(2);
  await clock.advance(1);
  expect(pipe.frames[2]).toMatchObject({ sessions: [{ id: "b" }], requests: [{ id: "r_1" }] });
  await clock.advance(URGENT_COALESCE_MS);
  hub.publish(engine.put(sessionRow("c")));
  expect(pipe.frames).toHaveLength(3);
  // Long enough after the last frame it goes at once.
  hub.publish(engine.committed(null, { requests: [request] }).changes);
  expect(pipe.frames[3]).toMatchObject({ sessions: [{ id: "c" }], requests: [{ id: "r_1" }] });
  await clock.advance(COALESCE_MS);
  expect(pipe.frames).toHaveLength(4);
});

test("a session that was removed and came back is told as it is now", async () => {
  const { clock, engine, hub } = setUp();
  const pipe = await attached(hub);
  hub.publish(engine.put(sessionRow("x")));
  hub.publish(engine.committed(null, { removed: ["a", "b"] }).changes);
  hub.publish(engine.put(sessionRow("b")));
  await clock.advance(COALESCE_MS);
  expect(pipe.frames[2]).toMatchObject({ removed: ["a"], sessions: [{ id: "b" }] });
});

test("a commit that changed nothing to be seen makes no frame", async () => {
  const { engine, hub } = setUp();
  const pipe = await attached(hub);
  hub.publish(engine.committed(null).changes);
  expect(pipe.types).toEqual(["snapshot"]);
});

test("all readers get the same bytes, encoded once", async () => {
  const { engine, hub } = setUp();
  const pipes = await Promise.all([attached(hub), attached(hub), attached(hub)]);
  hub.publish(engine.put(sessionRow("a")));
  expect(new Set(pipes.map(({ raw }) => raw[0])).size).toBe(1);
  expect(new Set(pipes.map(({ raw }) => raw[1])).size).toBe(1);
});

test("many who come at the same moment cost one reading of the store", async () => {
  const { engine, hub } = setUp();
  let reads = 0;
  engine.beforeSessions = async () => {
    reads += 1;
  };
  const pipes = await Promise.all(Array.from({ length: 100 }, () => attached(hub)));
  expect(reads).toBe(1);
  expect(pipes.every(({ types }) => types.length === 1)).toBe(true);
});

test("what happens while a snapshot is read is not lost", async () => {
  const { engine, hub } = setUp();
  const pipe = new FakePipe();
  let release = () => {};
  engine.beforeSessions = () =>
    new Promise((resolve) => {
      release = resolve;
    });
  hub.attach(pipe, null);
  hub.publish(engine.put(sessionRow("during")));
  release();
  await settle();
  expect(pipe.frames).toMatchObject([
    { type: "snapshot", n: 0 },
    { type: "changes", n: 1, sessions: [{ id: "during" }] },
  ]);
});

test("a reader that resumes gets just what it missed", async () => {
  const { clock, engine, hub } = setUp();
  for (const id of ["a", "b", "c"]) {
    hub.publish(engine.put(sessionRow(id)));
    await clock.advance(COALESCE_MS);
  }
  const pipe = new FakePipe();
  hub.attach(pipe, { epoch: hub.epoch, n: 1 });
  expect(pipe.frames).toMatchObject([
    { type: "changes", n: 2, sessions: [{ id: "b" }] },
    { type: "changes", n: 3, sessions: [{ id: "c" }] },
  ]);
  hub.publish(engine.put(sessionRow("d")));
  expect(pipe.frames[2]).toMatchObject({ n: 4 });
});

test("a reader that missed nothing is told so", async () => {
  const { engine, hub } = setUp();
  engine.put(sessionRow("a"));
  await attached(hub);
  const pipe = new FakePipe();
  hub.attach(pipe, { epoch: hub.epoch, n: 0 });
  expect(pipe.frames).toMatchObject([{ type: "changes", n: 0, sessions: [], total: 1 }]);
});

test.each([
  ["another epoch", "epoch", { epoch: "another", n: 0 }],
  ["an n that was evicted", "evicted", { n: 1 }],
  ["an n that was never reached", "evicted", { n: 99 }],
])("a cursor of %s gets a resync and a snapshot", async (_, reason, cursor) => {
  const { clock, engine, hub } = setUp(new Ring(2));
  for (const id of ["a", "b", "c", "d"]) {
    hub.publish(engine.put(sessionRow(id)));
    await clock.advance(COALESCE_MS);
  }
  const pipe = new FakePipe();
  hub.attach(pipe, { epoch: hub.epoch, ...cursor });
  await settle();
  expect(pipe.frames).toMatchObject([
    { type: "resync", reason },
    { type: "snapshot", n: 4, total: 4 },
  ]);
});

test("a slow reader is sent nothing more until it drains, and then starts anew", async () => {
  const { clock, engine, hub } = setUp();
  const quick = await attached(hub);
  const slow = await attached(hub);
  slow.stalled = true;
  const title = "x".repeat(20_000);
  for (let i = 0; i < 500; i += 1) {
    hub.publish(engine.put(sessionRow("a", `${i} ${title}`)));
    await clock.advance(COALESCE_MS);
  }
  // Not a byte beyond the bound, one frame and the snapshot that it had, however much happened.
  expect(slow.waitingBytes).toBeLessThan(MAX_WAITING_BYTES * 1.1);
  expect(quick.frames).toHaveLength(501);
  const before = slow.frames.length;
  slow.drain();
  await settle();
  expect(slow.types.slice(before)).toEqual(["resync", "snapshot"]);
  hub.publish(engine.put(sessionRow("b")));
  expect(slow.frames.at(-1)).toMatchObject({ type: "changes", sessions: [{ id: "b" }] });
});

test("a reader that takes nothing for a minute is gone", async () => {
  const { clock, engine, hub } = setUp();
  const slow = await attached(hub);
  slow.waitingBytes = MAX_WAITING_BYTES * 3;
  hub.publish(engine.put(sessionRow("a")));
  await clock.advance(59_000);
  expect(slow.closed).toBe(false);
  await clock.advance(1_000);
  expect(slow.closed).toBe(true);
});

test("a snapshot that cannot be read ends the reader, so that it comes again", async () => {
  const { engine, hub, faults } = setUp();
  engine.beforeSessions = () => Promise.reject(new Error("broken"));
  const pipe = await attached(hub);
  expect(pipe.closed).toBe(true);
  expect(faults).toHaveLength(1);
});
