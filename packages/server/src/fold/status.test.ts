import { expect, test } from "vitest";
import type { MergeSource } from "./elect.ts";
import { evidenceOf } from "./evidence.ts";
import type { SourceState } from "./source-state.ts";
import { statusOf } from "./status.ts";
import { Events, responseOf } from "./test-events.ts";
import { QUESTION_MS, SILENT_SESSION_MS, SILENT_TURN_MS } from "./transcript-status.ts";

const T = Date.UTC(2026, 9, 20, 12);
const SECOND = 1000;
const MINUTE = 60 * SECOND;

function source(state: SourceState, subagent: string | null = null): MergeSource {
  return { machine: "m", root: "/r", key: subagent ?? "", subagent, offset: 1, meta: null, state };
}

function statusAt(now: number, main: Events | null, agents: Record<string, Events | MergeSource> = {}) {
  const entries = Object.entries(agents).map(([id, agent]) => {
    return [id, agent instanceof Events ? source(agent.state(), id) : agent] as const;
  });
  return statusOf(evidenceOf({ primary: main === null ? null : source(main.state()), agents: new Map(entries) }), now);
}

const retry = { attempt: 2, max: 10, inMs: 500 };
const failure = { status: 529, error: "overloaded_error", summary: "Overloaded" };

test.each<[string, Events, string, string]>([
  ["a prompt", new Events().prompt(T), "working", "a turn is running, from the transcript"],
  ["a call without its result", new Events().prompt(T).call(T, "c1", "Bash"), "working", "Bash is running"],
  ["a result", new Events().prompt(T).call(T, "c1", "Bash").result(T, "c1"), "working", "a turn is running"],
  ["words in the middle of a turn", new Events().prompt(T).answer(T, "Let me see", "tool_use"), "working", "a turn"],
  ["the last words of a turn", new Events().prompt(T).answer(T), "ready", "turn ended, from the transcript"],
  [
    "the line that closes a turn",
    new Events().prompt(T).answer(T, "ok", null).add("turn.end", T, {}),
    "ready",
    "turn ended, from the transcript",
  ],
  ["Esc", new Events().prompt(T).add("interrupt", T, { during: "response" }), "ready", "interrupted"],
  [
    "Esc in a tool",
    new Events().prompt(T).call(T, "c1", "Bash").result(T, "c1").add("interrupt", T, { during: "tool" }),
    "ready",
    "interrupted",
  ],
  [
    "a result that comes after Esc",
    new Events().prompt(T).call(T, "c1", "Bash").add("interrupt", T, { during: "tool" }).result(T, "c1"),
    "ready",
    "interrupted",
  ],
  ["an API error", new Events().prompt(T).add("api.error", T, failure), "error", "stopped by an API error: Overloaded"],
  [
    "an API error that the agent tries again",
    new Events().prompt(T).add("api.error", T, { ...failure, retry }),
    "working",
    "a turn is running",
  ],
  [
    "an API error and the turn's end after it",
    new Events().prompt(T).add("api.error", T, failure).add("turn.end", T, {}),
    "error",
    "Overloaded",
  ],
  [
    "an API error with the client's own words on its line",
    new Events()
      .prompt(T)
      .add("api.error", T, failure)
      .also("text", { response: "x", summary: "API Error", chars: 9 })
      .also("response", responseOf("x", "stop_sequence", "<synthetic>")),
    "error",
    "Overloaded",
  ],
  [
    "a prompt after an API error",
    new Events().prompt(T).add("api.error", T, failure).prompt(T),
    "working",
    "a turn is running",
  ],
  [
    "a question",
    new Events().prompt(T).call(T, "c1", "AskUserQuestion", "Which database?"),
    "question",
    "asked a question that is not answered yet",
  ],
  ["a plan", new Events().prompt(T).call(T, "c1", "ExitPlanMode"), "approval", "a plan waits for approval"],
  [
    "a question beside another call",
    new Events().prompt(T).call(T, "c1", "AskUserQuestion").call(T, "c2", "Bash"),
    "question",
    "asked a question",
  ],
  [
    "an answered question",
    new Events().prompt(T).call(T, "c1", "AskUserQuestion").result(T, "c1"),
    "working",
    "a turn is running",
  ],
  [
    "the client's closing line",
    new Events().prompt(T).answer(T).add("cost", null, { totalNanoUsd: 5 }),
    "ended",
    "said goodbye, from the transcript",
  ],
  [
    "state lines after the closing line",
    new Events()
      .prompt(T)
      .answer(T)
      .add("cost", null, { totalNanoUsd: 5 })
      .add("note", null, { type: "last-prompt", summary: "" })
      .add("mode", null, { mode: "plan", what: "permission" }),
    "ended",
    "said goodbye",
  ],
  [
    "a prompt after the closing line",
    new Events().prompt(T).answer(T).add("cost", null, { totalNanoUsd: 5 }).prompt(T),
    "working",
    "a turn is running",
  ],
  [
    "a hook's progress after the turn's end",
    new Events().prompt(T).answer(T).add("progress", T, { call: null, type: "hook_progress", summary: "" }),
    "ready",
    "turn ended",
  ],
  [
    "a slash command that the client settled alone",
    new Events().prompt(T).answer(T).add("prompt", T, { origin: "command", summary: "/cost", chars: 5, images: 0 }),
    "ready",
    "turn ended",
  ],
  [
    "a prompt that waits in the queue",
    new Events().prompt(T).answer(T).add("queue", T, { operation: "enqueue", summary: "and then" }),
    "ready",
    "turn ended",
  ],
  [
    "a note of a background task",
    new Events().prompt(T).answer(T).add("prompt", T, { origin: "task", summary: "done", chars: 4, images: 0 }),
    "working",
    "a turn is running",
  ],
  ["nothing but a title", new Events().add("title", T, { title: "x", source: "ai" }), "unknown", "no turn"],
])("after %s the session is %4$s", (_what, events, status, sentence) => {
  const report = statusAt(T + SECOND, events);
  expect([report.status, report.sentence]).toEqual([status, expect.stringContaining(sentence)]);
  expect(report.since).toBe(T);
  expect(report.source).toBe("transcript");
});

