import { type FindPage, type FindQuery, findPage, findQuery } from "@agentpane/protocol";
import { expect, test } from "vitest";
import { answer, human, title, toolCall, toolResult } from "../test-lines.ts";
import { NOON, openTestStore, type TestStore } from "../test-store.ts";
import { TestTranscript } from "../test-transcript.ts";

const T = NOON - 60_000;

async function step(store: TestStore, q: string, query: Partial<FindQuery> = {}): Promise<FindPage> {
  const page = await store.engine.reader.find("s1", findQuery.parse({ q, ...query }));
  return findPage.parse(page);
}

/** Every step from the beginning to the end. */
async function findAll(store: TestStore, q: string, query: Partial<FindQuery> = {}) {
  const findings: FindPage["findings"] = [];
  for (let after: string | undefined, steps = 1; ; steps++) {
    const page = await step(store, q, { ...query, ...(after === undefined ? {} : { after }) });
    findings.push(...page.findings);
    if (page.next === null) return { findings, steps, page };
    expect(page.next).not.toBe(after);
    after = page.next;
  }
}

function conversation(): TestTranscript {
  return new TestTranscript("s1").append(
    title("Mend the LOGIN"),
    human("why does login fail?", T),
    toolCall("m1", "c1", "Bash", { command: 'grep "Login\\n" src/a.ts' }, T),
    toolResult("c1", "src/a.ts:3: no login here, login there", T),
    toolCall("m2", "c2", "Edit", { file_path: "/a.ts", old_string: "x", new_string: "ЛОГИН = логин" }, T),
    answer("m3", "Done: the login works.", T),
  );
}

test("whatever the case, the text is found in what was said, asked for, answered and titled", async () => {
  await using store = await openTestStore();
  await store.commit(conversation());
  const { findings, page } = await findAll(store, "LogIn");
  expect(findings.map(({ kind, times }) => [kind, times])).toEqual([
    ["title", 1],
    ["prompt", 1],
    ["tool.call", 1],
    ["tool.result", 2],
    ["text", 1],
  ]);
  expect(findings[3]).toMatchObject({ before: "src/a.ts:3: no ", match: "login", after: " here, login there" });
  expect(page.searchedBytes).toBe(page.totalBytes);
  expect((await findAll(store, "Логин")).findings).toMatchObject([{ kind: "tool.call", times: 2 }]);
  expect((await findAll(store, "nowhere")).findings).toEqual([]);
});

test("what is escaped in the file is found as it reads", async () => {
  await using store = await openTestStore();
  await store.commit(conversation());
  expect((await findAll(store, '"login\\n" SRC')).findings).toMatchObject([{ kind: "tool.call" }]);
  expect((await findAll(store, '"')).findings).toMatchObject([{ kind: "tool.call" }]);
});

test.each(["(login", ".*", "[a-z]+", "$", "^why", "log|in", "\\"])("%s is no pattern but a text", async (q) => {
  await using store = await openTestStore();
  await store.commit(new TestTranscript("s1").append(human("login why", T), human(`it reads ${q} there`, T)));
  expect((await findAll(store, q)).findings).toMatchObject([{ kind: "prompt", times: 1 }]);
});

test("findings come in pages of the asked size, each once, in the order of the transcript", async () => {
  await using store = await openTestStore();
  const transcript = new TestTranscript("s1");
  for (let n = 0; n < 25; n++) transcript.append(answer(`m${n}`, `word ${n}`, T + n, "tool_use"));
  await store.send([transcript.next(10)]);
  await store.commit(transcript);
  const whole = await findAll(store, "word", { limit: 100 });
  expect(whole.findings).toHaveLength(25);
  for (const limit of [1, 3, 10, 25]) {
    expect((await findAll(store, "word", { limit })).findings).toEqual(whole.findings);
  }
});

