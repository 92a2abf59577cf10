import type { SubagentRow } from "@agentpane/protocol";
import { type AgentPlace, agentTree } from "../fold/agent-tree.ts";
import type { Shown } from "../fold/elect.ts";
import { agentEvidence, type SessionEvidence } from "../fold/evidence.ts";
import { agentStatusOf } from "../fold/status.ts";
import { subagentEvents } from "../store/events.ts";
import type { Db } from "../store/sqlite.ts";
import type { ReadSource } from "./shown.ts";

/** The subagents of a session, oldest first, each with its place in the tree. `silent`: their machine is not heard of. */
export function agentRows(
  db: Db,
  shown: Shown<ReadSource>,
  session: SessionEvidence,
  silent: boolean,
  now: number,
): SubagentRow[] {
  const tree = agentPlaces(db, shown);
  return [...shown.agents]
    .map(([id, agent]) => {
      const requests = session.requests.filter(({ subagent }) => subagent === id);
      const own = agentStatusOf({ ...agentEvidence(shown, id, agent), requests }, session, now);
      return agentRow(id, agent, tree.get(id), silent && own.status !== "ended" ? null : own);
    })
    .sort((a, b) => (a.startedAt ?? 0) - (b.startedAt ?? 0) || (a.id < b.id ? -1 : 1));
}

/** By id: where each subagent stands in the tree. */
export function agentPlaces(db: Db, shown: Shown<ReadSource>): Map<string, AgentPlace> {
  const tellers: [string | null, ReadSource][] = [...shown.agents];
  if (shown.primary !== null) tellers.push([null, shown.primary]);
  return agentTree(
    new Map([...shown.agents].map(([id, agent]) => [id, agent.meta])),
    tellers.map(([of, source]) => ({ of, events: subagentEvents(db, source.id, source.generation) })),
  );
}

/** `own` is null where nobody can say. */
function agentRow(
  id: string,
  agent: ReadSource,
  place: AgentPlace | undefined,
  own: ReturnType<typeof agentStatusOf> | null,
): SubagentRow {
  const { firstAt, lastAt, latestAt, events, model } = agent.state;
  const end = own?.status === "ended" ? latestAt : null;
  const row: SubagentRow = {
    id,
    ...agent.meta,
    status: own?.status ?? "unknown",
    since: own?.since ?? lastAt,
    sentence: own?.sentence ?? "its machine's monitor is silent",
    activity: own?.activity ?? null,
    startedAt: firstAt,
    lastActivityAt: latestAt,
    events,
    parent: place?.parent ?? null,
    stub: place?.stub ?? true,
    durationMs: end === null || firstAt === null ? null : Math.max(0, end - firstAt),
    outcome: place?.outcome ?? null,
  };
  // What its own facts do not say (older clients kept none), the call that spawned it and its own lines do.
  if (row.type === undefined && place?.type != null) row.type = place.type;
  if (row.description === undefined && place?.description != null) row.description = place.description;
  if (row.call === undefined && place?.call != null) row.call = place.call;
  if (row.model === undefined && model !== null) row.model = model;
  return row;
}
