import type { SessionTimeline, SubagentRow, TimelineLane, TimelineSpan } from "@agentpane/protocol";
import { timelineTexts } from "../../../texts/timeline.ts";
import type { Stretch } from "./viewport.ts";

/** A span where it is drawn: `end` is where it ends on the axis, also while no end is written. */
export interface Drawn {
  span: TimelineSpan;
  from: number;
  end: number;
}

/** One row of the chart. */
export interface Row {
  key: string;
  label: string;
  /** Null for a lane of the session's own thread. */
  agent: AgentRow | null;
  /** In order of their beginning. */
  spans: readonly Drawn[];
  /** The latest end of all spans up to each, so that those in sight are found by halving. */
  reach: readonly number[];
  calls: number;
  busyMs: number;
  failed: number;
}

interface AgentRow {
  id: string;
  known: SubagentRow | null;
  extent: Stretch;
  running: boolean;
  /** When it was started, and in which row the one that started it is. */
  startedBy: string | null;
}

/** Agents that have a row; the Agents tab has them all. */
const MAX_AGENT_ROWS = 40;
/** Lanes of the session's own thread, top to bottom, and what belongs into each. */
const LANES: readonly (readonly [key: string, lanes: readonly TimelineLane[]])[] = [
  ["model", ["model"]],
  ["bash", ["bash"]],
  ["edit", ["edit"]],
  ["read", ["read"]],
  ["web", ["web"]],
  ["ask", ["ask"]],
  ["other", ["other", "agent"]],
];

export interface Lanes {
  rows: readonly Row[];
  /** Agents that were left out. */
  moreAgents: number;
}

/** `end` is the end of the axis: what has no end yet reaches to it where the session works, and nowhere else. */
export function lanesOf(
  timeline: SessionTimeline,
  agents: readonly SubagentRow[],
  end: number,
  working: boolean,
): Lanes {
  const known = new Map(agents.map((agent) => [agent.id, agent]));
  const shown = timeline.agents.slice(0, MAX_AGENT_ROWS);
  const calls = new Set(shown.map(({ call }) => call));
  const byThread = Map.groupBy(timeline.spans, ({ agent }) => agent ?? null);
  const own = byThread.get(null) ?? [];
  const totals = new Map(timeline.totals.map((total) => [total.lane, total]));
  const rows: Row[] = [];
  for (const [key, lanes] of LANES) {
    // A call that started an agent is that agent's row.
    const spans = own.filter(
      ({ lane, call }) => lanes.includes(lane) && !(lane === "agent" && call !== undefined && calls.has(call)),
    );
    if (spans.length === 0) continue;
    const sums = lanes.flatMap((lane) => (lane === "agent" ? [] : (totals.get(lane) ?? [])));
    const drawn = spans.map((span) => drawnOf(span, end, working));
    rows.push({
      key,
      label: timelineTexts.lanes[key as keyof typeof timelineTexts.lanes],
      agent: null,
      ...reachOf(drawn),
      calls: sums.length === 0 ? spans.length : sums.reduce((sum, { calls: count }) => sum + count, 0),
      busyMs: sums.reduce((sum, { busyMs }) => sum + busyMs, 0),
      failed: sums.reduce((sum, { failed }) => sum + failed, 0),
    });
  }
  for (const { id, from, to, parent } of shown) {
    if (from === null || to === null) continue;
    const row = known.get(id) ?? null;
    const running = working && row?.status === "working";
    const spans = (byThread.get(id) ?? []).map((span) => drawnOf(span, running ? end : to, running));
    rows.push({
      key: `agent ${id}`,
      label: row?.type ?? timelineTexts.agent,
      agent: { id, known: row, extent: { from, to: running ? end : to }, running, startedBy: parent },
      ...reachOf(spans),
      calls: spans.filter(({ span }) => span.lane !== "model").length,
      busyMs: (running ? end : to) - from,
      failed: spans.filter(({ span }) => span.failed === true).length,
    });
  }
  return { rows, moreAgents: timeline.agents.length - shown.length + timeline.omitted.agents };
}

function drawnOf(span: TimelineSpan, end: number, working: boolean): Drawn {
  const to = span.to ?? (working ? Math.max(span.from, end) : span.from);
  return { span, from: span.from, end: to };
}

function reachOf(spans: readonly Drawn[]): Pick<Row, "spans" | "reach"> {
  let latest = Number.NEGATIVE_INFINITY;
  const reach = spans.map(({ end }) => {
    latest = Math.max(latest, end);
    return latest;
  });
  return { spans, reach };
}

/** Those of a row that are in sight, as a range of indices; a long one in the middle may hide some that are not. */
export function inSight({ spans, reach }: Pick<Row, "spans" | "reach">, { from, to }: Stretch): [number, number] {
  const first = lowest(reach.length, (index) => (reach[index] ?? 0) >= from);
  const behind = lowest(spans.length, (index) => (spans[index]?.from ?? 0) > to);
  return [first, Math.max(first, behind)];
}

/** The first index for which `holds`, which holds for all that follow. */
function lowest(length: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The span at a moment, or the nearest within `slackMs`; the shortest where several are there. */
export function spanAt(row: Row, at: number, slackMs: number): number | null {
  const [first, behind] = inSight(row, { from: at - slackMs, to: at + slackMs });
  let best: number | null = null;
  let bestScore = Number.POSITIVE_INFINITY;
  for (let index = first; index < behind; index += 1) {
    const drawn = row.spans[index];
    if (drawn === undefined) continue;
    const away = Math.max(0, drawn.from - at, at - drawn.end);
    if (away > slackMs) continue;
    // Nearness first, and of those that are as near the shortest, which lies on top of the others.
    const score = away * 1e6 + (drawn.end - drawn.from);
    if (score < bestScore) {
      best = index;
      bestScore = score;
    }
  }
  return best;
}

/** The span of another row that is nearest in time. */
export function nearest(row: Row, at: number): number | null {
  if (row.spans.length === 0) return null;
  const after = Math.min(
    row.spans.length - 1,
    lowest(row.spans.length, (index) => (row.spans[index]?.from ?? 0) >= at),
  );
  const before = Math.max(0, after - 1);
  const away = (index: number) => Math.abs((row.spans[index]?.from ?? 0) - at);
  return away(before) < away(after) ? before : after;
}
