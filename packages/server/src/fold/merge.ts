import type { SessionRow } from "@agentpane/protocol";
import { elect, type MergeSource, type Shown } from "./elect.ts";
import { evidenceOf, latest, type SessionEvidence } from "./evidence.ts";
import type { PresenceEvidence } from "./presence.ts";
import type { RequestEvidence } from "./request-evidence.ts";
import type { SourceState } from "./source-state.ts";

/** Counted over all sources, and not part of the merge. */
type Spend = "costNanoUsd" | "unpricedResponses" | "tokens";

/** The part of a row that no clock changes: status, activity and running subagents are computed when it is shown. */
export type SessionFacts = Omit<
  SessionRow,
  "machine" | "status" | "since" | "source" | "sentence" | "activity" | "subagents" | "process" | Spend
> & { agents: number };

export interface MergedSession {
  /** The primary's machine, or of a stub, that of the subagents. */
  machine: string;
  facts: SessionFacts;
  evidence: SessionEvidence;
}

/**
 * A session from the states of its sources and its processes, in whatever order they are given and came. Null where
 * there are no sources: a process alone makes no session, since the client writes its file with the first prompt.
 */
export function mergeSession<S extends MergeSource>(
  id: string,
  product: SessionRow["product"],
  sources: Iterable<S>,
  presences: Iterable<PresenceEvidence> = [],
  requests: Iterable<RequestEvidence> = [],
): { shown: Shown<S>; merged: MergedSession | null } {
  const shown = elect(sources);
  const main = shown.primary?.state ?? null;
  const agents = [...shown.agents.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, agent]) => agent);
  const all = shown.primary === null ? agents : [shown.primary, ...agents];
  const home = shown.primary ?? agents[0];
  if (home === undefined) return { shown, merged: null };

  // A stub knows where it works, but has no title, goal or words: those are the main transcript's.
  const place = main ?? home.state;
  const facts: SessionFacts = {
    id,
    product,
    title: main?.title ?? null,
    goal: main?.goal ?? null,
    project: place.project,
    cwd: place.cwd,
    branch: place.branch,
    model: main?.model ?? null,
    permissionMode: main?.permissionMode ?? null,
    agentVersion: place.version,
    lastWords: main?.lastWords ?? null,
    startedAt: main === null ? first(agents) : main.firstAt,
    lastActivityAt: all.reduce<number | null>((last, source) => latest(last, source.state.latestAt), null),
    turns: main?.turns ?? 0,
    agents: agents.length,
    todo: todoCount(main),
    events: main?.events ?? 0,
    malformed: sum(all, (source) => source.state.malformed),
    unknownLines: sum(all, (source) => source.state.unknownLines),
    bytes: sum(all, (source) => source.offset),
    contextTokens: main?.contextTokens ?? null,
    contextWindow: null,
    clientCostNanoUsd: clientTotal(main)?.costNanoUsd ?? null,
  };
  return { shown, merged: { machine: home.machine, facts, evidence: evidenceOf(shown, presences, requests) } };
}

/** The client's own total of a session, and when it said so; null where it never did. */
export function clientTotal(main: SourceState | null): { costNanoUsd: number; at: number | null } | null {
  const client = main?.client ?? null;
  return client === null ? null : { costNanoUsd: client.before + client.last, at: client.at };
}

function todoCount(main: MergeSource["state"] | null): SessionRow["todo"] {
  if (main === null || main.todos.length === 0) return null;
  return { done: main.todos.filter((item) => item.status === "completed").length, total: main.todos.length };
}

function first(sources: readonly MergeSource[]): number | null {
  const times = sources.map((source) => source.state.firstAt).filter((at) => at !== null);
  return times.length === 0 ? null : Math.min(...times);
}

function sum(sources: readonly MergeSource[], of: (source: MergeSource) => number): number {
  return sources.reduce((total, source) => total + of(source), 0);
}