test("blocks of one response on lines of their own end the turn once, when it was first told", () => {
  const events = new Events()
    .prompt(T)
    .add("thinking", T + 1, { response: "m1", summary: "", chars: 5 })
    .also("response", responseOf("m1", "end_turn"))
    .add("text", T + 2, { response: "m1", summary: "Done.", chars: 5 })
    .also("response", responseOf("m1", "end_turn"))
    .add("turn.end", T + 3, {});
  expect(statusAt(T + SECOND, events)).toMatchObject({ status: "ready", since: T + 1 });
});

test("a response tells its end before its words where the line says so first", () => {
  const events = new Events()
    .prompt(T)
    .add("response", T + 1, responseOf("m1", "end_turn"))
    .also("text", { response: "m1", summary: "Done.", chars: 5 });
  expect(statusAt(T + SECOND, events).status).toBe("ready");
});

test("a question is believed for ten minutes, then the silence counts", () => {
  const events = new Events().prompt(T).call(T, "c1", "AskUserQuestion", "Which database?");
  const before = statusAt(T + QUESTION_MS - 1, events);
  expect(before).toMatchObject({ status: "question", since: T, until: T + QUESTION_MS });
  expect(before.activity).toEqual({ what: "AskUserQuestion", summary: "Which database?", since: T });
  const after = statusAt(T + QUESTION_MS, events);
  expect(after).toMatchObject({ status: "unknown", source: "silence", since: T });
  expect(after.sentence).toBe("no line for over 10 minutes with AskUserQuestion open");
});

test("anything open is believed until it was silent for ten minutes", () => {
  const events = new Events().prompt(T).call(T + MINUTE, "c1", "Bash", "npm test");
  const before = statusAt(T + MINUTE + SILENT_TURN_MS - 1, events);
  expect(before).toMatchObject({ status: "working", since: T, until: T + MINUTE + SILENT_TURN_MS });
  expect(before.activity).toEqual({ what: "Bash", summary: "npm test", since: T + MINUTE });
  const after = statusAt(T + MINUTE + SILENT_TURN_MS, events);
  expect(after).toMatchObject({ status: "unknown", since: T + MINUTE, until: T + MINUTE + SILENT_SESSION_MS });
  expect(after.activity).toBeNull();
});

test.each<[string, Events]>([
  ["ready", new Events().prompt(T).answer(T)],
  ["error", new Events().prompt(T).add("api.error", T, failure)],
  ["open", new Events().prompt(T).call(T, "c1", "Bash")],
  ["asking", new Events().prompt(T).call(T, "c1", "AskUserQuestion")],
  ["begun", new Events().add("title", T, { title: "x", source: "ai" })],
])("a session that was %s ended once nothing came for a day", (_what, events) => {
  expect(statusAt(T + SILENT_SESSION_MS - 1, events).status).not.toBe("ended");
  expect(statusAt(T + SILENT_SESSION_MS, events)).toMatchObject({
    status: "ended",
    source: "silence",
    since: T,
    sentence: "nothing since 2026-10-20 12:00 UTC",
    until: null,
  });
});

test("the time that a status names is when the next one comes, and not before", () => {
  const all = [
    new Events().prompt(T).answer(T),
    new Events().prompt(T).call(T, "c1", "Bash"),
    new Events().prompt(T).call(T, "c1", "ExitPlanMode"),
    new Events().prompt(T).add("api.error", T, failure),
  ];
  for (const events of all) {
    for (let now = T; ; ) {
      const status = statusAt(now, events);
      if (status.until === null) break;
      expect(statusAt(status.until - 1, events).status).toBe(status.status);
      expect(statusAt(status.until, events).status).not.toBe(status.status);
      now = status.until;
    }
  }
});

