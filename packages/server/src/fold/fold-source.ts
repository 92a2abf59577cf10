import type { LineContext, TranscriptEvent } from "@agentpane/protocol";
import { closeAllCalls, closeCall, openCall } from "./open-calls.ts";
import { projectOf } from "./project.ts";
import {
  MAX_BRANCH_CHARS,
  MAX_ENDED_AGENTS,
  MAX_NAME_CHARS,
  MAX_PATH_CHARS,
  MAX_UNKNOWN_TYPES,
  type Phase,
  type SourceState,
  TITLE_RANK,
} from "./source-state.ts";
import { foldTodos } from "./todos.ts";

/** Reasons to stop after which nothing follows by itself. */
const LAST_STOP_REASONS: Readonly<Record<string, string>> = {
  end_turn: "turn ended",
  stop_sequence: "turn ended",
  refusal: "the model refused",
};
/** The client writes its own messages under such names; they are no model's. */
const NOT_A_MODEL = /^</;
const MAX_QUEUED = 1_000;
const TOO_MANY_REQUESTS = 429;
const OTHER_TYPES = "(other)";

/**
 * Folds what follows into `state`, which it changes. Events and contexts are each in order of position; a context holds
 * from the line it stands on. Any cut of a source into calls gives the same state.
 */
export function foldLines(
  state: SourceState,
  contexts: readonly LineContext[],
  events: readonly TranscriptEvent[],
): void {
  let next = 0;
  for (const event of events) {
    for (
      let context = contexts[next];
      context !== undefined && context.offset <= event.offset;
      context = contexts[++next]
    ) {
      foldContext(state, context);
    }
    foldEvent(state, event);
  }
  for (const context of contexts.slice(next)) foldContext(state, context);
}

function foldContext(state: SourceState, context: LineContext): void {
  if (context.cwd !== undefined) {
    state.cwd = context.cwd.slice(0, MAX_PATH_CHARS);
    state.project ??= projectOf(context.cwd);
  }
  if (context.branch !== undefined) state.branch = context.branch.slice(0, MAX_BRANCH_CHARS);
  if (context.version !== undefined) state.version = context.version;
}

function foldEvent(state: SourceState, event: TranscriptEvent): void {
  state.events++;
  if (event.at !== null) {
    state.firstAt ??= event.at;
    state.lastAt = event.at;
    state.latestAt = Math.max(state.latestAt ?? event.at, event.at);
  }
  const at = state.lastAt;
  switch (event.kind) {
    case "prompt":
      foldPrompt(state, event, at);
      break;
    case "text":
      state.lastWords = { who: "agent", summary: event.summary };
      if (works(state, event.response, event.offset, at)) state.doing = { what: "answering", summary: "", at };
      break;
    case "thinking":
      if (works(state, event.response, event.offset, at)) state.doing = { what: "thinking", summary: "", at };
      break;
    case "tool.call":
      if (works(state, event.response, event.offset, at)) state.doing = null;
      openCall(state, { call: event.call, tool: event.tool, summary: event.summary, at });
      break;
    case "tool.result":
      // A result that nobody waits for any more (after Esc, say) does not begin a turn.
      if (closeCall(state, event.call) && works(state, null, event.offset, at)) {
        state.doing = { what: "thinking", summary: "", at };
      }
      break;
    case "response":
      foldResponse(state, event, at);
      break;
    case "turn.end":
      // A turn that an error ended stays in error until something follows.
      if (state.phase !== "error") endTurn(state, "over", "turn ended", event.offset, at);
      state.boundaryPending = event.pending ?? 0;
      break;
    case "interrupt":
      endTurn(state, "over", "interrupted", event.offset, at);
      state.boundaryPending = 0;
      break;
    case "api.error":
      if (event.retry === undefined) {
        endTurn(state, "error", event.summary === "" ? event.error : event.summary, event.offset, at);
        state.limited = event.status === TOO_MANY_REQUESTS || event.error === "rate_limit";
      } else if (works(state, null, event.offset, at)) {
        const summary = `${event.error}, try ${event.retry.attempt} of ${event.retry.max}`;
        state.doing = { what: "retrying", summary, at };
      }
      break;
    case "cost":
      foldClientTotal(state, event.totalNanoUsd, at);
      endTurn(state, "bye", "said goodbye", event.offset, at);
      break;
    case "title":
      if (TITLE_RANK[event.source] >= state.titleRank) {
        state.title = event.title;
        state.titleRank = TITLE_RANK[event.source];
      }
      break;
    case "mode":
      if (event.what === "permission") state.permissionMode = event.mode;
      break;
    case "subagent.end":
      if (event.subagent !== null) {
        state.endedAgents = [...state.endedAgents, event.subagent.slice(0, MAX_NAME_CHARS)].slice(-MAX_ENDED_AGENTS);
      }
      break;
    case "todo":
      state.todos = foldTodos(state.todos, event);
      break;
    case "note":
      if (event.unknown === true) countUnknown(state, event.type);
      break;
    case "malformed":
      state.malformed++;
      break;
    case "queue":
      state.queued =
        event.operation === "enqueue" ? Math.min(state.queued + 1, MAX_QUEUED) : Math.max(state.queued - 1, 0);
      break;
    // Hooks report progress after a turn's end too: it does not say that a turn runs.
    case "progress":
    case "compaction":
    case "subagent.start":
      break;
  }
}

