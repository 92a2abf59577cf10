import { type SessionTimeline, sessionTimeline } from "@agentpane/protocol";
import { expect, test } from "vitest";
import { answer, apiError, human, interruption, toolCall, toolResult, turnEnd } from "../test-lines.ts";
import { NOON, openTestStore, type TestStore } from "../test-store.ts";
import { TestTranscript } from "../test-transcript.ts";

const T = NOON - 600_000;
const at = (seconds: number) => T + seconds * 1_000;

async function timeline(store: TestStore, session = "s1"): Promise<SessionTimeline> {
  const bytes = await store.engine.reader.timeline(session);
  if (bytes === null) throw new Error(`no timeline of ${session}`);
  return sessionTimeline.parse(JSON.parse(Buffer.from(bytes).toString("utf8")));
}

const spanned = ({ spans }: SessionTimeline) =>
  spans.map(({ lane, from, to }) => [lane, (from - T) / 1_000, to === null ? null : (to - T) / 1_000]);

test("the model is at work from what it was asked until its last word, and tools from call to result", async () => {
  await using store = await openTestStore();
  await store.commit(
    new TestTranscript("s1").append(
      human("fix it", at(0)),
      answer("m1", "I look first", at(4), "tool_use"),
      toolCall("m1", "c1", "Bash", { command: "npm test" }, at(5)),
      toolCall("m1", "c2", "Read", { file_path: "/a.ts" }, at(5)),
      toolResult("c2", "text", at(6)),
      toolResult("c1", "green", at(20)),
      answer("m2", "done", at(25)),
      turnEnd(at(26)),
    ),
  );
  const told = await timeline(store);
  expect(spanned(told)).toEqual([
    ["model", 0, 5],
    ["bash", 5, 20],
    ["read", 5, 6],
    ["model", 20, 25],
  ]);
  expect(told).toMatchObject({ from: at(0), to: at(26), waits: [], agents: [] });
  expect(told.marks).toMatchObject([{ kind: "prompt", at: at(0), summary: "fix it" }]);
  expect(told.totals).toEqual([
    { lane: "model", calls: 2, busyMs: 10_000, failed: 0 },
    { lane: "bash", calls: 1, busyMs: 15_000, failed: 0 },
    { lane: "read", calls: 1, busyMs: 1_000, failed: 0 },
  ]);
  expect(told.spans[0]).toMatchObject({ summary: "I look first" });
  expect(told.spans[1]).toMatchObject({ call: "c1", tool: "Bash", summary: "npm test" });
});

test("each span stands where its event can be opened", async () => {
  await using store = await openTestStore();
  await store.commit(
    new TestTranscript("s1").append(
      human("go", at(0)),
      toolCall("m1", "c1", "Bash", { command: "ls" }, at(1)),
      toolResult("c1", "a", at(2)),
    ),
  );
  const bash = (await timeline(store)).spans.find(({ lane }) => lane === "bash");
  const page = await store.page("s1", { around: bash?.place, limit: 1 });
  expect(page.events).toMatchObject([{ kind: "tool.call", call: "c1", place: bash?.place }]);
});

test("a question and a plan wait for a person until they are answered; a running call is no wait", async () => {
  await using store = await openTestStore();
  const transcript = new TestTranscript("s1").append(
    human("plan it", at(0)),
    toolCall("m1", "c1", "AskUserQuestion", { questions: [{ question: "Which?" }] }, at(1)),
    toolResult("c1", "that", at(61)),
    toolCall("m2", "c2", "ExitPlanMode", { plan: "# All" }, at(70)),
  );
  await store.commit(transcript);
  expect((await timeline(store)).waits).toMatchObject([
    { what: "question", from: at(1), to: at(61), summary: "Which?" },
    { what: "plan", from: at(70), to: null },
  ]);
  await store.commit(transcript.append(toolResult("c2", "yes", at(80)), toolCall("m3", "c3", "Bash", {}, at(81))));
  const { waits, spans } = await timeline(store);
  expect(waits.map(({ to }) => to)).toEqual([at(61), at(80)]);
  expect(spans.at(-1)).toMatchObject({ lane: "bash", to: null });
});

test("a permission is a wait only where the result proves that a person was asked, and for how long", async () => {
  await using store = await openTestStore();
  const byPerson = { permissionDecision: { decision: "accept", source: "user_temporary" } };
  const bySettings = { permissionDecision: { decision: "accept", source: "config" } };
  const refused = {
    permissionDecision: { decision: "reject", source: "user_reject" },
    toolDenialKind: "user-rejected",
  };
  const byRule = { permissionDecision: { decision: "reject", source: "config" }, toolDenialKind: "permission-rule" };
  await store.commit(
    new TestTranscript("s1").append(
      human("go", at(0)),
      toolCall("m1", "timed", "WebFetch", { url: "a" }, at(1)),
      toolResult("timed", "", at(31), { ...byPerson, toolUseResult: { durationMs: 5_000 } }),
      toolCall("m2", "untimed", "Bash", { command: "b" }, at(40)),
      toolResult("untimed", "", at(60), byPerson),
      toolCall("m3", "settings", "WebFetch", { url: "c" }, at(61)),
      toolResult("settings", "", at(90), { ...bySettings, toolUseResult: { durationMs: 10 } }),
      toolCall("m4", "refused", "Bash", { command: "rm" }, at(100)),
      toolResult("refused", "no", at(110), refused),
      toolCall("m5", "ruled", "Bash", { command: "rm" }, at(120)),
      toolResult("ruled", "no", at(121), byRule),
    ),
  );
  const { waits, spans } = await timeline(store);
  expect(waits).toMatchObject([
    { what: "permission", from: at(1), to: at(26) },
    { what: "permission", from: at(100), to: at(110) },
  ]);
  expect(spans.find(({ call }) => call === "untimed")).toMatchObject({ decidedBy: "user_temporary" });
  expect(spans.find(({ call }) => call === "ruled")).toMatchObject({ denied: true });
});

