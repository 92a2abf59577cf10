import type { Presence, StatusReport, TranscriptEvent } from "@agentpane/protocol";
import { evidenceOf, type SessionEvidence } from "./evidence.ts";
import type { PresenceEvidence } from "./presence.ts";
import type { Status } from "./reported.ts";
import type { SourceState } from "./source-state.ts";
import { Events } from "./test-events.ts";
import { evidenceOfPresence, REGISTRY, realPresence, realState, SHOP, sourceOf } from "./test-fixtures.ts";

/**
 * Every way that a status comes about, by its name in docs/status.md, with the real files that prove it; a test holds
 * the two together. `made` where no recording of the real client shows it.
 */
export interface StatusCase {
  name: string;
  /** Below `fixtures/`; empty where it is made. */
  fixtures: string[];
  evidence: SessionEvidence;
  now: number;
  expected: Partial<Status> & Pick<StatusReport, "status" | "source" | "sentence">;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** A line's time and the registry's differ by so much where nothing else is said; the line was dated first. */
const USUAL_LAG_MS = 50;

const T = Date.UTC(2026, 9, 20, 12);

interface Made {
  name: string;
  expected: StatusCase["expected"];
  main?: SourceState | null;
  /** A transcript below the shop's folder, and its last line. */
  transcript?: [file: string, last?: (event: TranscriptEvent) => boolean];
  agents?: Record<string, SourceState>;
  agentFiles?: string[];
  /** A registry file, and what became of its process. */
  registry?: string;
  life?: Presence["life"];
  presence?: Partial<Presence>;
  others?: PresenceEvidence[];
  /** How long before the registry's word the last line is dated. */
  lagMs?: number;
  lostForMs?: number;
  afterMs?: number;
}

function of(made: Made): StatusCase {
  const { name, expected, transcript, agents = {}, afterMs = SECOND, lagMs = USUAL_LAG_MS, others = [] } = made;
  const file = transcript === undefined ? null : `${SHOP}/${transcript[0]}.jsonl`;
  const main = made.main !== undefined ? made.main : file === null ? null : realState(file, transcript?.[1]);
  const lastAt = main?.lastAt ?? T;
  const told = made.registry === undefined ? null : { ...realPresence(made.registry, made.life), ...made.presence };
  // The recordings are of different days: the registry's word is moved to the time that it has to the transcript.
  const said = told === null ? null : moved(told, lastAt + lagMs);
  const now = (said?.at ?? lastAt) + afterMs;
  const lostAt = made.lostForMs === undefined ? null : now - made.lostForMs;
  const presences = said === null ? [] : evidenceOfPresence(said.presence, { lostAt });
  const sources = new Map(Object.entries(agents).map(([id, state]) => [id, sourceOf(state, id)]));
  const primary = main === null ? null : sourceOf(main);
  const fixtures = [
    ...(made.main !== undefined || file === null ? [] : [file]),
    ...(made.agentFiles ?? []),
    ...(made.registry === undefined || made.presence !== undefined || others.length > 0
      ? []
      : [`${REGISTRY}/${made.registry}.json`]),
  ];
  const isMade = made.main != null || made.presence !== undefined || others.length > 0;
  const evidence = evidenceOf({ primary, agents: sources }, [...presences, ...others]);
  return { name, fixtures: isMade ? [] : fixtures, evidence, now, expected };
}

function moved(presence: Presence, at: number): { presence: Presence; at: number } {
  const by = at - (presence.statusAt ?? presence.startedAt ?? 0);
  const move = (time: number | null) => (time === null ? null : time + by);
  const { lifeAt, statusAt, startedAt } = presence;
  return { presence: { ...presence, lifeAt: lifeAt + by, statusAt: move(statusAt), startedAt: move(startedAt) }, at };
}

const kind =
  (wanted: TranscriptEvent["kind"], more: (event: TranscriptEvent) => boolean = () => true) =>
  (event: TranscriptEvent) =>
    event.kind === wanted && more(event);
const calls = (tool: string) => kind("tool.call", (event) => event.kind === "tool.call" && event.tool === tool);
const prompts = (text: string) =>
  kind("prompt", (event) => event.kind === "prompt" && event.summary.includes(text) && event.origin === "human");
/** The turn's end that follows a prompt. */
const endOf = (text: string) => {
  let begun = false;
  return (event: TranscriptEvent) => {
    begun ||= prompts(text)(event);
    return begun && event.kind === "turn.end";
  };
};
/** The second of what the condition finds. */
const second = (condition: (event: TranscriptEvent) => boolean) => {
  let found = 0;
  return (event: TranscriptEvent) => condition(event) && ++found === 2;
};

const LONG = "71d5bd3a-9fd3-4e20-87c3-dd30444c79c2";
const HOOKED = "72b9a1c3-3fd5-41eb-b2a7-fb83c6732f0a";
const SIMPLE = "82729d03-dc0b-4503-a4e0-e68c6d64ac7c";
const FAILED = "00abb010-baa3-46b2-aa5d-e99a1e2da755";
const RETRIED = "6d740dcc-78d5-4c11-90d7-c6c24900d03d";
const STOPPED = "01e8428a-1504-4de1-bdcb-6e44fe059ab9";
const QUEUED = "edd95d89-1fe1-4888-988c-215837b0a593";
const FORKED = "7bda8bab-70af-491d-bb4a-cd86eddaa217";
const CLEARED = "31565420-312d-41a9-a619-4437c2df9d2e";
const MOVED = "5eacdef5-b669-4f83-84bb-b654e384b009";
const RESUMED = "2c606b0b-a7d1-4895-b0b2-ddd0f41b6d23";
const AGENT = `${SHOP}/${HOOKED}/subagents/agent-a3e265d12102b79f9.jsonl`;
const workingAgent = () => ({ a3e265d12102b79f9: realState(AGENT, kind("tool.call")) });

const fromTranscript = [
  of({
    name: "a prompt begins a turn",
    transcript: [SIMPLE, kind("prompt")],
    expected: { status: "working", source: "transcript", sentence: "a turn is running, from the transcript" },
  }),
  of({
    name: "a tool runs",
    transcript: [LONG, calls("Bash")],
    expected: { status: "working", source: "transcript", sentence: "Bash is running, from the transcript" },
  }),
  of({
    name: "the model's last words end the turn",
    transcript: [SIMPLE, kind("response")],
    expected: { status: "ready", source: "transcript", sentence: "turn ended, from the transcript" },
  }),
  of({
    name: "Esc while the model answers",
    transcript: [STOPPED, kind("interrupt")],
    expected: { status: "ready", source: "transcript", sentence: "interrupted, from the transcript" },
  }),
  of({
    name: "Esc at a permission or in a tool",
    transcript: [QUEUED, kind("interrupt")],
    expected: { status: "ready", source: "transcript", sentence: "interrupted, from the transcript" },
  }),
  of({
    name: "an API error that is tried again",
    transcript: [RETRIED, kind("api.error")],
    expected: {
      status: "working",
      source: "transcript",
      sentence: "a turn is running, from the transcript",
      activity: { what: "retrying", summary: "overloaded_error, try 1 of 10", since: 1795329542290 },
    },
  }),
  of({
    name: "a retry that succeeds",
    transcript: [RETRIED, kind("response")],
    expected: { status: "ready", source: "transcript", sentence: "turn ended, from the transcript" },
  }),
  of({
    name: "an API error that ends the turn",
    transcript: [FAILED, kind("api.error")],
    expected: {
      status: "error",
      source: "transcript",
      sentence: "stopped by an API error: API Error: 400 fake bad request",
    },
  }),
  of({
    name: "a limit of the account ends the turn",
    main: new Events()
      .prompt(T)
      .add("api.error", T, { status: 429, error: "rate_limit", summary: "You've hit your limit" })
      .state(),
    expected: { status: "error", source: "transcript", sentence: "stopped by a limit: You've hit your limit" },
  }),
  of({
    name: "a prompt after an API error",
    transcript: [LONG, prompts("B18")],
    expected: { status: "working", source: "transcript", sentence: "a turn is running, from the transcript" },
  }),
  of({
    name: "a question is open",
    transcript: [LONG, calls("AskUserQuestion")],
    expected: {
      status: "question",
      source: "transcript",
      sentence: "asked a question that is not answered yet, from the transcript",
    },
  }),
  of({
    name: "a plan is open",
    transcript: [FORKED, calls("ExitPlanMode")],
    expected: {
      status: "approval",
      source: "transcript",
      sentence: "a plan waits for approval, from the transcript",
    },
  }),
  of({
    name: "compaction is no turn",
    transcript: [LONG, kind("compaction")],
    expected: {
      status: "ready",
      source: "transcript",
      sentence: "turn ended, from the transcript",
      since: 1795329542390,
    },
  }),
  of({
    name: "a queued prompt is absorbed by the turn that runs",
    transcript: [QUEUED, kind("prompt", (event) => event.kind === "prompt" && event.queued === true)],
    expected: { status: "working", source: "transcript", sentence: "a turn is running, from the transcript" },
  }),
  of({
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
  of({
    name: "a background subagent is told to have ended",
    transcript: [
      HOOKED,
      second(kind("turn.end", (event) => event.kind === "turn.end" && (event.at ?? 0) > 1795330391000)),
    ],
    agents: workingAgent(),
    agentFiles: [AGENT],
    expected: { status: "ready", source: "transcript", sentence: "turn ended, from the transcript", runningAgents: 0 },
  }),
  of({
    name: "a background shell runs on, of which the transcript says nothing",
    transcript: [LONG, endOf("B19")],
    expected: { status: "ready", source: "transcript", sentence: "turn ended, from the transcript" },
  }),
  of({
    name: "the file moves to a worktree in the middle of a turn",
    transcript: [MOVED, kind("note", (event) => event.kind === "note" && event.type === "relocated")],
    expected: { status: "working", source: "transcript", sentence: "EnterWorktree is running, from the transcript" },
  }),
  of({
    name: "the client's closing line",
    transcript: [SIMPLE],
    expected: { status: "ended", source: "transcript", sentence: "said goodbye, from the transcript" },
  }),
  of({
    name: "a resume after the closing line",
    transcript: [RESUMED, (event) => event.kind === "response" && (event.at ?? 0) > 1795329938000],
    expected: { status: "ready", source: "transcript", sentence: "turn ended, from the transcript" },
  }),
  of({
    name: "/clear begins a session without a turn",
    transcript: [CLEARED, kind("prompt", (event) => event.kind === "prompt" && event.origin === "command")],
    expected: { status: "unknown", source: "transcript", sentence: "no turn in the transcript yet" },
  }),
  of({
    name: "a fork begins with copied lines",
    transcript: [FORKED, kind("turn.end")],
    expected: { status: "ready", source: "transcript", sentence: "turn ended, from the transcript" },
  }),
  of({
    name: "a turn without a line for ten minutes",
    transcript: [LONG, calls("Bash")],
    afterMs: 10 * MINUTE,
    expected: { status: "unknown", source: "silence", sentence: "no line for over 10 minutes with Bash open" },
  }),
  of({
    name: "nothing for a day",
    transcript: [LONG, endOf("B19")],
    afterMs: 24 * 60 * MINUTE,
    expected: { status: "ended", source: "silence", sentence: "nothing since 2026-11-22 06:38 UTC" },
  }),
];

const fromRegistry = [
  of({
    name: "busy, before the prompt's line came",
    registry: "busy",
    transcript: [LONG, endOf("B19")],
    lagMs: 5 * SECOND,
    expected: { status: "working", source: "registry", sentence: "working, from the session registry" },
  }),
  of({
    name: "busy with a long command, however long no line comes",
    registry: "busy-long-command",
    transcript: [LONG, calls("Bash")],
    afterMs: 60 * MINUTE,
    expected: {
      status: "working",
      source: "registry",
      sentence: "Bash is running, from the session registry",
      until: null,
    },
  }),
  of({
    name: "busy after the turn's end, with a background subagent",
    registry: "busy-background-agent",
    transcript: [HOOKED, kind("turn.end", (event) => event.kind === "turn.end" && (event.pending ?? 0) > 0)],
    agents: workingAgent(),
    agentFiles: [AGENT],
    lagMs: -5 * SECOND,
    expected: {
      status: "working",
      source: "registry",
      sentence: "turn ended, but a subagent works, from the session registry",
      runningAgents: 1,
    },
  }),
  of({
    name: "busy between two tries",
    registry: "busy-retrying",
    transcript: [RETRIED, kind("api.error")],
    expected: {
      status: "working",
      source: "registry",
      sentence: "a turn is running, from the session registry",
      activity: { what: "retrying", summary: "overloaded_error, try 1 of 10", since: 1795329542290 },
    },
  }),
  of({
    name: "busy while it compacts",
    registry: "busy-compacting",
    transcript: [LONG, endOf("B20")],
    lagMs: 10 * SECOND,
    expected: { status: "working", source: "registry", sentence: "working, from the session registry" },
  }),
  of({
    name: "a background shell runs on",
    registry: "shell",
    transcript: [LONG, endOf("B19")],
    expected: {
      status: "working",
      source: "registry",
      sentence: "turn ended, but a background shell runs, from the session registry",
    },
  }),
  of({
    name: "idle after a turn",
    registry: "idle",
    transcript: [SIMPLE, kind("response")],
    expected: { status: "ready", source: "registry", sentence: "turn ended, from the session registry" },
  }),
  of({
    name: "idle before the turn's last lines came",
    registry: "idle",
    transcript: [SIMPLE, kind("prompt")],
    expected: { status: "ready", source: "registry", sentence: "turn over, from the session registry" },
  }),
  of({
    name: "idle for two days",
    registry: "idle",
    transcript: [SIMPLE, kind("response")],
    afterMs: 48 * 60 * MINUTE,
    expected: { status: "ready", source: "registry", sentence: "turn ended, from the session registry" },
  }),
  of({
    name: "idle after an API error",
    registry: "idle-after-error",
    transcript: [FAILED, kind("api.error")],
    expected: {
      status: "error",
      source: "registry",
      sentence: "stopped by an API error: API Error: 400 fake bad request, from the session registry",
    },
  }),
  of({
    name: "idle after Esc",
    registry: "idle-after-interrupt",
    transcript: [STOPPED, kind("interrupt")],
    expected: { status: "ready", source: "registry", sentence: "interrupted, from the session registry" },
  }),
  of({
    name: "a permission is asked for",
    registry: "waiting-permission-prompt",
    transcript: [LONG, calls("Bash")],
    expected: {
      status: "approval",
      source: "registry",
      sentence: "waiting for permission, from the session registry",
      activity: { what: "Bash", summary: "touch made-by-bash.txt && echo hi", since: 1795329442105 },
    },
  }),
  of({
    name: "a line that comes after the registry's word",
    registry: "waiting-permission-prompt",
    transcript: [LONG, calls("Bash")],
    lagMs: -500,
    expected: { status: "approval", source: "registry", sentence: "waiting for permission, from the session registry" },
  }),
  of({
    name: "a permission is asked for by a subagent",
    registry: "waiting-subagent-permission",
    transcript: [HOOKED, kind("turn.end", (event) => event.kind === "turn.end" && (event.pending ?? 0) > 0)],
    agents: workingAgent(),
    agentFiles: [AGENT],
    expected: {
      status: "approval",
      source: "registry",
      sentence: "waiting for permission, from the session registry",
      activity: { what: "Bash", summary: "touch sub1.txt", since: 1795330391261 },
      runningAgents: 1,
    },
  }),
  of({
    name: "a plan waits, which the client calls a permission",
    registry: "waiting-plan",
    transcript: [FORKED, calls("ExitPlanMode")],
    expected: {
      status: "approval",
      source: "registry",
      sentence: "a plan waits for approval, from the session registry",
    },
  }),
  of({
    name: "input is needed, before the question's line came",
    registry: "waiting-input-needed",
    transcript: [LONG, prompts("B6")],
    expected: {
      status: "question",
      source: "registry",
      sentence: "asked a question that is not answered yet, from the session registry",
    },
  }),
  of({
    name: "input is needed, with its question",
    registry: "waiting-input-needed",
    transcript: [LONG, calls("AskUserQuestion")],
    expected: {
      status: "question",
      source: "registry",
      sentence: "asked a question that is not answered yet, from the session registry",
    },
  }),
  of({
    name: "input is needed for a plan",
    registry: "waiting-input-needed",
    presence: {},
    main: new Events().prompt(T).call(T, "c1", "ExitPlanMode").state(),
    expected: {
      status: "approval",
      source: "registry",
      sentence: "a plan waits for approval, from the session registry",
    },
  }),
  of({
    name: "a dialog is open between turns",
    registry: "waiting-dialog-open",
    transcript: [LONG, endOf("B19")],
    expected: {
      status: "question",
      source: "registry",
      sentence: "a dialog is open in the terminal, from the session registry",
    },
  }),
  of({
    name: "a dialog is open for a plan",
    registry: "waiting-dialog-open",
    presence: {},
    main: new Events().prompt(T).call(T, "c1", "ExitPlanMode").state(),
    expected: {
      status: "approval",
      source: "registry",
      sentence: "a plan waits for approval, from the session registry",
    },
  }),
  of({
    name: "a dialog is open for a question",
    registry: "waiting-dialog-open",
    presence: {},
    main: new Events().prompt(T).call(T, "c1", "AskUserQuestion", "Which?").state(),
    expected: {
      status: "question",
      source: "registry",
      sentence: "asked a question that is not answered yet, from the session registry",
      activity: { what: "AskUserQuestion", summary: "Which?", since: T },
    },
  }),
  of({
    name: "waiting for something that is not known here",
    registry: "waiting-dialog-open",
    presence: { waitingFor: "moon phase" },
    transcript: [LONG, endOf("B19")],
    expected: {
      status: "question",
      source: "registry",
      sentence: "waiting in the terminal: moon phase, from the session registry",
    },
  }),
  of({
    name: "waiting without a word what for",
    registry: "waiting-dialog-open",
    presence: { waitingFor: null },
    transcript: [LONG, endOf("B19")],
    expected: {
      status: "question",
      source: "registry",
      sentence: "waiting in the terminal, from the session registry",
    },
  }),
];

const fromProcesses = [
  of({
    name: "a run without a terminal starts",
    registry: "print-starting",
    transcript: [SIMPLE],
    lagMs: 10 * SECOND,
    expected: { status: "working", source: "registry", sentence: "a run has started, from the session registry" },
  }),
  of({
    name: "a run without a terminal works",
    registry: "print-busy",
    transcript: [SIMPLE, kind("prompt")],
    expected: { status: "working", source: "registry", sentence: "a turn is running, from the session registry" },
  }),
  of({
    name: "a living process without a status, however long no line comes",
    registry: "print-starting",
    transcript: [LONG, calls("Bash")],
    lagMs: -SECOND,
    afterMs: 48 * 60 * MINUTE,
    expected: {
      status: "working",
      source: "transcript",
      sentence: "Bash is running, from the transcript",
      until: null,
    },
  }),
  of({
    name: "a resume that says nothing yet",
    registry: "resumed-at-once",
    transcript: [SIMPLE],
    lagMs: 10 * SECOND,
    expected: { status: "ready", source: "registry", sentence: "resumed, from the session registry" },
  }),
  of({
    name: "a resume after the closing line, at the prompt",
    registry: "resumed",
    transcript: [SIMPLE],
    lagMs: 10 * SECOND,
    expected: { status: "ready", source: "registry", sentence: "turn over, from the session registry" },
  }),
  of({
    name: "kill -9",
    registry: "killed",
    life: "dead",
    transcript: [LONG, calls("Bash")],
    expected: { status: "ended", source: "registry", sentence: "its process is gone, from the session registry" },
  }),
  of({
    name: "a line of the dead that came late",
    registry: "killed",
    life: "dead",
    transcript: [LONG, calls("Bash")],
    lagMs: -2 * SECOND,
    afterMs: 5 * SECOND,
    expected: { status: "ended", source: "registry", sentence: "its process is gone, from the session registry" },
  }),
  of({
    name: "lines after a death",
    registry: "killed",
    life: "dead",
    transcript: [LONG, calls("Bash")],
    lagMs: -2 * SECOND - 1,
    expected: { status: "working", source: "transcript", sentence: "Bash is running, from the transcript" },
  }),
  of({
    name: "/clear takes the terminal to another session",
    registry: "cleared-at-once",
    life: "moved",
    transcript: [SIMPLE, kind("response")],
    expected: {
      status: "ended",
      source: "registry",
      sentence: "its terminal went on with another session, from the session registry",
    },
  }),
  of({
    name: "a process of another namespace, of which nobody can say",
    registry: "foreign-namespace",
    life: "unproven",
    transcript: [LONG, calls("Bash")],
    expected: { status: "working", source: "transcript", sentence: "Bash is running, from the transcript" },
  }),
  of({
    name: "alive on one machine, dead on another",
    registry: "killed",
    life: "dead",
    transcript: [LONG, calls("Bash")],
    others: evidenceOfPresence(realPresence("busy"), { machine: "other" }),
    expected: { status: "working", source: "registry", sentence: "Bash is running, from the session registry" },
  }),
  of({
    name: "alive twice: the fresher word counts",
    registry: "idle",
    transcript: [LONG, calls("Bash")],
    others: evidenceOfPresence(moved(realPresence("waiting-permission-prompt"), 1795329450000).presence, {
      machine: "other",
    }),
    expected: { status: "approval", source: "registry", sentence: "waiting for permission, from the session registry" },
  }),
  of({
    name: "the channel is lost, for less than thirty seconds",
    registry: "waiting-permission-prompt",
    transcript: [LONG, calls("Bash")],
    lostForMs: 30 * SECOND - 1,
    expected: { status: "approval", source: "registry", sentence: "waiting for permission, from the session registry" },
  }),
  of({
    name: "the channel is lost for thirty seconds",
    registry: "waiting-permission-prompt",
    transcript: [LONG, calls("Bash")],
    lostForMs: 30 * SECOND,
    expected: {
      status: "working",
      source: "transcript",
      sentence: "Bash is running, from the transcript; the monitor's channel is lost since 2026-11-22 06:36 UTC",
      process: null,
    },
  }),
  of({
    name: "dead, and the channel is lost since",
    registry: "killed",
    life: "dead",
    transcript: [LONG, calls("Bash")],
    lostForMs: 5 * MINUTE,
    afterMs: 10 * MINUTE,
    expected: { status: "ended", source: "registry", sentence: "its process is gone, from the session registry" },
  }),
];

export const STATUS_CASES: readonly StatusCase[] = [...fromTranscript, ...fromRegistry, ...fromProcesses];
