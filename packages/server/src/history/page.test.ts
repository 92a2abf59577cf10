import fc from "fast-check";
import { expect, test } from "vitest";
import { answer, human, title, toolCall, toolResult } from "../test-lines.ts";
import { NOON, openTestStore, type TestStore } from "../test-store.ts";
import { TestTranscript } from "../test-transcript.ts";

const T = NOON - 60_000;

function long(session: string, lines: number): TestTranscript {
  const transcript = new TestTranscript(session);
  for (let n = 0; n < lines; n++) transcript.append(answer(`m${n}`, `words ${n}`, T + n, "tool_use"));
  return transcript;
}

const positions = (events: readonly { offset: number; index: number }[]) =>
  events.map(({ offset, index }) => `${offset}.${index}`);

test("pages forward and backward tell every event once, in order, whatever their size", async () => {
  await using store = await openTestStore();
  await store.commit(long("s1", 40));
  const all = positions((await store.page("s1", { limit: 1000 })).events);
  expect(all).toHaveLength(80);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 90 }), async (limit) => {
      const forward: string[] = [];
      for (let after: string | undefined; ; ) {
        const page = await store.page("s1", { limit, after });
        forward.push(...positions(page.events));
        if (page.next === null) break;
        after = page.next;
      }
      expect(forward).toEqual(all);
      const backward: string[] = [];
      for (let before = "end"; ; ) {
        const page = await store.page("s1", { limit, before });
        backward.unshift(...positions(page.events));
        if (page.previous === null) break;
        before = page.previous;
      }
      expect(backward).toEqual(all);
    }),
    { numRuns: 12 },
  );
});

test("a page says what lies before and behind it", async () => {
  await using store = await openTestStore();
  await store.commit(long("s1", 10));
  const first = await store.page("s1", { limit: 4 });
  expect(first.previous).toBeNull();
  const middle = await store.page("s1", { limit: 4, after: first.next });
  const back = await store.page("s1", { limit: 4, before: middle.previous });
  expect(positions(back.events)).toEqual(positions(first.events));
  expect(back.next).toBe(first.next);
  const tail = await store.page("s1", { limit: 4, before: "end" });
  expect(tail.next).toBeNull();
  expect(tail.events.at(-1)).toMatchObject({ kind: "response", response: "m9" });
});

test("the end of a tail page is where a watcher goes on, and nothing is missed between", async () => {
  await using store = await openTestStore();
  const transcript = long("s1", 5);
  await store.commit(transcript);
  const tail = await store.page("s1", { limit: 3, before: "end" });
  await store.commit(transcript.append(human("more", T + 100)));
  const following = await store.engine.reader.eventsAfter("s1", null, tail.end, 10);
  expect(following?.events).toMatchObject([{ kind: "prompt", summary: "more", session: "s1", subagent: null }]);
  expect(following).toMatchObject({ more: false, reset: false });
});

test("a watcher is given what follows in pieces, and told whether there is more", async () => {
  await using store = await openTestStore();
  await store.commit(long("s1", 3));
  const { reader } = store.engine;
  const first = await reader.eventsAfter("s1", null, "start", 4);
  expect(first).toMatchObject({ more: true, reset: false });
  const rest = await reader.eventsAfter("s1", null, first?.next ?? "", 4);
  expect(rest).toMatchObject({ more: false });
  expect(positions([...(first?.events ?? []), ...(rest?.events ?? [])])).toEqual(
    positions((await store.page("s1")).events),
  );
  expect((await reader.eventsAfter("s1", null, "end", 4))?.events).toEqual([]);
  expect((await reader.eventsAfter("s1", null, rest?.next ?? "", 4))?.events).toEqual([]);
});

test("a place in what was rewritten since begins the transcript anew, and a watcher is told", async () => {
  await using store = await openTestStore();
  const transcript = long("s1", 5);
  await store.commit(transcript);
  const { next, previous } = await store.page("s1", { limit: 3, after: (await store.page("s1", { limit: 2 })).next });
  await store.commit(transcript.rewrite().append(human("start over", T + 50)));
  expect((await store.page("s1", { after: next })).events).toMatchObject([{ summary: "start over" }]);
  expect(await store.page("s1", { before: previous })).toMatchObject({ events: [], next: null, previous: null });
  const following = await store.engine.reader.eventsAfter("s1", null, next ?? "", 10);
  expect(following).toMatchObject({ reset: true, events: [{ summary: "start over" }] });
});

