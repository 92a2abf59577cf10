import { expect, test } from "vitest";
import { answer, goodbye, human, title, toolCall, toolResult, turnEnd } from "../test-lines.ts";
import { MACHINE, NOON, OTHER_MACHINE, openTestStore } from "../test-store.ts";
import { ingestBody, inParts, TestTranscript } from "../test-transcript.ts";

const T = NOON - 60_000;

function conversation(session: string): TestTranscript {
  return new TestTranscript(session).append(
    human("add retries to the client", T),
    toolCall("m1", "c1", "Bash", { command: "npm test" }, T + 1000),
    toolResult("c1", "ok", T + 2000),
    answer("m2", "Done.", T + 3000),
    turnEnd(T + 3100),
  );
}

test("what was committed is listed, read back and answered as cursor", async () => {
  await using store = await openTestStore();
  const transcript = conversation("s1");
  const { answer: committed, changes } = await store.commit(transcript);
  expect(committed.answers).toEqual([
    { result: "committed", cursor: { generation: 1, offset: transcript.bytes.length } },
  ]);
  expect(changes.total).toBe(1);
  expect(changes.sessions).toMatchObject([
    { id: "s1", goal: "add retries to the client", project: "shop", branch: "main", status: "ready", turns: 1 },
  ]);
  expect((await store.list()).sessions).toEqual(changes.sessions);
  const page = await store.page("s1");
  expect(page.events.map((event) => event.kind)).toEqual([
    "prompt",
    "tool.call",
    "response",
    "tool.result",
    "text",
    "response",
    "turn.end",
  ]);
  expect(page.events.length).toBe(changes.sessions[0]?.events);
});

test("a segment sent twice takes effect once, and the second is told where to go on", async () => {
  await using store = await openTestStore();
  const segment = conversation("s1").next();
  await store.send([segment]);
  const before = await store.page("s1");
  const again = await store.send([segment]);
  expect(again.answer.answers).toEqual([
    { result: "cursor_mismatch", cursor: { generation: 1, offset: segment.segment.to } },
  ]);
  expect(again.changes.sessions).toEqual([]);
  expect(await store.page("s1")).toEqual(before);
});

test("the same segment twice in one body, and in two bodies that wait together, takes effect once", async () => {
  await using store = await openTestStore();
  const segment = conversation("s1").next();
  const [first, second] = await Promise.all([store.send([segment, segment]), store.send([segment])]);
  const results = [...first.answer.answers, ...second.answer.answers].map(({ result }) => result);
  expect(results).toEqual(["committed", "cursor_mismatch", "cursor_mismatch"]);
  expect((await store.page("s1")).events).toHaveLength(segment.segment.events.length);
});

test("a gap is refused with the stored cursor, and an unknown source must begin at its beginning", async () => {
  await using store = await openTestStore();
  const transcript = conversation("s1");
  const [first, second, third] = [transcript.next(1), transcript.next(1), transcript.next(1)];
  expect((await store.send([second])).answer.answers).toEqual([{ result: "cursor_mismatch", cursor: null }]);
  await store.send([first]);
  expect((await store.send([third])).answer.answers).toEqual([
    { result: "cursor_mismatch", cursor: { generation: 1, offset: first.segment.to } },
  ]);
  const later = { ...first, segment: { ...first.segment, generation: 3 } };
  expect((await store.send([later])).answer.answers).toMatchObject([{ result: "cursor_mismatch" }]);
});

test("a rewritten file begins its next generation, and a page shows only that", async () => {
  await using store = await openTestStore();
  const transcript = conversation("s1");
  await store.commit(transcript);
  transcript.rewrite().append(human("start over", T + 9000));
  const { answer: committed, changes } = await store.commit(transcript);
  expect(committed.answers).toMatchObject([{ result: "committed", cursor: { generation: 2 } }]);
  expect(changes.grown).toMatchObject([{ session: "s1", subagent: null, reset: true }]);
  expect(changes.sessions).toMatchObject([{ goal: "start over", events: 1, turns: 1 }]);
  expect((await store.page("s1")).events.map((event) => event.kind)).toEqual(["prompt"]);
});