test("lines without a time have the last one's, and clocks that run backwards never make an end before its beginning", async () => {
  await using store = await openTestStore();
  const { timestamp: _, ...undated } = toolResult("c1", "ok", 0) as Record<string, unknown>;
  await store.commit(
    new TestTranscript("s1").append(
      human("go", at(100)),
      toolCall("m1", "c1", "Bash", { command: "a" }, at(110)),
      undated,
      toolCall("m2", "c2", "Bash", { command: "b" }, at(120)),
      toolResult("c2", "ok", at(30)),
      answer("m3", "back again", at(20)),
    ),
  );
  const told = await timeline(store);
  expect(told.from).toBe(at(20));
  expect(told.to).toBe(at(120));
  expect(told.spans.every(({ from, to }) => to !== null && to >= from)).toBe(true);
  expect(told.spans.find(({ call }) => call === "c1")).toMatchObject({ from: at(110), to: at(110) });
  expect(told.spans.find(({ call }) => call === "c2")).toMatchObject({ from: at(120), to: at(120) });
});

test("failures, errors of the model's server, interruptions and compactions stand where they happened", async () => {
  await using store = await openTestStore();
  const failed = toolResult("c1", "Error: Exit code 2", at(3));
  const message = {
    role: "user",
    content: [{ type: "tool_result", tool_use_id: "c1", content: "Exit code 2", is_error: true }],
  };
  const compacted = {
    type: "system",
    subtype: "compact_boundary",
    timestamp: new Date(at(20)).toISOString(),
    content: "",
    compactMetadata: { trigger: "auto", preTokens: 182_000, postTokens: 68_000 },
  };
  await store.commit(
    new TestTranscript("s1").append(
      human("go", at(0)),
      toolCall("m1", "c1", "Bash", { command: "false" }, at(1)),
      { ...failed, message },
      compacted,
      human("again", at(30)),
      apiError("limit", at(33)),
      human("and again", at(40)),
      toolCall("m4", "c4", "Bash", { command: "sleep 9" }, at(41)),
      interruption(at(44)),
    ),
  );
  const told = await timeline(store);
  expect(told.marks.map(({ kind }) => kind)).toEqual([
    "prompt",
    "compaction",
    "prompt",
    "api.error",
    "prompt",
    "interrupt",
  ]);
  expect(told.spans.find(({ call }) => call === "c1")).toMatchObject({ failed: true, exitCode: 2 });
  expect(told.spans.filter(({ lane, failed }) => lane === "model" && failed)).toMatchObject([
    { from: at(30), to: at(33) },
  ]);
  expect(told.spans.find(({ call }) => call === "c4")).toMatchObject({ to: at(44) });
  expect(told.context.map(({ tokens }) => tokens)).toEqual([60, 182_000, 68_000, 60]);
});

test("subagents are named with the call that started them, and their spans say whose they are", async () => {
  await using store = await openTestStore();
  const main = new TestTranscript("s1").append(
    human("go", at(0)),
    toolCall("m1", "c1", "Agent", { description: "look around", subagent_type: "explore", prompt: "p" }, at(1)),
  );
  const agent = new TestTranscript("s1", { subagent: "a1" }).append(
    human("p", at(2)),
    toolCall("m2", "c2", "Read", { file_path: "/a" }, at(5)),
    toolResult("c2", "x", at(6)),
  );
  agent.meta = { call: "c1" };
  await store.commit(main, agent);
  const told = await timeline(store);
  expect(told.agents).toEqual([{ id: "a1", from: at(2), to: at(6), call: "c1", parent: null }]);
  expect(told.spans.filter((span) => span.agent === "a1").map(({ lane }) => lane)).toEqual(["model", "read"]);
  expect(told.totals.map(({ lane }) => lane)).toEqual(["model", "agent"]);
});

test("a timeline that is asked for again has what was added since, and tells the same as one read afresh", async () => {
  await using store = await openTestStore();
  const transcript = new TestTranscript("s1").append(human("go", at(0)));
  await store.commit(transcript);
  for (let n = 0; n < 30; n++) {
    transcript.append(
      toolCall(`m${n}`, `c${n}`, "Bash", { command: `run ${n}` }, at(n * 10 + 2)),
      toolResult(`c${n}`, "ok", at(n * 10 + 8)),
    );
    await store.commit(transcript);
    expect((await timeline(store)).totals.find(({ lane }) => lane === "bash")?.calls).toBe(n + 1);
  }
  const grown = await timeline(store);
  await store.reopen();
  expect(await timeline(store)).toEqual(grown);
  await store.commit(transcript.rewrite().append(human("anew", at(5))));
  expect((await timeline(store)).spans).toEqual([]);
});

test("there is no timeline of a session that is not there, and an empty one of a session without times", async () => {
  await using store = await openTestStore();
  expect(await store.engine.reader.timeline("nobody")).toBeNull();
  await store.commit(new TestTranscript("s1").append({ type: "custom-title", customTitle: "only this" }));
  expect(await timeline(store)).toMatchObject({ from: null, to: null, spans: [], totals: [], marks: [] });
});