test("a place in a transcript that is no longer the primary is answered from the one that is", async () => {
  await using store = await openTestStore();
  await store.commit(long("s1", 5));
  const { next } = await store.page("s1", { limit: 3 });
  const copy = new TestTranscript("s1", { root: "/copy" }).append(human("went on elsewhere", T + 500));
  await store.commit(copy);
  const following = await store.engine.reader.eventsAfter("s1", null, next ?? "", 10);
  expect(following).toMatchObject({ reset: true, events: [{ summary: "went on elsewhere" }] });
});

test("a page of a subagent is of that transcript alone", async () => {
  await using store = await openTestStore();
  const agent = new TestTranscript("s1", { subagent: "a1" }).append(human("look around", T));
  await store.commit(long("s1", 2), agent);
  expect((await store.page("s1")).events.every(({ subagent }) => subagent === null)).toBe(true);
  expect((await store.page("s1", { subagent: "a1" })).events).toMatchObject([
    { summary: "look around", subagent: "a1" },
  ]);
  expect(await store.engine.reader.events("s1", { limit: 5, view: "small", subagent: "a2" })).toBeNull();
  expect(await store.engine.reader.events("s2", { limit: 5, view: "small" })).toBeNull();
  expect(await store.engine.reader.eventsAfter("s1", "a2", "start", 5)).toBeNull();
});

test("a main transcript that has not come yet is empty, and followed from its beginning", async () => {
  await using store = await openTestStore();
  await store.commit(new TestTranscript("s1", { subagent: "a1" }).append(human("look", T)));
  const page = await store.page("s1", { before: "end" });
  expect(page.events).toEqual([]);
  await store.commit(new TestTranscript("s1").append(human("go", T)));
  const following = await store.engine.reader.eventsAfter("s1", null, page.end, 10);
  expect(following).toMatchObject({ reset: false, events: [{ summary: "go" }] });
});

test("an event that speaks of a subagent names it, beside whose transcript it stands in", async () => {
  await using store = await openTestStore();
  const launched = { isAsync: true, status: "async_launched", agentId: "a77", description: "look" };
  const transcript = new TestTranscript("s1").append(
    human("go", T),
    toolCall("m1", "c1", "Agent", { description: "look", prompt: "look", subagent_type: "Explore" }, T),
    toolResult("c1", "launched", T, { toolUseResult: launched }),
  );
  await store.commit(transcript);
  const spoken = (await store.page("s1")).events.filter((event) => "agent" in event && event.agent === "a77");
  expect(spoken.length).toBeGreaterThan(0);
  for (const event of spoken) expect(event.subagent).toBeNull();
});

test.each(["nonsense!", "1", "1.2.3", "zz.zz.zz.zz.zz", "9999999999999.1.1.1"])(
  "%s is no place, and refused by name",
  async (after) => {
    await using store = await openTestStore();
    await store.commit(long("s1", 1));
    const page = store.engine.reader.events("s1", { limit: 5, view: "small", after });
    await expect(page).rejects.toMatchObject({ code: "invalid_request" });
  },
);

test("a full page ends at eight mebibytes, and the next one goes on there", async () => {
  await using store = await openTestStore();
  const transcript = new TestTranscript("s1");
  const text = "x".repeat(200_000);
  for (let n = 0; n < 60; n++) transcript.append(human(`${n} ${text}`, T + n));
  await store.commit(transcript);
  const seen = async (query: Record<string, unknown>) => {
    const page = await store.page("s1", { limit: 1000, view: "full", ...query });
    expect(JSON.stringify(page).length).toBeLessThan(9 * 1024 * 1024);
    expect(page.events.every((event) => event.content?.text?.endsWith("xxx"))).toBe(true);
    return page;
  };
  const first = await seen({});
  expect(first.events.length).toBeLessThan(60);
  const second = await seen({ after: first.next });
  expect(positions([...first.events, ...second.events])).toHaveLength(60);
  expect(second.next).toBeNull();
  const tail = await seen({ before: "end" });
  expect(tail.events.at(-1)?.content?.text?.startsWith("59 ")).toBe(true);
  const head = await seen({ before: tail.previous });
  expect(positions([...head.events, ...tail.events])).toEqual(positions([...first.events, ...second.events]));
});

test("titles and words of any script come back as they were", async () => {
  await using store: TestStore = await openTestStore();
  const words = "مرحبا 👩‍👩‍👧 \u0000 \u202e tab\t";
  await store.commit(new TestTranscript("s1").append(human(words, T), title("عنوان")));
  const [event] = (await store.page("s1", { view: "full" })).events;
  expect(event?.content?.text).toBe(words);
  expect((await store.list()).sessions[0]?.title).toBe("عنوان");
});
