import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { dumpStore } from "../test-dump.ts";
import { answer, goodbye, human, toolCall, toolResult, turnEnd } from "../test-lines.ts";
import { NOON, openTestStore, type TestStore } from "../test-store.ts";
import { TestTranscript } from "../test-transcript.ts";

const T = NOON - 60_000;

function conversation(session: string, source = {}): TestTranscript {
  return new TestTranscript(session, source).append(
    human("add retries", T),
    toolCall("m1", "c1", "Bash", { command: "npm test" }, T + 1),
    toolResult("c1", "ok", T + 2),
    "this line is not JSON",
    answer("m2", "Done.", T + 3),
    turnEnd(T + 4),
    { type: "api-request", id: "plumbing that is not kept", sessionId: session },
  );
}

function change(store: TestStore, sql: string): void {
  const database = new DatabaseSync(join(store.dataDir, "agentpane.db"));
  database.exec(sql);
  database.close();
}

test("a rebuild of what was ingested changes nothing", async () => {
  await using store = await openTestStore();
  const main = conversation("s1");
  await store.commit(main, conversation("s1", { subagent: "a1" }), conversation("s1", { root: "/copy" }));
  await store.commit(main.append(human("more", T + 10), goodbye()));
  await store.commit(conversation("s2"));
  const before = dumpStore(store.dataDir);
  const { answer: outcome, changes } = await store.engine.writer.reindex();
  expect(outcome).toEqual({ sources: 4, events: before.events?.length, failed: 0 });
  expect(changes.grown).toEqual([]);
  expect(dumpStore(store.dataDir)).toEqual(before);
});

test("the events of every generation are rebuilt, the state from the latest", async () => {
  await using store = await openTestStore();
  const main = conversation("s1");
  await store.commit(main);
  await store.commit(main.rewrite().append(human("start over", T + 50)));
  const before = dumpStore(store.dataDir);
  await store.engine.writer.reindex();
  expect(dumpStore(store.dataDir)).toEqual(before);
});

test("what an older adapter and fold had made of the lines is made anew, and watchers are told", async () => {
  await using store = await openTestStore();
  await store.commit(conversation("s1"), conversation("s2"));
  const before = dumpStore(store.dataDir);
  await store.reopen();
  change(
    store,
    `UPDATE events SET body = '["human","an older reading",1,0]' WHERE source = 1 AND kind = 1;
     DELETE FROM events WHERE source = 1 AND kind = 5;
     DELETE FROM copies WHERE source = 1;
     UPDATE sources SET state = '{"goal":"stale"}', fold_version = 0, adapter_version = 0 WHERE id = 1;`,
  );
  const { answer: outcome, changes } = await store.engine.writer.reindex();
  expect(outcome).toMatchObject({ sources: 2, failed: 0 });
  expect(dumpStore(store.dataDir)).toEqual(before);
  expect(changes.grown).toMatchObject([{ session: "s1", subagent: null, reset: true }]);
  expect(changes.sessions.find(({ id }) => id === "s1")).toMatchObject({ goal: "add retries", status: "ready" });
});

test("events of lines that were never kept stay, and so do lines that were set aside", async () => {
  await using store = await openTestStore();
  const main = conversation("s1");
  const whole = main.next();
  // The second line broke the schema at some server, and its monitor set it aside.
  const offset = whole.segment.events[1]?.offset ?? 0;
  const aside = {
    kind: "malformed",
    at: null,
    offset,
    index: 0,
    reason: "longer than 16 MiB",
    bytes: 20_000_000,
  } as const;
  const events = [...whole.segment.events.filter((event) => event.offset !== offset), aside];
  events.sort((a, b) => a.offset - b.offset || a.index - b.index);
  const lines = new TestTranscript("s1").append(human("add retries", T)).next();
  await store.send([
    { segment: { ...whole.segment, events, copies: [], chunkBytes: lines.chunk.length }, chunk: lines.chunk },
  ]);
  const before = dumpStore(store.dataDir);
  expect((await store.engine.writer.reindex()).answer.failed).toBe(0);
  expect(dumpStore(store.dataDir).events).toEqual(before.events);
});

test("a source whose chunk is corrupt is counted and left as it is, and the others are rebuilt", async () => {
  await using store = await openTestStore();
  await store.commit(conversation("s1"), conversation("s2"));
  change(
    store,
    `UPDATE chunks SET bytes = x'00' WHERE source = 1;
     DELETE FROM events WHERE kind = 5;`,
  );
  const page = await store.page("s1");
  const { answer: outcome } = await store.engine.writer.reindex();
  expect(outcome).toMatchObject({ sources: 1, failed: 1 });
  expect(await store.page("s1")).toEqual(page);
  expect((await store.page("s2")).events.map(({ kind }) => kind)).toContain("tool.result");
});

test("live lines are committed while a rebuild runs, and it does not undo them", async () => {
  await using store = await openTestStore();
  const transcripts = Array.from({ length: 20 }, (_, n) => conversation(`s${n}`));
  await store.commit(...transcripts);
  const order: string[] = [];
  const rebuilding = store.engine.writer.reindex().then(() => order.push("rebuilt"));
  const live = store.commit(...transcripts.map((one) => one.append(human("meanwhile", T + 100))));
  await Promise.all([rebuilding, live.then(() => order.push("live"))]);
  expect(order).toEqual(["live", "rebuilt"]);
  expect((await store.list()).sessions.every(({ turns }) => turns === 2)).toBe(true);
});

test("one rebuild at a time", async () => {
  await using store = await openTestStore();
  await store.commit(conversation("s1"), conversation("s2"));
  const first = store.engine.writer.reindex();
  await expect(store.engine.writer.reindex()).rejects.toMatchObject({ code: "conflict" });
  await first;
  await expect(store.engine.writer.reindex()).resolves.toBeDefined();
});

test("what was deleted stays deleted through a rebuild", async () => {
  await using store = await openTestStore();
  await store.commit(conversation("s1"), conversation("s2"));
  await store.engine.writer.deleteSession("s1");
  expect((await store.engine.writer.reindex()).answer.sources).toBe(1);
  expect((await store.list()).sessions.map(({ id }) => id)).toEqual(["s2"]);
});