test("a file that was truncated to nothing keeps its session, now empty", async () => {
  await using store = await openTestStore();
  const transcript = conversation("s1");
  await store.commit(transcript);
  const { answer: committed } = await store.send([transcript.rewrite().touch()]);
  expect(committed.answers).toEqual([{ result: "committed", cursor: { generation: 2, offset: 0 } }]);
  const { sessions, total } = await store.list();
  expect(total).toBe(1);
  expect(sessions).toMatchObject([{ id: "s1", events: 0, bytes: 0, goal: null, status: "unknown" }]);
  expect((await store.page("s1")).events).toEqual([]);
});

test("a touch changes path, facts and presence of a file, and nothing else", async () => {
  await using store = await openTestStore();
  const transcript = conversation("s1");
  await store.commit(transcript);
  const before = await store.page("s1");
  const touch = transcript.touch({ path: "/home/dev/.claude/projects/-elsewhere/s1.jsonl", gone: true });
  const { answer: committed } = await store.send([touch]);
  expect(committed.answers).toEqual([
    { result: "committed", cursor: { generation: 1, offset: transcript.bytes.length } },
  ]);
  const [source] = (await store.engine.reader.session("s1"))?.sources ?? [];
  expect(source).toMatchObject({ path: touch.segment.path, gone: true, offset: transcript.bytes.length });
  expect(await store.page("s1")).toEqual(before);
});

test("an empty file makes no session until its first line", async () => {
  await using store = await openTestStore();
  const transcript = new TestTranscript("s1");
  expect((await store.send([transcript.touch()])).changes).toMatchObject({ sessions: [], total: 0 });
  expect(await store.engine.reader.session("s1")).toBeNull();
  expect((await store.commit(transcript.append(human("hello", T)))).changes.total).toBe(1);
});

test("one bad segment is refused by itself, with the path of what is wrong", async () => {
  await using store = await openTestStore();
  const good = conversation("good").next();
  const bad = conversation("bad").next();
  const [event] = bad.segment.events;
  Object.assign(event ?? {}, { summary: "x".repeat(241) });
  const { answer: answers } = await store.send([bad, good]);
  expect(answers.answers[0]).toMatchObject({
    result: "invalid",
    message: expect.stringContaining("segments[0].events[0].summary"),
  });
  expect(answers.answers[1]).toMatchObject({ result: "committed" });
  expect((await store.list()).sessions.map(({ id }) => id)).toEqual(["good"]);
  expect((await store.page("good", { view: "full" })).events.at(0)).toMatchObject({
    content: { text: "add retries to the client" },
  });
});

test("bodies that wait together are committed together and told once", async () => {
  await using store = await openTestStore();
  const transcripts = ["a", "b", "c"].map(conversation);
  const answers = await Promise.all(transcripts.map((transcript) => store.send([transcript.next()])));
  expect(answers.map(({ answer: one }) => one.answers[0]?.result)).toEqual(["committed", "committed", "committed"]);
  const told = answers.flatMap(({ changes }) => changes.sessions.map(({ id }) => id));
  expect(told.sort()).toEqual(["a", "b", "c"]);
  expect(answers.map(({ changes }) => changes.total)).toEqual([3, 3, 3]);
});

test("a body that is no body fails alone among those that wait with it", async () => {
  await using store = await openTestStore();
  const good = store.send([conversation("good").next()]);
  const broken = store.engine.writer.ingest(MACHINE, new Uint8Array([1, 2, 3]));
  const alsoGood = store.send([conversation("also").next()]);
  await expect(broken).rejects.toMatchObject({ code: "invalid_frame" });
  expect((await good).answer.answers).toMatchObject([{ result: "committed" }]);
  expect((await alsoGood).answer.answers).toMatchObject([{ result: "committed" }]);
});

test("a machine that never registered is refused", async () => {
  await using store = await openTestStore();
  const sent = store.send([conversation("s1").next()], OTHER_MACHINE);
  await expect(sent).rejects.toMatchObject({ code: "conflict" });
});

