import { timelineTexts } from "../../../texts/timeline.ts";
import { formatAge, formatCount, formatDuration, formatTokens, formatUsd } from "../../../ui/format.ts";
import { Words } from "../../../ui/text.tsx";
import type { Curves } from "./curves.ts";
import type { Geometry } from "./geometry.ts";
import type { Lanes, Row } from "./lanes.ts";
import { ROW_PX } from "./paint.ts";

interface LaneLabelsProps {
  lanes: Lanes;
  geometry: Geometry;
  curves: Curves | null;
  onOpenAgent(id: string): void;
}

/** What each row is, how often and for how long; left of the plot. */
export function LaneLabels({ lanes, geometry, curves, onOpenAgent }: LaneLabelsProps) {
  const { lanesTop, tops, agentsHead, height, curvesTop, curvesHeight, promptsTop } = geometry;
  return (
    <div className="timeline-labels" style={{ height }}>
      {curves !== null &&
        [0, HALF, 1].map((part) => (
          <span
            key={part}
            aria-hidden="true"
            className="timeline-share"
            style={{ top: curvesTop + (1 - part / HEADROOM) * curvesHeight }}
          >
            {curves.windowKnown ? `${part * PERCENT}%` : formatTokens(part * curves.fullTokens)}
          </span>
        ))}
      <div aria-hidden="true" className="timeline-row is-head" style={{ top: promptsTop, height: ROW_PX }}>
        <span />
        <span>{timelineTexts.calls}</span>
        <span>{timelineTexts.time}</span>
      </div>
      {agentsHead !== null && (
        <h3 className="timeline-agents" style={{ top: lanesTop + agentsHead, height: ROW_PX }}>
          {timelineTexts.agents}
        </h3>
      )}
      {lanes.rows.map((row, index) => (
        <div key={row.key} className="timeline-row" style={{ top: lanesTop + (tops[index] ?? 0), height: ROW_PX }}>
          {row.agent === null ? (
            <>
              <b>{row.label}</b>
              <span>{formatCount(row.calls)}</span>
              <span>{row.busyMs > 0 ? shortly(row.busyMs) : ""}</span>
            </>
          ) : (
            <AgentLabel row={row} onOpen={onOpenAgent} />
          )}
        </div>
      ))}
    </div>
  );
}

function AgentLabel({ row, onOpen }: { row: Row; onOpen(id: string): void }) {
  const { agent } = row;
  if (agent === null) return null;
  const cost = agent.known?.costNanoUsd ?? 0;
  const title = [row.label, agent.known?.description].filter(Boolean).join(": ");
  return (
    <>
      <button type="button" title={title} onClick={() => onOpen(agent.id)}>
        <Words>{row.label}</Words>
      </button>
      <span className="is-wide">
        {formatCount(row.calls)} {timelineTexts.calls}
        {cost > 0 && `, ${formatUsd(cost)}`}
      </span>
    </>
  );
}

/** In one unit: the column is narrow. */
function shortly(ms: number): string {
  return ms < MINUTE_MS ? formatDuration(ms) : formatAge(ms);
}
const MINUTE_MS = 60_000;

const HALF = 0.5;
const PERCENT = 100;
const HEADROOM = 1.06;