test("a step looks into a bounded part, says how far it came, and is gone on with", async () => {
  await using store = await openTestStore();
  const transcript = new TestTranscript("s1");
  const filler = "x".repeat(200_000);
  for (let n = 0; n < 60; n++) {
    await store.send([transcript.append(human(`${filler} ${n === 57 ? "needle" : n}`, T + n)).next()]);
  }
  const first = await step(store, "needle");
  expect(first).toMatchObject({ findings: [] });
  expect(first.next).not.toBeNull();
  expect(first.searchedBytes).toBeGreaterThan(4_000_000);
  expect(first.searchedBytes).toBeLessThan(first.totalBytes / 2);
  const { findings, steps } = await findAll(store, "needle");
  expect(findings).toHaveLength(1);
  expect(steps).toBeLessThan(5);
  const around = await store.page("s1", { around: findings[0]?.place, limit: 5 });
  expect(around.events.map((event) => event.offset === findings[0]?.offset)).toEqual([
    false,
    false,
    true,
    false,
    false,
  ]);
});

test("a subagent's transcript is searched by itself, and nobody's is none", async () => {
  await using store = await openTestStore();
  const agent = new TestTranscript("s1", { subagent: "a1" }).append(human("look for the needle", T));
  await store.commit(conversation(), agent);
  expect((await findAll(store, "needle")).findings).toEqual([]);
  expect((await findAll(store, "needle", { subagent: "a1" })).findings).toHaveLength(1);
  expect(await store.engine.reader.find("s1", findQuery.parse({ q: "a", subagent: "a2" }))).toBeNull();
  expect(await store.engine.reader.find("s2", findQuery.parse({ q: "a" }))).toBeNull();
});

test("a place of another file begins anew, and what is no place is refused", async () => {
  await using store = await openTestStore();
  const transcript = conversation();
  await store.commit(transcript);
  const { next } = await step(store, "login", { limit: 1 });
  await store.commit(transcript.rewrite().append(human("another login", T)));
  expect((await step(store, "login", { after: next ?? "" })).findings).toMatchObject([
    { after: "", before: "another " },
  ]);
  await expect(step(store, "login", { after: "1.2.3" })).rejects.toMatchObject({ code: "invalid_request" });
});

test("a line that gives no event, or none that is shown, is passed over", async () => {
  await using store = await openTestStore();
  await store.commit(new TestTranscript("s1").append("not JSON, needle", human("go", T), answer("needle", "words", T)));
  expect((await findAll(store, "needle")).findings.map(({ kind }) => kind)).not.toContain("response");
});

test("the page around an event has it in its middle, at either end as near as can be", async () => {
  await using store = await openTestStore();
  const transcript = new TestTranscript("s1");
  for (let n = 0; n < 30; n++) transcript.append(human(`words ${n}`, T + n));
  await store.commit(transcript);
  const all = (await store.page("s1", { limit: 100 })).events;
  for (const at of [0, 1, 15, 28, 29]) {
    const page = await store.page("s1", { around: all[at]?.place, limit: 10 });
    expect(page.events).toContainEqual(all[at]);
    expect(page.previous === null).toBe(page.events[0]?.offset === 0);
    expect(page.next === null).toBe(page.events.at(-1)?.offset === all[29]?.offset);
    const before = page.previous === null ? [] : (await store.page("s1", { before: page.previous, limit: 100 })).events;
    const after = page.next === null ? [] : (await store.page("s1", { after: page.next, limit: 100 })).events;
    expect([...before, ...page.events, ...after]).toEqual(all);
  }
});

test("around a place of another file is the end of this one", async () => {
  await using store = await openTestStore();
  const transcript = new TestTranscript("s1").append(human("one", T), human("two", T));
  await store.commit(transcript);
  const { events } = await store.page("s1");
  await store.commit(transcript.rewrite().append(human("start over", T)));
  expect((await store.page("s1", { around: events[1]?.place })).events).toMatchObject([{ summary: "start over" }]);
});
