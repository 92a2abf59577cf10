import { expect, test } from "vitest";
import { human, toolCall } from "../test-lines.ts";
import { NOON, openTestStore } from "../test-store.ts";
import { ingestBody, inParts, TestTranscript } from "../test-transcript.ts";

const MINUTE = 60_000;

test("a limit that passes is shown by every read at once, and told by the next sweep", async () => {
  await using store = await openTestStore();
  const question = toolCall("m1", "c1", "AskUserQuestion", { questions: [{ question: "Which database?" }] }, NOON);
  await store.commit(new TestTranscript("s1").append(human("go", NOON), question));
  expect((await store.list({ status: "question" })).total).toBe(1);

  store.clock.now = NOON + 10 * MINUTE;
  await store.send([]);
  expect((await store.list()).sessions).toMatchObject([{ status: "unknown" }]);
  expect((await store.list({ status: "question" })).total).toBe(0);
  expect((await store.list({ status: "unknown" })).sessions).toMatchObject([{ id: "s1", status: "unknown" }]);
  expect(await store.engine.reader.session("s1")).toMatchObject({ status: "unknown", source: "silence" });

  const swept = await store.engine.writer.sweep();
  expect(swept.changes.sessions).toMatchObject([{ id: "s1", status: "unknown" }]);
  expect((await store.engine.writer.sweep()).changes.sessions).toEqual([]);
  expect((await store.list({ status: "unknown" })).total).toBe(1);
});

test("a sweep says when to come again", async () => {
  await using store = await openTestStore();
  expect((await store.engine.writer.sweep()).answer.nextAt).toBe(NOON + 30_000);
  await store.commit(new TestTranscript("s1").append(human("go", NOON - 595_000)));
  expect((await store.engine.writer.sweep()).answer.nextAt).toBe(NOON + 5_000);
});

test("what changed while no server ran is so from the first read on", async () => {
  await using store = await openTestStore();
  await store.commit(new TestTranscript("s1").append(human("go", NOON)));
  store.clock.now = NOON + 25 * 60 * MINUTE;
  await store.reopen();
  expect((await store.list({ status: "ended" })).sessions).toMatchObject([
    { id: "s1", status: "ended", sentence: "nothing since 2026-10-20 12:00 UTC" },
  ]);
});

test("parts that nobody came back for are dropped after an hour", async () => {
  await using store = await openTestStore();
  const { parts, joined } = inParts(new TestTranscript("s1").append(human("go", NOON)).next(), 100);
  const machine = (await store.engine.reader.machines())[0]?.id ?? "";
  await store.engine.writer.ingest(machine, ingestBody([], { parts }));
  store.clock.now += 61 * MINUTE;
  await store.engine.writer.sweep();
  expect((await store.send([joined])).answer.answers).toEqual([{ result: "parts_missing" }]);
});
