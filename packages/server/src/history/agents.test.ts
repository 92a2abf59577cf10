import { readFileSync } from "node:fs";
import { join } from "node:path";
import { adapters } from "@agentpane/agents";
import type { SubagentMeta } from "@agentpane/protocol";
import { expect, test } from "vitest";
import { answer, human, toolCall, toolResult } from "../test-lines.ts";
import { fullFrame, presenceOf } from "../test-presence.ts";
import { MACHINE, NOON, openTestStore, type TestStore } from "../test-store.ts";
import { TestTranscript } from "../test-transcript.ts";

const SHOP = join(import.meta.dirname, "../../../../fixtures/claude-code-2.1.330/projects/-home-dev-shop");
const SECOND = 1_000;

function real(session: string, path: string, subagent: string | null = null): TestTranscript {
  const transcript = new TestTranscript(session, { subagent });
  transcript.bytes = readFileSync(join(SHOP, path));
  return transcript;
}

function agent(session: string, id: string, meta: SubagentMeta, startedAt: number): TestTranscript {
  const transcript = new TestTranscript(session, { subagent: id }).append(human(`task of ${id}`, startedAt));
  transcript.meta = meta;
  return transcript;
}

async function agents(store: TestStore, session: string) {
  const detail = await store.engine.reader.session(session);
  return detail?.agents ?? [];
}

test.each([
  ["72b9a1c3-3fd5-41eb-b2a7-fb83c6732f0a", "a3e265d12102b79f9", "in the background"],
  ["eeea411c-74ea-48c3-9d5a-2efd1c35866d", "a5de09ed839768ddd", "in the foreground"],
  ["71d5bd3a-9fd3-4e20-87c3-dd30444c79c2", "a31b09b426b7bb2fb", "in the background, and a compaction after it"],
])("the real client's subagent hangs on its call: %s (%s, %s)", async (session, id) => {
  await using store = await openTestStore();
  const file = `${session}/subagents/agent-${id}`;
  const own = real(session, `${file}.jsonl`, id);
  own.meta = adapters["claude-code"].readSubagentMeta(readFileSync(join(SHOP, `${file}.meta.json`))) ?? {};
  // The subagent first: until its parent comes it is a stub, and so is its session.
  await store.commit(own);
  expect(await agents(store, session)).toMatchObject([{ id, parent: null, stub: true, outcome: null }]);
  expect((await store.list()).sessions).toMatchObject([{ id: session, title: null, subagents: { total: 1 } }]);
  await store.commit(real(session, `${session}.jsonl`));
  const [row] = await agents(store, session);
  expect(row).toMatchObject({
    id,
    parent: null,
    stub: false,
    type: "general-purpose",
    description: "Sub job",
    status: "ended",
    outcome: "completed",
  });
  expect(row?.durationMs).toBe((row?.lastActivityAt ?? 0) - (row?.startedAt ?? 0));
  const main = await store.page(session, { limit: 1000 });
  expect(main.events.filter((event) => event.subagent !== null)).toEqual([]);
});

test("a subagent of a subagent hangs on it, and its parent's word ends it", async () => {
  await using store = await openTestStore();
  const main = new TestTranscript("s1").append(
    human("do it", NOON),
    toolCall("m1", "c1", "Agent", { description: "outer", prompt: "p", subagent_type: "Explore" }, NOON),
  );
  const outer = agent("s1", "a1", { call: "c1", depth: 1 }, NOON + SECOND).append(
    toolCall("m2", "c2", "Agent", { description: "inner", prompt: "p", subagent_type: "Plan" }, NOON + 2 * SECOND),
  );
  const inner = agent("s1", "a2", { call: "c2", depth: 2 }, NOON + 3 * SECOND);
  await store.commit(main, outer, inner);
  store.clock.now = NOON + 10 * SECOND;
  expect(await agents(store, "s1")).toMatchObject([
    { id: "a1", parent: null, stub: false, type: "Explore", description: "outer", status: "working", durationMs: null },
    { id: "a2", parent: "a1", stub: false, type: "Plan", description: "inner", status: "working", outcome: null },
  ]);
  outer.append(
    toolResult("c2", "done", NOON + 4 * SECOND, { toolUseResult: { agentId: "a2", status: "failed", content: [] } }),
  );
  await store.commit(outer);
  expect((await agents(store, "s1"))[1]).toMatchObject({ id: "a2", status: "ended", outcome: "failed", durationMs: 0 });
  expect((await store.list()).sessions).toMatchObject([{ subagents: { total: 2, running: 1 } }]);
});

test("a process that dies takes its subagents along, and a turn that is over those that were silent since", async () => {
  await using store = await openTestStore();
  const main = new TestTranscript("s1").append(
    human("do it", NOON),
    toolCall("m1", "c1", "Agent", { description: "outer", prompt: "p" }, NOON),
  );
  await store.commit(main, agent("s1", "a1", { call: "c1" }, NOON + SECOND));
  const tell = async (seq: number, changes: Parameters<typeof presenceOf>[2]) => {
    const { type: _type, ...frame } = fullFrame(seq, NOON + 5 * SECOND, [presenceOf("s1", NOON + 5 * SECOND, changes)]);
    await store.engine.writer.presence({ type: "frame", machine: MACHINE, receivedAt: NOON + 5 * SECOND, frame });
    return (await agents(store, "s1"))[0];
  };
  expect(await tell(1, { status: "busy" })).toMatchObject({ status: "working" });
  expect(await tell(2, { status: "idle" })).toMatchObject({
    status: "ended",
    sentence: "stopped with its session's turn, from the session registry",
  });
  expect(await tell(3, { life: "dead" })).toMatchObject({
    status: "ended",
    since: NOON + 5 * SECOND,
    sentence: "stopped with its session: its process is gone, from the session registry",
  });
});

test("a subagent in a long call is not given up while its session's process lives", async () => {
  await using store = await openTestStore();
  const main = new TestTranscript("s1").append(
    human("do it", NOON),
    toolCall("m1", "c1", "Agent", { description: "outer", prompt: "p" }, NOON),
  );
  const long = agent("s1", "a1", { call: "c1" }, NOON).append(toolCall("m2", "c2", "Bash", { command: "make" }, NOON));
  await store.commit(main, long);
  const { type: _type, ...frame } = fullFrame(1, NOON, [presenceOf("s1", NOON)]);
  await store.engine.writer.presence({ type: "frame", machine: MACHINE, receivedAt: NOON, frame });
  store.clock.now = NOON + 3_600_000;
  await store.register(MACHINE);
  expect(await agents(store, "s1")).toMatchObject([{ status: "working", activity: { what: "Bash", summary: "make" } }]);
  expect((await store.list()).sessions).toMatchObject([{ status: "working", subagents: { running: 1 } }]);
});

test("a subagent that answered has ended, however its session goes on", async () => {
  await using store = await openTestStore();
  const main = new TestTranscript("s1").append(human("do it", NOON));
  const done = agent("s1", "a1", {}, NOON).append(answer("m2", "Done.", NOON + 2 * SECOND));
  await store.commit(main, done);
  expect(await agents(store, "s1")).toMatchObject([{ status: "ended", durationMs: 2 * SECOND, stub: true }]);
});
