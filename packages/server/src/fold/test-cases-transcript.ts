import { Events } from "./test-events.ts";
import {
  AGENT,
  CLEARED,
  calls,
  caseOf,
  endOf,
  FAILED,
  FORKED,
  HOOKED,
  kind,
  LONG,
  MINUTE,
  MOVED,
  prompts,
  QUEUED,
  RESUMED,
  RETRIED,
  SIMPLE,
  STOPPED,
  type StatusCase,
  second,
  T,
  workingAgent,
} from "./test-status-case.ts";

/** Where no process is known. */
export const fromTranscript: readonly StatusCase[] = [
  caseOf({
    name: "a prompt begins a turn",
    transcript: [SIMPLE, kind("prompt")],
    expected: { status: "working", source: "transcript", sentence: "a turn is running, from the transcript" },
  }),
  caseOf({
    name: "a tool runs",
    transcript: [LONG, calls("Bash")],
    expected: { status: "working", source: "transcript", sentence: "Bash is running, from the transcript" },
  }),
  caseOf({
    name: "the model's last words end the turn",
    transcript: [SIMPLE, kind("response")],
    expected: { status: "ready", source: "transcript", sentence: "turn ended, from the transcript" },
  }),
  caseOf({
    name: "Esc while the model answers",
    transcript: [STOPPED, kind("interrupt")],
    expected: { status: "ready", source: "transcript", sentence: "interrupted, from the transcript" },
  }),
  caseOf({
    name: "Esc at a permission or in a tool",
    transcript: [QUEUED, kind("interrupt")],
    expected: { status: "ready", source: "transcript", sentence: "interrupted, from the transcript" },
  }),
  caseOf({
    name: "an API error that is tried again",
    transcript: [RETRIED, kind("api.error")],
    expected: {
      status: "working",
      source: "transcript",
      sentence: "a turn is running, from the transcript",
      activity: { what: "retrying", summary: "overloaded_error, try 1 of 10", since: 1795329542290 },
    },
  }),
  caseOf({
    name: "a retry that succeeds",
    transcript: [RETRIED, kind("response")],
    expected: { status: "ready", source: "transcript", sentence: "turn ended, from the transcript" },
  }),
  caseOf({
    name: "an API error that ends the turn",
    transcript: [FAILED, kind("api.error")],
    expected: {
      status: "error",
      source: "transcript",
      sentence: "stopped by an API error: API Error: 400 fake bad request",
    },
  }),
  caseOf({
    name: "a limit of the account ends the turn",
    main: new Events()
      .prompt(T)
      .add("api.error", T, { status: 429, error: "rate_limit", summary: "You've hit your limit" })
      .state(),
    expected: { status: "error", source: "transcript", sentence: "stopped by a limit: You've hit your limit" },
  }),
  caseOf({
    name: "a prompt after an API error",
    transcript: [LONG, prompts("B18")],
    expected: { status: "working", source: "transcript", sentence: "a turn is running, from the transcript" },
  }),
  caseOf({
    name: "a question is open",
    transcript: [LONG, calls("AskUserQuestion")],
    expected: {
      status: "question",
      source: "transcript",
      sentence: "asked a question that is not answered yet, from the transcript",
    },
  }),
  caseOf({
    name: "a plan is open",
    transcript: [FORKED, calls("ExitPlanMode")],
    expected: {
      status: "approval",
      source: "transcript",
      sentence: "a plan waits for approval, from the transcript",
    },
  }),
  caseOf({
    name: "compaction is no turn",
    transcript: [LONG, kind("compaction")],
    expected: {
      status: "ready",
      source: "transcript",
      sentence: "turn ended, from the transcript",
      since: 1795329542390,
    },
  }),
  caseOf({
    name: "a queued prompt is absorbed by the turn that runs",
    transcript: [QUEUED, kind("prompt", (event) => event.kind === "prompt" && event.queued === true)],
    expected: { status: "working", source: "transcript", sentence: "a turn is running, from the transcript" },
  }),
  caseOf({
    name: "a background subagent works on",
    transcript: [HOOKED, kind("turn.end", (event) => event.kind === "turn.end" && (event.pending ?? 0) > 0)],
    agents: workingAgent(),
    agentFiles: [AGENT],
    expected: {
      status: "working",
      source: "transcript",
      sentence: "turn ended, but a subagent works, from the transcript",
      runningAgents: 1,
    },
  }),
  caseOf({
    name: "a background subagent is told to have ended",
    transcript: [
      HOOKED,
      second(kind("turn.end", (event) => event.kind === "turn.end" && (event.at ?? 0) > 1795330391000)),
    ],
    agents: workingAgent(),
    agentFiles: [AGENT],
    expected: { status: "ready", source: "transcript", sentence: "turn ended, from the transcript", runningAgents: 0 },
  }),
  caseOf({
    name: "a background shell runs on, of which the transcript says nothing",
    transcript: [LONG, endOf("B19")],
    expected: { status: "ready", source: "transcript", sentence: "turn ended, from the transcript" },
  }),
  caseOf({
    name: "the file moves to a worktree in the middle of a turn",
    transcript: [MOVED, kind("note", (event) => event.kind === "note" && event.type === "relocated")],
    expected: { status: "working", source: "transcript", sentence: "EnterWorktree is running, from the transcript" },
  }),
  caseOf({
    name: "the client's closing line",
    transcript: [SIMPLE],
    expected: { status: "ended", source: "transcript", sentence: "said goodbye, from the transcript" },
  }),
  caseOf({
    name: "a resume after the closing line",
    transcript: [RESUMED, (event) => event.kind === "response" && (event.at ?? 0) > 1795329938000],
    expected: { status: "ready", source: "transcript", sentence: "turn ended, from the transcript" },
  }),
  caseOf({
    name: "/clear begins a session without a turn",
    transcript: [CLEARED, kind("prompt", (event) => event.kind === "prompt" && event.origin === "command")],
    expected: { status: "unknown", source: "transcript", sentence: "no turn in the transcript yet" },
  }),
  caseOf({
    name: "a fork begins with copied lines",
    transcript: [FORKED, kind("turn.end")],
    expected: { status: "ready", source: "transcript", sentence: "turn ended, from the transcript" },
  }),
  caseOf({
    name: "a turn without a line for ten minutes",
    transcript: [LONG, calls("Bash")],
    afterMs: 10 * MINUTE,
    expected: { status: "unknown", source: "silence", sentence: "no line for over 10 minutes with Bash open" },
  }),
  caseOf({
    name: "nothing for a day",
    transcript: [LONG, endOf("B19")],
    afterMs: 24 * 60 * MINUTE,
    expected: { status: "ended", source: "silence", sentence: "nothing since 2026-11-22 06:38 UTC" },
  }),
];