test("a turn of which no line has a time is not believed to run", () => {
  expect(statusAt(T, new Events().prompt(null))).toMatchObject({ status: "unknown", since: null, until: null });
});

test("the last time carries over lines that have none", () => {
  const events = new Events()
    .prompt(T)
    .call(T + MINUTE, "c1", "Bash")
    .add("queue", null, { operation: "x", summary: "" });
  expect(statusAt(T + 2 * MINUTE, events)).toMatchObject({ status: "working", until: T + MINUTE + SILENT_TURN_MS });
});

test("a background subagent that works on keeps its session working after the turn's end", () => {
  const main = new Events().prompt(T).answer(T + MINUTE);
  const agent = new Events().prompt(T).call(T + 2 * MINUTE, "c1", "Bash");
  const report = statusAt(T + 3 * MINUTE, main, { a1: agent });
  expect(report).toMatchObject({ status: "working", since: T + MINUTE, runningAgents: 1 });
  expect(report.sentence).toBe("turn ended, but a subagent works, from the transcript");
  expect(report.until).toBe(T + 2 * MINUTE + SILENT_TURN_MS);
  expect(statusAt(T + 2 * MINUTE + SILENT_TURN_MS, main, { a1: agent })).toMatchObject({
    status: "ready",
    runningAgents: 0,
  });
});

test("a subagent in a long call counts as running where the turn's end says that some are", () => {
  const agent = new Events().prompt(T).call(T, "c1", "Bash");
  const pending = new Events()
    .prompt(T)
    .answer(T + MINUTE)
    .add("turn.end", T + MINUTE, { pending: 1 });
  expect(statusAt(T + 2 * MINUTE, pending, { a1: agent }).status).toBe("working");
});

test("a subagent that was stopped by Esc does not keep its session working", () => {
  const main = new Events()
    .prompt(T)
    .call(T, "c1", "Agent")
    .add("interrupt", T + MINUTE, { during: "tool" });
  const agent = new Events().prompt(T).call(T + SECOND, "c1", "Bash");
  expect(statusAt(T + MINUTE + SECOND, main, { a1: agent })).toMatchObject({ status: "ready", runningAgents: 0 });
  const next = main.prompt(T + 2 * MINUTE);
  expect(statusAt(T + 2 * MINUTE, next, { a1: agent })).toMatchObject({ status: "working", runningAgents: 0 });
});

test.each<[string, Events, Partial<MergeSource>]>([
  [
    "its parent was told so",
    new Events()
      .prompt(T)
      .answer(T)
      .add("subagent.end", T + MINUTE, { call: null, subagent: "a1", status: "killed", summary: "" }),
    {},
  ],
  ["its facts say so", new Events().prompt(T).answer(T), { meta: { finished: true } }],
  ["its session said goodbye", new Events().prompt(T).answer(T).add("cost", null, { totalNanoUsd: 1 }), {}],
])("a subagent no longer runs once %s", (_what, main, more) => {
  const agent = new Events().prompt(T).call(T + SECOND, "c1", "Bash");
  const report = statusAt(T + MINUTE, main, { a1: { ...source(agent.state(), "a1"), ...more } });
  expect(report.runningAgents).toBe(0);
  expect(["ready", "ended"]).toContain(report.status);
});

test("a subagent's lines keep the turn that waits for it from being silent", () => {
  const main = new Events().prompt(T).call(T, "c1", "Agent");
  const agent = new Events().prompt(T).call(T + 15 * MINUTE, "c2", "Bash");
  expect(statusAt(T + 20 * MINUTE, main, { a1: agent })).toMatchObject({ status: "working", runningAgents: 1 });
  expect(statusAt(T + 25 * MINUTE, main, { a1: agent })).toMatchObject({ status: "unknown", since: T + 15 * MINUTE });
});

test("a subagent's question is its session's", () => {
  const main = new Events().prompt(T).call(T, "c1", "Agent");
  const agent = new Events().prompt(T).call(T, "c2", "AskUserQuestion", "Which?");
  expect(statusAt(T + SECOND, main, { a1: agent })).toMatchObject({
    status: "question",
    activity: { summary: "Which?" },
  });
});

test("of a session whose own transcript has not come, only its subagents speak", () => {
  const agent = new Events().prompt(T).call(T, "c1", "Bash");
  expect(statusAt(T + SECOND, null, { a1: agent })).toMatchObject({ status: "working", runningAgents: 1 });
  const done = new Events().prompt(T).answer(T);
  expect(statusAt(T + SECOND, null, { a1: done })).toMatchObject({
    status: "unknown",
    sentence: "only subagents of it have arrived",
  });
});
