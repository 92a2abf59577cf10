import type { Compaction, SessionUsage } from "@agentpane/protocol";
import { useId, useState } from "react";
import { useServerTime } from "../../../live/use-live.ts";
import { costTexts } from "../../../texts/cost.ts";
import { formatTokens, formatUsd, formatWhen } from "../../../ui/format.ts";
import { CompactionMarks, CompactionWords, compactionsBetween } from "./compaction-marks.tsx";
import { moneyTicks, pointBefore, spentBy, tickLabels } from "./scale.ts";

type Points = SessionUsage["overTime"];

/** The plot's own units; it is stretched to the place that it has. */
const WIDTH = 1000;
const HEIGHT = 100;
const PERCENT = 100;
/** Page Up and Page Down move by a tenth of the points. */
const PAGES = 10;

/** The cost as it rose, with its values as words: under the pointer, at the arrow keys, and summed up in a sentence. */
export function Curve({ points, compactions }: { points: Points; compactions: readonly Compaction[] }) {
  const id = useId();
  const [chosen, setChosen] = useState<number | null>(null);
  const now = useServerTime((time) => Math.floor(time / DAY_MS) * DAY_MS);
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) return null;
  const ticks = moneyTicks(last.costNanoUsd);
  const labels = tickLabels(ticks);
  const top = ticks.at(-1) ?? 1;
  const span = Math.max(1, last.at - first.at);
  const x = (at: number) => (at - first.at) / span;
  const y = (cost: number) => cost / top;
  const marks = compactionsBetween(compactions, first.at, last.at);
  const when = (at: number) => formatWhen(at, now);
  const index = Math.min(chosen ?? points.length - 1, points.length - 1);
  const point = points[index] ?? last;
  const words = costTexts.pointAt(formatUsd(point.costNanoUsd), formatTokens(point.tokens), when(point.at));
  const half = spentBy(points, 0.5) ?? last;
  const path = stepPath(points.map(({ at, costNanoUsd }) => [x(at) * WIDTH, HEIGHT - y(costNanoUsd) * HEIGHT]));

  const onKeyDown = (event: React.KeyboardEvent) => {
    const to = moved(event.key, index, points.length);
    if (to === null) return;
    event.preventDefault();
    setChosen(Math.max(0, Math.min(points.length - 1, to)));
  };
  const onPointerMove = (event: React.PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    if (box.width === 0) return;
    setChosen(pointBefore(points, first.at + ((event.clientX - box.left) / box.width) * span));
  };

  return (
    <section aria-labelledby={id} className="grid gap-2">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <h2 id={id} className="font-semibold text-fg-3 text-xs tracking-[0.04em] uppercase">
          {costTexts.overTime}
        </h2>
        <span aria-hidden="true" className="text-fg-2 text-s">
          {words}
        </span>
      </div>
      <div className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2 text-fg-3 text-xs">
        <div aria-hidden="true" className="flex flex-col-reverse justify-between text-right">
          {labels.map((label) => (
            <span key={label} className="-my-2">
              {label}
            </span>
          ))}
        </div>
        <div
          role="slider"
          tabIndex={0}
          aria-label={costTexts.curve}
          aria-valuemin={0}
          aria-valuemax={points.length - 1}
          aria-valuenow={index}
          aria-valuetext={words}
          className="relative h-36"
          onKeyDown={onKeyDown}
          onBlur={() => setChosen(null)}
          onPointerMove={onPointerMove}
          onPointerLeave={() => setChosen(null)}
        >
          <svg
            aria-hidden="true"
            viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
            preserveAspectRatio="none"
            className="absolute inset-0 size-full overflow-visible"
          >
            {ticks.map((tick) => (
              <line
                key={tick}
                x1={0}
                x2={WIDTH}
                y1={HEIGHT - y(tick) * HEIGHT}
                y2={HEIGHT - y(tick) * HEIGHT}
                className="stroke-line"
                vectorEffect="non-scaling-stroke"
              />
            ))}
            <path d={`${path}V${HEIGHT}H0Z`} className="fill-chart-2 opacity-15" />
            <path
              d={path}
              fill="none"
              strokeWidth={1.5}
              strokeLinejoin="round"
              className="stroke-chart-2 forced-colors:stroke-[CanvasText]"
              vectorEffect="non-scaling-stroke"
            />
          </svg>
          <CompactionMarks compactions={marks} x={x} now={now} />
          {chosen !== null && (
            <span
              aria-hidden="true"
              className="absolute inset-y-0 w-px bg-fg-3"
              style={{ left: `${x(point.at) * PERCENT}%` }}
            />
          )}
          <span
            aria-hidden="true"
            className="absolute -mt-1 -ml-1 size-2 rounded-full bg-chart-1 forced-colors:bg-[Highlight]"
            style={{ left: `${x(point.at) * PERCENT}%`, top: `${(1 - y(point.costNanoUsd)) * PERCENT}%` }}
          />
        </div>
        <span />
        <div aria-hidden="true" className="flex justify-between pt-1">
          <span>{when(first.at)}</span>
          <span>{when(last.at)}</span>
        </div>
      </div>
      <p className="text-fg-3 text-s">
        {costTexts.overTimeSummary(formatUsd(last.costNanoUsd), when(first.at), when(last.at), when(half.at))}
      </p>
      <CompactionWords compactions={marks} now={now} />
    </section>
  );
}

const DAY_MS = 86_400_000;

/** Where a key leads; null where it leads nowhere. */
function moved(key: string, index: number, count: number): number | null {
  const page = Math.max(1, Math.round(count / PAGES));
  switch (key) {
    case "ArrowLeft":
      return index - 1;
    case "ArrowRight":
      return index + 1;
    case "PageDown":
      return index - page;
    case "PageUp":
      return index + page;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}

/** Money is spent at once and not between: from each point on its value holds until the next. */
function stepPath(places: readonly (readonly [number, number])[]): string {
  return places
    .map(([x, y], index) => (index === 0 ? `M0 ${HEIGHT}V${round(y)}` : `H${round(x)}V${round(y)}`))
    .join("");
}

function round(value: number): number {
  return Math.round(value * PERCENT) / PERCENT;
}
