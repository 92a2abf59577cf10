import type { MergeSource, Shown } from "./elect.ts";
import { ASKING_TOOLS } from "./open-calls.ts";
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
  open: { tool: string; summary: string; at: number | null } | null;
  doing: SourceState["doing"];
  agents: AgentEvidence[];
  /** Only subagents have arrived. */
  stub: boolean;
}

export function evidenceOf(shown: Shown<MergeSource>): SessionEvidence {
  const main = shown.primary?.state ?? null;
  const agents = [...shown.agents.entries()];
  const running = agents
    .filter(([id, agent]) => mayRun(main, id, agent))
    .map(([id, agent]) => ({ id, lastAt: agent.state.lastAt, asking: askingOf(agent.state.open) }))
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
    doing: main?.doing ?? null,
    agents: running.map(({ lastAt, asking }) => ({ lastAt, asking })),
    stub: main === null,
  };
}

/** One subagent's own evidence, for its row; `main` is its parent's state, if that has arrived. */
export function agentEvidence(main: SourceState | null, id: string, agent: MergeSource): SessionEvidence {
  const own = evidenceOf({ primary: agent, agents: new Map() });
  if (own.phase === "over") return { ...own, phase: "bye" };
  if (own.phase !== "working" || mayRun(main, id, agent)) return own;
  return { ...own, phase: "bye", why: "stopped with its session's turn" };
}

/**
 * Whether a subagent may still run. Its own transcript says when it finished; where it does not (Esc, a killed client)
 * the parent's does: lines before the parent's last turn began or ended belong to a subagent that was stopped with it,
 * unless the parent said that background subagents ran on.
 */
function mayRun(main: SourceState | null, id: string, agent: MergeSource): boolean {
  if (agent.state.phase !== "working" || agent.meta?.finished === true) return false;
  if (main === null) return true;
  if (main.phase === "bye" || main.endedAgents.includes(id)) return false;
  return (agent.state.lastAt ?? 0) >= (main.boundaryAt ?? 0) || main.boundaryPending > 0;
}

function askingOf(open: readonly OpenCall[]): Asking | null {
  for (const call of open.toReversed()) {
    const what = ASKING_TOOLS[call.tool];
    if (what !== undefined) return { what, tool: call.tool, summary: call.summary, at: call.at };
  }
  return null;
}

function newest(open: readonly OpenCall[]): SessionEvidence["open"] {
  const call = open.at(-1);
  return call === undefined ? null : { tool: call.tool, summary: call.summary, at: call.at };
}

export function latest(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}
