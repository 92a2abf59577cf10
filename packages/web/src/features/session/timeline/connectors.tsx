import type { SessionTimeline } from "@agentpane/protocol";
import type { Geometry } from "./geometry.ts";
import type { Row } from "./lanes.ts";
import { ROW_PX } from "./paint.ts";
import type { Stretch } from "./viewport.ts";

interface ConnectorsProps {
  timeline: SessionTimeline;
  rows: readonly Row[];
  geometry: Geometry;
  stretch: Stretch;
  width: number;
}

/** A line from whoever started an agent down to its row, at the call that did. */
export function Connectors({ timeline, rows, geometry, stretch, width }: ConnectorsProps) {
  const scale = width / (stretch.to - stretch.from);
  const started = new Map(
    timeline.spans.flatMap(({ lane, call, from }) => (lane === "agent" && call !== undefined ? [[call, from]] : [])),
  );
  const callOf = new Map(timeline.agents.map(({ id, call }) => [id, call]));
  const rowOf = new Map(rows.map((row, index) => [row.agent?.id ?? null, index]));
  return rows.map((row, index) => {
    const { agent } = row;
    if (agent === null) return null;
    const call = callOf.get(agent.id) ?? null;
    // Without the call that started it nothing is joined: where it came from is not known.
    const at = call === null ? undefined : started.get(call);
    if (at === undefined || at < stretch.from || at > stretch.to) return null;
    const by = agent.startedBy === null ? 0 : rowOf.get(agent.startedBy);
    if (by === undefined || by >= index) return null;
    const top = geometry.lanesTop + (geometry.tops[by] ?? 0) + ROW_PX / 2;
    const bottom = geometry.lanesTop + (geometry.tops[index] ?? 0) + ROW_PX / 2;
    return (
      <div
        key={row.key}
        aria-hidden="true"
        className="timeline-connector"
        style={{ left: (at - stretch.from) * scale, top, height: bottom - top }}
      />
    );
  });
}