function foldPrompt(state: SourceState, event: Extract<TranscriptEvent, { kind: "prompt" }>, at: number | null): void {
  const human = event.origin === "human";
  if (human) {
    state.goal ??= event.summary;
    state.lastWords = { who: "person", summary: event.summary };
  }
  // A slash command may be settled by the client alone; if it starts a turn, the model's lines say so.
  if (!human && event.origin !== "task" && event.origin !== "peer") return;
  if (event.queued === true) {
    works(state, null, event.offset, at);
    return;
  }
  state.turns++;
  closeAllCalls(state);
  setPhase(state, "working", "", event.offset, at);
  state.endedResponse = null;
  state.boundaryAt = at;
  state.doing = { what: "thinking", summary: "", at };
}

function foldResponse(
  state: SourceState,
  event: Extract<TranscriptEvent, { kind: "response" }>,
  at: number | null,
): void {
  if (NOT_A_MODEL.test(event.model)) return;
  state.model = event.model;
  state.contextTokens = event.contextTokens;
  const why = event.stopReason === null ? undefined : LAST_STOP_REASONS[event.stopReason];
  if (why === undefined) {
    works(state, event.response, event.offset, at);
    return;
  }
  // Each block of a response has a line, and each line says again that it was the last.
  if (state.phase === "over" && event.response !== null && event.response === state.endedResponse) return;
  endTurn(state, "over", why, event.offset, at);
  state.endedResponse = event.response;
}

/**
 * A client that resumes a session goes on from its last total, and says it again where nothing was spent since (Claude Code
 * 2.1.330). One that says less began at nothing.
 */
function foldClientTotal(state: SourceState, total: number, at: number | null): void {
  const known = state.client;
  const restarted = known !== null && total < known.last;
  state.client = { before: (known?.before ?? 0) + (restarted ? known.last : 0), last: total, at };
}

/** Something of a turn was seen: one runs, unless it belongs to what has just ended. False where it does. */
function works(state: SourceState, response: string | null, offset: number, at: number | null): boolean {
  if (state.phase !== "working") {
    if (state.phase !== "none" && offset === state.phaseOffset) return false;
    if (response !== null && response === state.endedResponse) return false;
    setPhase(state, "working", "", offset, at);
    state.endedResponse = null;
    state.boundaryAt = at;
  }
  return true;
}

function endTurn(state: SourceState, phase: Phase, why: string, offset: number, at: number | null): void {
  // The same end told twice (the last response, then the turn's own line) happened when it was told first.
  if (state.phase !== phase || phase === "error") setPhase(state, phase, why, offset, at);
  state.phaseOffset = offset;
  state.boundaryAt = at;
  state.doing = null;
  closeAllCalls(state);
}

function setPhase(state: SourceState, phase: Phase, why: string, offset: number, at: number | null): void {
  state.phase = phase;
  state.why = why;
  state.phaseAt = at;
  state.phaseOffset = offset;
}

function countUnknown(state: SourceState, type: string): void {
  state.unknownLines++;
  const name = type.slice(0, MAX_NAME_CHARS);
  const known = state.unknownTypes.find(([other]) => other === name);
  const room = state.unknownTypes.length < MAX_UNKNOWN_TYPES;
  const counted = known ?? (room ? undefined : state.unknownTypes.find(([other]) => other === OTHER_TYPES));
  if (counted !== undefined) counted[1]++;
  else state.unknownTypes.push([room ? name : OTHER_TYPES, 1]);
}
