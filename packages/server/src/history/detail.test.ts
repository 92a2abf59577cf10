import { expect, test } from "vitest";
import { answer, goodbye, human, toolCall } from "../test-lines.ts";
import { NOON, openTestStore } from "../test-store.ts";
import { TestTranscript } from "../test-transcript.ts";

const T = NOON - 60_000;
const SECOND = 1000;

function agent(id: string, ...lines: Parameters<TestTranscript["append"]>): TestTranscript {
  return new TestTranscript("s1", { subagent: id }).append(...lines);
}

test("a session tells its subagents with what their parent said of them and what they do", async () => {
  await using store = await openTestStore();
  const main = new TestTranscript("s1").append(
    human("go", T),
    toolCall("m1", "c1", "Agent", { description: "look", prompt: "look" }, T),
  );
  const running = agent("a2", human("look", T + SECOND), toolCall("m2", "c2", "Grep", { pattern: "x" }, T + SECOND));
  running.meta = { type: "Explore", description: "look", call: "c1", model: "haiku" };
  const done = agent("a1", human("plan", T), answer("m3", "planned", T + 2 * SECOND));
  await store.commit(main, running, done);
  const detail = await store.engine.reader.session("s1");
  expect(detail?.subagents).toEqual({ total: 2, running: 1 });
  expect(detail?.agents).toMatchObject([
    { id: "a1", status: "ended", since: T + 2 * SECOND, activity: null, startedAt: T, events: 3 },
    {
      id: "a2",
      type: "Explore",
      description: "look",
      call: "c1",
      status: "working",
      activity: { what: "Grep", since: T + SECOND },
      lastActivityAt: T + SECOND,
    },
  ]);
});

test("a subagent whose session said goodbye has ended with it", async () => {
  await using store = await openTestStore();
  const running = agent("a1", human("look", T), toolCall("m2", "c2", "Grep", { pattern: "x" }, T));
  await store.commit(new TestTranscript("s1").append(human("go", T), goodbye()), running);
  expect((await store.engine.reader.session("s1"))?.agents).toMatchObject([{ id: "a1", status: "ended" }]);
});

test("a subagent's facts can come later, and stay when it goes on", async () => {
  await using store = await openTestStore();
  const one = agent("a1", human("look", T));
  await store.commit(new TestTranscript("s1").append(human("go", T)), one);
  const told = await store.send([one.touch({ meta: { type: "Plan", finished: true } })]);
  expect(told.changes.sessions).toMatchObject([{ id: "s1", subagents: { total: 1, running: 0 } }]);
  await store.commit(one.append(answer("m1", "ok", T)));
  expect((await store.engine.reader.session("s1"))?.agents).toMatchObject([{ type: "Plan", finished: true }]);
});

test("a session names every file that it is told in, the primary first", async () => {
  await using store = await openTestStore();
  const main = new TestTranscript("s1").append(human("go", T + SECOND));
  const copy = new TestTranscript("s1", { root: "/copy" }).append(human("go", T));
  const second = new TestTranscript("s1", { copy: 2 }).append(human("go", T));
  await store.commit(agent("a1", human("x", T)), copy, second, main);
  const detail = await store.engine.reader.session("s1");
  expect(detail?.sources.map(({ root, copy: number, subagent, primary }) => [root, number, subagent, primary])).toEqual(
    [
      ["/home/dev/.claude", 1, null, true],
      ["/copy", 1, null, false],
      ["/home/dev/.claude", 2, null, false],
      ["/home/dev/.claude", 1, "a1", false],
    ],
  );
});

test("a session has its todo list and the line types that nobody knows", async () => {
  await using store = await openTestStore();
  const todos = [
    { content: "plan", status: "completed", activeForm: "planning" },
    { content: "build", status: "in_progress", activeForm: "building" },
  ];
  const main = new TestTranscript("s1").append(
    human("go", T),
    toolCall("m1", "c1", "TodoWrite", { todos }, T),
    { type: "brand-new-thing", sessionId: "s1" },
    { type: "brand-new-thing", sessionId: "s1" },
  );
  await store.commit(main);
  const detail = await store.engine.reader.session("s1");
  expect(detail?.todo).toEqual({ done: 1, total: 2 });
  expect(detail?.todos).toMatchObject([
    { text: "plan", status: "completed" },
    { text: "build", status: "in_progress" },
  ]);
  expect(detail?.unknownTypes).toEqual({ "brand-new-thing": 2 });
  expect(detail?.unknownLines).toBe(2);
});

test("a session that nobody knows is null", async () => {
  await using store = await openTestStore();
  expect(await store.engine.reader.session("nobody")).toBeNull();
});