test("two machines with the same session keep their cursors apart, and the later lines are shown", async () => {
  await using store = await openTestStore();
  await store.register(OTHER_MACHINE);
  const here = conversation("s1");
  await store.commit(here);
  const there = conversation("s1").append(human("and now from my desk", T + 30_000));
  const { changes } = await store.send([there.next()], OTHER_MACHINE);
  expect(changes.sessions).toMatchObject([{ id: "s1", machine: { id: OTHER_MACHINE, name: "desk" }, turns: 2 }]);
  expect(changes.grown).toMatchObject([{ session: "s1", reset: true }]);
  const detail = await store.engine.reader.session("s1");
  expect(detail?.sources.map(({ machine, primary }) => [machine.name, primary])).toEqual([
    ["desk", true],
    ["laptop", false],
  ]);
  here.append(turnEnd(T + 3200));
  const behind = await store.commit(here);
  expect(behind.changes.grown).toEqual([]);
  expect((await store.list()).total).toBe(1);
});

test("a chunk in parts is joined once all are there, whatever came between", async () => {
  await using store = await openTestStore();
  const transcript = conversation("s1");
  const whole = transcript.next();
  const { parts, joined } = inParts(whole, 100);
  const [first, ...rest] = parts;
  if (first === undefined) throw new Error("no parts");
  expect(parts.length).toBeGreaterThan(2);
  const { writer } = store.engine;
  await writer.ingest(MACHINE, ingestBody([], { parts: [first] }));
  expect((await store.send([joined])).answer.answers).toEqual([{ result: "parts_missing" }]);
  await writer.ingest(MACHINE, ingestBody([], { parts: [first, ...rest.slice(0, 1)] }));
  await writer.ingest(MACHINE, ingestBody([], { parts: [first, ...rest.slice(1)] }));
  const { answer: answers } = await store.send([joined]);
  expect(answers.answers).toMatchObject([{ result: "committed" }]);
  const [prompt] = (await store.page("s1", { view: "full" })).events;
  expect(prompt?.content?.text).toBe("add retries to the client");
});

test("parts that do not add up to their hash are asked for again", async () => {
  await using store = await openTestStore();
  const { parts, joined } = inParts(conversation("s1").next(), 100);
  const spoilt = parts.map(({ part, bytes }) => ({ part, bytes: new Uint8Array(bytes.length) }));
  const sent = await store.engine.writer.ingest(MACHINE, ingestBody([joined], { parts: spoilt }));
  expect(sent.answer.answers).toEqual([{ result: "parts_missing" }]);
  const mended = await store.engine.writer.ingest(MACHINE, ingestBody([joined], { parts }));
  expect(mended.answer.answers).toMatchObject([{ result: "committed" }]);
});

test("a subagent is told as part of its session, and alone makes a stub without title", async () => {
  await using store = await openTestStore();
  const agent = new TestTranscript("s1", { subagent: "a1" }).append(
    human("look around", T),
    answer("x1", "Seen.", T + 500),
  );
  const { changes } = await store.commit(agent);
  expect(changes.sessions).toMatchObject([
    { id: "s1", title: null, goal: null, project: "shop", subagents: { total: 1, running: 0 }, events: 0 },
  ]);
  expect((await store.page("s1")).events).toEqual([]);
  const main = conversation("s1").append(title("Retries"));
  const whole = await store.commit(main);
  expect(whole.changes.sessions).toMatchObject([{ title: "Retries", subagents: { total: 1, running: 0 } }]);
  expect(whole.changes.grown).toMatchObject([{ session: "s1", subagent: null, reset: false }]);
  agent.append(answer("x2", "More.", T + 5000));
  const more = await store.commit(agent);
  expect(more.changes.grown).toMatchObject([{ session: "s1", subagent: "a1", reset: false }]);
  expect((await store.page("s1", { subagent: "a1" })).events.every(({ subagent }) => subagent === "a1")).toBe(true);
});

test("everything stands after the store was closed and opened again", async () => {
  await using store = await openTestStore();
  const transcript = conversation("s1").append(goodbye());
  await store.commit(transcript);
  const epoch = store.engine.storeEpoch;
  const before = [await store.list(), await store.page("s1"), await store.engine.reader.session("s1")];
  await store.reopen();
  expect(store.engine.storeEpoch).toBe(epoch);
  expect([await store.list(), await store.page("s1"), await store.engine.reader.session("s1")]).toEqual(before);
  const registered = await store.register(MACHINE);
  expect(registered.answer.cursors).toEqual([
    {
      source: transcript.source,
      generation: 1,
      offset: transcript.bytes.length,
      path: transcript.path,
      birthMs: 1_700_000_000_000,
      proof: transcript.touch().segment.proof,
      gone: false,
      deleted: false,
    },
  ]);
});
