import type { MergeSource, Shown } from "./elect.ts";
import { ASKING_TOOLS, SPAWNING_TOOLS } from "./open-calls.ts";
import { type PresenceEvidence, weighed } from "./presence.ts";
import { oldestFirst, type RequestEvidence } from "./request-evidence.ts";
import type { OpenCall, Phase, SourceState } from "./source-state.ts";

/** Subagents whose running is watched; of more, those with the latest lines. */
const MAX_RUNNING_AGENTS = 32;

/** What an open call asks a person. */
export interface Asking {
  what: "question" | "approval";
  tool: string;
  summary: string;
  at: number | null;
}

/** A subagent whose own transcript does not say that it finished. */
export interface AgentEvidence {
  lastAt: number | null;
  asking: Asking | null;
}

/** All that a session's status depends on, besides the time: what `statusOf` reads. */
export interface SessionEvidence {
  phase: Phase;
  why: string;
  phaseAt: number | null;
  /** The last dated line, by position, of the main transcript. */
  lastAt: number | null;
  /** The same over all subagents, finished ones too. */
  agentsLastAt: number | null;
  asking: Asking | null;
  /** The newest open call. */
  open: OpenEvidence | null;
  /** The call that a permission prompt can only be of: the one open call, subagents' included. */
  only: OpenEvidence | null;
  doing: SourceState["doing"];
  agents: AgentEvidence[];
  /** Only subagents have arrived. */
  stub: boolean;
  /** The error that ended the turn was a limit of the account's, not a failure. */
  limited: boolean;
  /** A prompt waits, or the notice of a background subagent: when this turn ends, another begins at once. */
  follows: boolean;
  /** Its processes, by weight. */
  presences: PresenceEvidence[];
  /** What the hook holds open, oldest first. */
  requests: RequestEvidence[];
}

export interface OpenEvidence {
  tool: string;
  summary: string;
  at: number | null;
}

/** Evidence as it was stored, by an older AgentPane too. */
export function parseEvidence(text: string): SessionEvidence {
  const evidence = JSON.parse(text) as Partial<SessionEvidence>;
  return {
    ...(evidence as SessionEvidence),
    only: evidence.only ?? null,
    presences: evidence.presences ?? [],
    requests: evidence.requests ?? [],
  };
}

export function evidenceOf(
  shown: Shown<MergeSource>,
  presences: Iterable<PresenceEvidence> = [],
  requests: Iterable<RequestEvidence> = [],
): SessionEvidence {
  const main = shown.primary?.state ?? null;
  const agents = [...shown.agents.entries()];
  const ended = endedAgents(shown);
  const running = agents
    .filter(([id, agent]) => mayRun(main, ended, id, agent))
    .map(([id, agent]) => ({ id, agent, lastAt: agent.state.lastAt, asking: askingOf(agent.state.open) }))
    .sort((a, b) => (b.lastAt ?? -1) - (a.lastAt ?? -1) || (a.id < b.id ? -1 : 1))
    .slice(0, MAX_RUNNING_AGENTS);
  return {
    phase: main?.phase ?? "none",
    why: main?.why ?? "",
    phaseAt: main?.phaseAt ?? null,
    lastAt: main?.lastAt ?? null,
    agentsLastAt: agents.reduce<number | null>((last, [, agent]) => latest(last, agent.state.lastAt), null),
    asking: main === null ? null : askingOf(main.open),
    open: main === null ? null : newest(main.open),
    only: onlyOpen([main, ...running.map(({ agent }) => agent.state)]),
    doing: main?.doing ?? null,
    agents: running.map(({ lastAt, asking }) => ({ lastAt, asking })),
    stub: main === null,
    limited: main?.limited ?? false,
    follows: main !== null && (main.queued > 0 || main.boundaryPending > 0 || running.length > 0),
    presences: weighed(presences),
    requests: oldestFirst(requests),
  };
}

/** One subagent's own evidence, for its row. */
export function agentEvidence(shown: Shown<MergeSource>, id: string, agent: MergeSource): SessionEvidence {
  const own = evidenceOf({ primary: agent, agents: new Map() });
  if (own.phase === "over") return { ...own, phase: "bye" };
  if (own.phase !== "working") return own;
  const ended = endedAgents(shown);
  if (mayRun(shown.primary?.state ?? null, ended, id, agent)) return own;
  const told = agent.meta?.finished === true || ended.has(id);
  return { ...own, phase: "bye", why: told ? "finished, as its parent was told" : "stopped with its session's turn" };
}

/** Subagents that the main transcript, or the subagent that started them, was told the end of. */
function endedAgents({ primary, agents }: Shown<MergeSource>): ReadonlySet<string> {
  const ended = new Set(primary?.state.endedAgents);
  for (const agent of agents.values()) for (const id of agent.state.endedAgents) ended.add(id);
  return ended;
}

/**
 * Whether a subagent may still run. Its own transcript says when it finished; where it does not (Esc, a killed client)
 * the parent's does: lines before the parent's last turn began or ended belong to a subagent that was stopped with it,
 * unless the parent said that background subagents ran on.
 */
function mayRun(main: SourceState | null, ended: ReadonlySet<string>, id: string, agent: MergeSource): boolean {
  if (agent.state.phase !== "working" || agent.meta?.finished === true || ended.has(id)) return false;
  if (main === null) return true;
  if (main.phase === "bye") return false;
  return (agent.state.lastAt ?? 0) >= (main.boundaryAt ?? 0) || main.boundaryPending > 0;
}

function askingOf(open: readonly OpenCall[]): Asking | null {
  for (const call of open.toReversed()) {
    const what = ASKING_TOOLS[call.tool];
    if (what !== undefined) return { what, tool: call.tool, summary: call.summary, at: call.at };
  }
  return null;
}

function newest(open: readonly OpenCall[]): OpenEvidence | null {
  const call = open.at(-1);
  return call === undefined ? null : opened(call);
}

/** Null where there are several: which of them a person is asked about is not in any transcript. */
function onlyOpen(states: readonly (SourceState | null)[]): OpenEvidence | null {
  const open = states.flatMap((state) => (state?.open ?? []).filter(({ tool }) => !SPAWNING_TOOLS.has(tool)));
  const [call] = open;
  return call === undefined || open.length > 1 || states.some((state) => (state?.openMore ?? 0) > 0)
    ? null
    : opened(call);
}

function opened({ tool, summary, at }: OpenCall): OpenEvidence {
  return { tool, summary, at };
}

export function latest(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}
