import { timelineTexts } from "../../../texts/timeline.ts";
import { formatPercent, formatTokens, formatUsd } from "../../../ui/format.ts";
import { Command, Words } from "../../../ui/text.tsx";
import { nameOf, outcomeOf, tookOf } from "./describe.ts";
import type { Row } from "./lanes.ts";
import { clockOf } from "./ticks.ts";

const CARD_PX = 320;

interface HoverCardProps {
  row: Row | undefined;
  index: number;
  x: number;
  top: number;
  width: number;
  working: boolean;
  values: { context: number; cost: number; full: number } | null;
}

/** What is under the pointer, in words. */
export function HoverCard({ row, index, x, top, width, working, values }: HoverCardProps) {
  const drawn = row?.spans[index];
  if (row === undefined || drawn === undefined) return null;
  const { span } = drawn;
  const running = working && (row.agent === null || row.agent.running);
  const took = tookOf(drawn, running);
  const outcome = outcomeOf(drawn, running);
  const left = Math.max(0, Math.min(x + 12, width - CARD_PX));
  return (
    <div aria-hidden="true" className="timeline-card" style={{ left, top: top + 4, maxWidth: CARD_PX }}>
      <header>
        <b>{nameOf(span)}</b>
        <time>{clockOf(span.from)}</time>
        {took !== null && <span>{took}</span>}
        {outcome !== null && <span className={span.failed === true ? "text-error" : undefined}>{outcome}</span>}
      </header>
      {span.summary !== undefined && span.summary !== "" && (
        <p className={span.tool === undefined ? undefined : "font-mono"}>
          {span.tool === undefined ? <Words>{span.summary}</Words> : <Command>{span.summary}</Command>}
        </p>
      )}
      {row.agent !== null && (
        <p className="text-fg-3">
          <Words>{timelineTexts.of(row.agent.known?.description ?? row.label)}</Words>
        </p>
      )}
      {values !== null && row.agent === null && (
        <p className="text-fg-3">
          {timelineTexts.contextThen}{" "}
          {timelineTexts.tokens(formatPercent(values.context), formatTokens(values.context * values.full))}
          {" · "}
          {timelineTexts.costThen} {formatUsd(values.cost)}
        </p>
      )}
    </div>
  );
}
