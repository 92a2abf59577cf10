import type { SessionDetail, SessionSource } from "@agentpane/protocol";
import { parseEvidence } from "../fold/evidence.ts";
import { isSilent } from "../fold/row.ts";
import { subagentTotals } from "../store/rollups.ts";
import { shownSession } from "../store/sessions.ts";
import type { Db } from "../store/sqlite.ts";
import { agentRows } from "./agents.ts";
import { compactionsOf } from "./compactions.ts";
import { MachinesNow } from "./moment.ts";
import { type ReadSource, shownSources } from "./shown.ts";

/** Line types that are named of one session; of more, the most frequent. */
const MAX_UNKNOWN_TYPES = 50;

export function sessionDetail(db: Db, session: string, now: number): SessionDetail | null {
  const stored = shownSession(db, session);
  const sources = shownSources(db, session);
  if (stored === undefined || sources === null) return null;
  const machines = new MachinesNow(db, now);
  const { all, shown } = sources;
  const main = shown.primary?.state ?? null;
  const row = machines.row(stored);
  const silent = isSilent(machines.get(stored.machine), now) && row.process == null;
  const spent = new Map(subagentTotals(db, session).map(({ subagent, ...totals }) => [subagent, totals]));
  return {
    ...row,
    todos: main?.todos ?? [],
    agents: agentRows(db, shown, parseEvidence(stored.evidence), silent, now).map((agent) => ({
      ...agent,
      costNanoUsd: spent.get(agent.id)?.cost ?? 0,
      tokens: spent.get(agent.id)?.tokens ?? 0,
    })),
    sources: [...all]
      .sort((a, b) => rank(a, shown.primary) - rank(b, shown.primary) || a.id - b.id)
      .map((source) => sourceRow(source, shown.primary, machines)),
    compactions: compactionsOf(db, shown.primary),
    unknownTypes: unknownTypes([...(shown.primary === null ? [] : [shown.primary]), ...shown.agents.values()]),
  };
}

/** The primary, then other tellings of the session, then subagents. */
function rank(source: ReadSource, primary: ReadSource | null): number {
  if (source === primary) return 0;
  return source.subagent === null ? 1 : 2;
}

function sourceRow(source: ReadSource, primary: ReadSource | null, machines: MachinesNow): SessionSource {
  const { id, name } = machines.get(source.machine);
  return {
    machine: { id, name },
    root: source.root,
    subagent: source.subagent,
    copy: source.source.copy,
    generation: source.generation,
    offset: source.offset,
    path: source.path,
    size: source.proof.size,
    gone: source.gone,
    primary: source === primary,
  };
}

function unknownTypes(sources: readonly ReadSource[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { state } of sources) {
    for (const [type, count] of state.unknownTypes) counts.set(type, (counts.get(type) ?? 0) + count);
  }
  const most = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).slice(0, MAX_UNKNOWN_TYPES);
  return Object.fromEntries(most);
}
