import type { SessionTimeline } from "@agentpane/protocol";
import { useCallback, useId, useMemo } from "react";
import { timelineTexts } from "../../../texts/timeline.ts";
import { formatPercent, formatTokens, formatUsd } from "../../../ui/format.ts";
import { Bands, Prompts } from "./bands.tsx";
import { Canvas, usePalette, useSize } from "./canvas.tsx";
import { Connectors } from "./connectors.tsx";
import { CurvePlot } from "./curve-plot.tsx";
import { type Curves, valuesAt } from "./curves.ts";
import { geometryOf } from "./geometry.ts";
import { HoverCard } from "./hover-card.tsx";
import { LaneLabels } from "./lane-labels.tsx";
import type { Lanes } from "./lanes.ts";
import { paintRows, ROW_PX } from "./paint.ts";
import { Ring } from "./ring.tsx";
import { clockOf, ticksIn } from "./ticks.ts";
import { type Place, usePointer } from "./use-pointer.ts";
import { useSpanKeys } from "./use-span-keys.ts";
import { type Stretch, stretchOf, type View } from "./viewport.ts";

export interface ChartProps {
  timeline: SessionTimeline;
  lanes: Lanes;
  curves: Curves | null;
  domain: Stretch;
  view: View;
  onView(view: View): void;
  /** The moment that the list below is about. */
  cursor: number | null;
  onCursor(at: number): void;
  onOpen(place: string, agent: string | null): void;
  /** Whether what has no end yet goes on. */
  working: boolean;
}

/** Lanes, subagents, waits, context and cost over one axis of time. */
export function Chart(props: ChartProps) {
  const { timeline, lanes, curves, domain, view, cursor, working } = props;
  const help = useId();
  const [measure, { width }] = useSize();
  const palette = usePalette();
  const stretch = useMemo(() => stretchOf(view, domain), [view, domain]);
  const geometry = useMemo(() => geometryOf(lanes.rows, curves !== null), [lanes.rows, curves]);
  const { lanesTop, lanesHeight, curvesTop, curvesHeight, promptsTop, height, tops } = geometry;
  const pointer = usePointer({ ...props, stretch, width, geometry });
  const { selected, ring, onKeyDown, onBlur } = useSpanKeys({ ...props, stretch });
  const draw = useCallback(
    (context: CanvasRenderingContext2D) => paintRows(context, lanes.rows, tops, stretch, width, palette),
    [lanes.rows, tops, stretch, width, palette],
  );
  const { plot } = pointer;
  const attach = useCallback(
    (element: HTMLElement | null) => {
      measure(element);
      plot.current = element;
    },
    [measure, plot],
  );
  const scale = width / (stretch.to - stretch.from);
  const ticks = width === 0 ? [] : ticksIn(stretch, width);
  const full = curves?.windowKnown === true ? curves.fullTokens : null;
  const shown: Place | null = pointer.hover;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form
    <div
      role="group"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move between the events in it
      tabIndex={0}
      data-panel-focus
      aria-label={timelineTexts.chart(clockOf(stretch.from), clockOf(stretch.to))}
      aria-describedby={help}
      className="timeline-chart"
      onKeyDown={onKeyDown}
      onBlur={onBlur}
    >
      <p id={help} className="sr-only">
        {timelineTexts.chartHelp}
      </p>
      <LaneLabels lanes={lanes} geometry={geometry} curves={curves} onOpenAgent={(id) => props.onOpen("", id)} />
      <div
        ref={attach}
        className="timeline-plot"
        data-dragging={pointer.dragging || undefined}
        style={{ height }}
        {...pointer.handlers}
      >
        {ticks.map(({ at, label }) => (
          <div key={at} className="timeline-tick" style={{ left: (at - stretch.from) * scale, height }}>
            <span>{label}</span>
          </div>
        ))}
        <div className="timeline-clip" style={{ height }}>
          <Bands timeline={timeline} stretch={stretch} width={width} end={working ? domain.to : null} full={full} />
        </div>
        {curves !== null && width > 0 && (
          <div className="absolute left-0" style={{ top: curvesTop }}>
            <CurvePlot curves={curves} stretch={stretch} width={width} height={curvesHeight} palette={palette} />
          </div>
        )}
        <div className="timeline-prompts" style={{ top: promptsTop }}>
          <Prompts timeline={timeline} stretch={stretch} width={width} onOpen={props.onOpen} />
        </div>
        <div className="absolute left-0" style={{ top: lanesTop }}>
          <Canvas width={width} height={lanesHeight} draw={draw} />
        </div>
        <Connectors timeline={timeline} rows={lanes.rows} geometry={geometry} stretch={stretch} width={width} />
        {cursor !== null && cursor >= stretch.from && cursor <= stretch.to && (
          <div className="timeline-cursor" style={{ left: (cursor - stretch.from) * scale, height }}>
            <span>{clockOf(cursor)}</span>
          </div>
        )}
        {selected !== null && (
          <Ring
            ref={ring}
            row={lanes.rows[selected.row]}
            index={selected.index}
            top={lanesTop + (tops[selected.row] ?? 0)}
            stretch={stretch}
            width={width}
            working={working}
            onOpen={props.onOpen}
          />
        )}
        {shown !== null && (
          <HoverCard
            row={lanes.rows[shown.row]}
            index={shown.index}
            x={shown.x}
            top={lanesTop + (tops[shown.row] ?? 0) + ROW_PX}
            width={width}
            working={working}
            values={curves === null ? null : { ...valuesAt(curves, shown.at), full: curves.fullTokens }}
          />
        )}
      </div>
      <div aria-hidden="true" className="timeline-gutter" style={{ height }}>
        {curves !== null && <Ends curves={curves} stretch={stretch} top={curvesTop} height={curvesHeight} />}
        {lanes.rows.map(
          ({ key, agent }, index) =>
            agent?.running === true && (
              <span key={key} className="timeline-live" style={{ top: lanesTop + (tops[index] ?? 0) }}>
                {timelineTexts.live}
              </span>
            ),
        )}
      </div>
    </div>
  );
}

/** The values at the right edge, each beside the end of its curve. */
function Ends({ curves, stretch, top, height }: { curves: Curves; stretch: Stretch; top: number; height: number }) {
  const { context, cost } = valuesAt(curves, stretch.to);
  const most = Math.max(1, curves.cost.at(-1) ?? 1);
  const y = (part: number) => top + (1 - part / HEADROOM) * height;
  const contextTop = y(context);
  let costTop = y(cost / most);
  if (Math.abs(contextTop - costTop) < LABEL_PX) costTop = contextTop + (costTop < contextTop ? -LABEL_PX : LABEL_PX);
  return (
    <>
      {curves.context.some((value) => value > 0) && (
        <span className="text-accent" style={{ top: contextTop }}>
          {curves.windowKnown ? formatPercent(context) : formatTokens(context * curves.fullTokens)}
        </span>
      )}
      {cost > 0 && (
        <span className="text-fg" style={{ top: costTop }}>
          {formatUsd(cost)}
        </span>
      )}
    </>
  );
}
const HEADROOM = 1.06;
const LABEL_PX = 14;
