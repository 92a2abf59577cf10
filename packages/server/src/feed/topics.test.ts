import type { LiveServerFrame } from "@agentpane/protocol";
import { expect, test } from "vitest";
import { FakeClock, settle } from "../fake-clock.ts";
import { FakeEngine, promptEvent, sessionRow } from "../fake-engine.ts";
import type { Frame } from "./frame.ts";
import { MAX_WAITING_BYTES, type Pipe } from "./pipe.ts";
import { MAX_WATCHES_PER_READER, Topics } from "./topics.ts";

class FakePipe implements Pipe {
  readonly raw: Frame[] = [];
  waitingBytes = 0;
  closed = false;
  #drained: (() => void)[] = [];

  write(frame: Frame): void {
    this.raw.push(frame);
  }

  whenDrained(run: () => void): void {
    this.#drained.push(run);
  }

  destroy(): void {
    this.closed = true;
  }

  drain(): void {
    this.waitingBytes = 0;
    for (const run of this.#drained.splice(0)) run();
  }

  get frames(): LiveServerFrame[] {
    return this.raw.map(({ ws }) => JSON.parse(ws.subarray(ws.indexOf("{")).toString()));
  }

  /** Offsets of all events that came, in order. */
  get offsets(): number[] {
    return this.frames.flatMap((frame) => (frame.type === "events" ? frame.events.map(({ offset }) => offset) : []));
  }
}

function setUp(events = 3) {
  const clock = new FakeClock();
  const engine = new FakeEngine();
  const transcript = Array.from({ length: events }, (_, at) => promptEvent("s", at));
  engine.transcripts.set("s", transcript);
  let reads = 0;
  const { eventsAfter } = engine.reader;
  engine.reader.eventsAfter = (...args) => {
    reads += 1;
    return eventsAfter(...args);
  };
  const faults: unknown[] = [];
  const topics = new Topics({ reader: engine.reader, clock, onFault: (error) => faults.push(error) });
  const grow = (session = "s", subagent: string | null = null) => {
    transcript.push(promptEvent("s", transcript.length));
    topics.changed(engine.committed(null, { grown: [{ session, subagent, next: "", reset: false }] }).changes);
  };
  return { clock, engine, topics, grow, faults, reads: () => reads };
}

const range = (count: number) => Array.from({ length: count }, (_, at) => at);

test("a watcher catches up from its place and then follows", async () => {
  const { clock, topics, grow } = setUp();
  const pipe = new FakePipe();
  topics.watch(pipe, "s", null, "start");
  await settle();
  expect(pipe.offsets).toEqual([0, 1, 2]);
  await clock.advance(100);
  grow();
  await settle();
  expect(pipe.offsets).toEqual([0, 1, 2, 3]);
  expect(pipe.frames.at(-1)).toMatchObject({ type: "events", session: "s", subagent: null, next: "4" });
});

test("a watcher at the end is answered with its place, and then gets only what is new", async () => {
  const { clock, topics, grow } = setUp();
  const pipe = new FakePipe();
  topics.watch(pipe, "s", null, "end");
  await settle();
  expect(pipe.frames).toMatchObject([{ type: "events", events: [], next: "3" }]);
  await clock.advance(100);
  grow();
  await settle();
  expect(pipe.offsets).toEqual([3]);
});

test("a long transcript comes in pages, whole and in order", async () => {
  const { clock, topics } = setUp(1_234);
  const pipe = new FakePipe();
  topics.watch(pipe, "s", null, "start");
  await clock.advance(1_000);
  expect(pipe.offsets).toEqual(range(1_234));
  expect(pipe.frames).toHaveLength(3);
});

test("growth within 16 ms is read once, and watchers at one place share the reading and the bytes", async () => {
  const { clock, topics, grow, reads } = setUp();
  const pipes = range(50).map(() => new FakePipe());
  for (const pipe of pipes) topics.watch(pipe, "s", null, "end");
  await clock.advance(100);
  const before = reads();
  grow();
  await settle();
  for (let i = 0; i < 20; i += 1) grow();
  await clock.advance(100);
  expect(reads() - before).toBe(2);
  for (const pipe of pipes) expect(pipe.offsets).toEqual(range(21).map((at) => at + 3));
  expect(new Set(pipes.map(({ raw }) => raw.at(-1))).size).toBe(1);
});

test("a slow watcher is left behind, and reads on from its own place once it drains", async () => {
  const { clock, topics, grow } = setUp();
  const quick = new FakePipe();
  const slow = new FakePipe();
  for (const pipe of [quick, slow]) topics.watch(pipe, "s", null, "end");
  await clock.advance(100);
  slow.waitingBytes = MAX_WAITING_BYTES + 1;
  for (let i = 0; i < 5; i += 1) {
    grow();
    await clock.advance(100);
  }
  expect(quick.offsets).toEqual([3, 4, 5, 6, 7]);
  expect(slow.offsets).toEqual([]);
  slow.drain();
  await clock.advance(100);
  expect(slow.offsets).toEqual([3, 4, 5, 6, 7]);
});

test("one that was deleted is refused as such, and nothing is at fault", async () => {
  const { engine, topics, faults } = setUp();
  engine.put(sessionRow("s"));
  await engine.writer.deleteSession("s");
  const pipe = new FakePipe();
  topics.watch(pipe, "s", null, "start");
  await settle();
  expect(pipe.frames).toMatchObject([{ type: "error", code: "session_deleted" }]);
  expect(faults).toEqual([]);
});

test("a transcript that is not there is refused by name, and its watcher forgotten", async () => {
  const { clock, topics, grow } = setUp();
  const pipe = new FakePipe();
  topics.watch(pipe, "none", null, "start");
  await settle();
  expect(pipe.frames).toMatchObject([{ type: "error", code: "not_found" }]);
  await clock.advance(100);
  grow("none");
  await clock.advance(100);
  expect(pipe.frames).toHaveLength(1);
});

test("a rewritten transcript is told to be read anew", async () => {
  const { clock, engine, topics, grow } = setUp();
  const pipe = new FakePipe();
  topics.watch(pipe, "s", null, "end");
  await clock.advance(100);
  engine.reader.eventsAfter = async () => ({ events: [promptEvent("s", 0)], next: "1", more: false, reset: true });
  grow();
  await settle();
  expect(pipe.frames.at(-1)).toMatchObject({ type: "events", reset: true, next: "1" });
});

test("whoever stops watching, or leaves, gets nothing more", async () => {
  const { clock, topics, grow } = setUp();
  const pipes = range(2).map(() => new FakePipe());
  for (const pipe of pipes) topics.watch(pipe, "s", null, "end");
  await clock.advance(100);
  topics.unwatch(pipes[0] as FakePipe, "s", null);
  topics.detach(pipes[1] as FakePipe);
  grow();
  await clock.advance(100);
  expect(pipes.flatMap(({ offsets }) => offsets)).toEqual([]);
});

test("a reader may watch so many transcripts, and others once it stops watching some", () => {
  const { topics } = setUp();
  const pipe = new FakePipe();
  for (const at of range(MAX_WATCHES_PER_READER)) expect(topics.watch(pipe, "s", `agent ${at}`, "end")).toBe(true);
  expect(topics.watch(pipe, "s", null, "end")).toBe(false);
  expect(topics.watch(pipe, "s", "agent 0", "start")).toBe(true);
  topics.unwatch(pipe, "s", "agent 0");
  expect(topics.watch(pipe, "s", null, "end")).toBe(true);
});

test("a failed reading is reported, and the next growth is read all the same", async () => {
  const { clock, engine, topics, grow, faults } = setUp();
  const pipe = new FakePipe();
  topics.watch(pipe, "s", null, "end");
  await clock.advance(100);
  const { eventsAfter } = engine.reader;
  engine.reader.eventsAfter = () => Promise.reject(new Error("broken"));
  grow();
  await clock.advance(100);
  expect(faults).toHaveLength(1);
  engine.reader.eventsAfter = eventsAfter;
  grow();
  await clock.advance(100);
  expect(pipe.offsets).toEqual([3, 4]);
});
