import type { SessionTimeline } from "@agentpane/protocol";
import { useCallback, useMemo, useRef } from "react";
import { timelineTexts } from "../../../texts/timeline.ts";
import { Canvas, usePalette, useSize } from "./canvas.tsx";
import type { Lanes } from "./lanes.ts";
import { busyness } from "./paint.ts";
import { clockOf } from "./ticks.ts";
import { panned, type Stretch, stretchOf, type View, viewOf } from "./viewport.ts";

const HEIGHT_PX = 36;
const COLUMN_PX = 8;
const GAP_PX = 2;
/** This close to an edge of the window a press takes hold of the edge. */
const EDGE_PX = 8;
const CLICK_PX = 3;
const STEP = 0.1;
const PERCENT = 100;

interface OverviewProps {
  timeline: SessionTimeline;
  lanes: Lanes;
  domain: Stretch;
  view: View;
  onView(view: View): void;
  working: boolean;
}

interface Drag {
  hold: "window" | "from" | "to" | "new";
  at: number;
  x: number;
  start: Stretch;
}

/** All of the session in a strip: how busy it was, and which part of it is looked at. */
export function Overview({ timeline, lanes, domain, view, onView, working }: OverviewProps) {
  const [measure, { width }] = useSize();
  const palette = usePalette();
  const drag = useRef<Drag | null>(null);
  const stretch = stretchOf(view, domain);
  const span = domain.to - domain.from;
  const part = (at: number) => `${((at - domain.from) / span) * PERCENT}%`;
  const columns = Math.max(1, Math.floor(width / COLUMN_PX));
  const busy = useMemo(() => busyness(lanes.rows, domain, columns), [lanes.rows, domain, columns]);
  const draw = useCallback(
    (context: CanvasRenderingContext2D) => {
      context.fillStyle = palette.faint;
      const wide = width / busy.length;
      for (const [column, value] of busy.entries()) {
        if (value === 0) continue;
        const height = Math.max(2, value * (HEIGHT_PX - 6));
        context.fillRect(column * wide + GAP_PX / 2, HEIGHT_PX - 2 - height, wide - GAP_PX, height);
      }
    },
    [busy, palette, width],
  );

  const timeOf = (event: React.PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return domain.from + ((event.clientX - box.left) / Math.max(1, box.width)) * span;
  };
  const onPointerDown = (event: React.PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture?.(event.pointerId);
    const at = timeOf(event);
    const edge = (EDGE_PX / Math.max(1, width)) * span;
    const inside = at >= stretch.from && at <= stretch.to && view.kind !== "whole";
    const hold =
      Math.abs(at - stretch.from) < edge && view.kind !== "whole"
        ? "from"
        : Math.abs(at - stretch.to) < edge && view.kind !== "whole"
          ? "to"
          : inside
            ? "window"
            : "new";
    drag.current = { hold, at, x: event.clientX, start: stretch };
  };
  const onPointerMove = (event: React.PointerEvent<HTMLElement>) => {
    const held = drag.current;
    if (held === null || Math.abs(event.clientX - held.x) < CLICK_PX) return;
    const at = timeOf(event);
    const { start } = held;
    const by = at - held.at;
    if (held.hold === "window") onView(viewOf({ from: start.from + by, to: start.to + by }, domain));
    else if (held.hold === "new") onView(viewOf(ordered(held.at, at), domain));
    else onView(viewOf(held.hold === "from" ? ordered(at, start.to) : ordered(start.from, at), domain));
  };
  const onPointerUp = (event: React.PointerEvent<HTMLElement>) => {
    const held = drag.current;
    drag.current = null;
    if (held === null || held.hold !== "new" || Math.abs(event.clientX - held.x) >= CLICK_PX) return;
    // A click beside the window brings it there.
    const half = (stretch.to - stretch.from) / 2;
    if (view.kind !== "whole") onView(viewOf({ from: held.at - half, to: held.at + half }, domain));
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const way = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
    if (way === 0) return;
    event.preventDefault();
    event.stopPropagation();
    onView(panned(view, domain, way * STEP));
  };
  const words = timelineTexts.stretch(clockOf(stretch.from), clockOf(stretch.to));
  return (
    <div className="timeline-overview">
      <div aria-hidden="true" className="timeline-overview-label">
        <span>{timelineTexts.overview}</span>
        <span>
          {working
            ? timelineTexts.untilNow(clockOf(domain.from))
            : timelineTexts.stretch(clockOf(domain.from), clockOf(domain.to))}
        </span>
      </div>
      <div
        ref={measure}
        className="timeline-strip"
        style={{ height: HEIGHT_PX }}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={() => {
          drag.current = null;
        }}
      >
        <Canvas width={width} height={HEIGHT_PX} draw={draw} />
        {timeline.waits.slice(-MAX_WAITS).map(({ from, to, place, what }) => (
          <i
            key={`${place} ${what}`}
            aria-hidden="true"
            style={{
              left: part(from),
              width: `max(2px, ${(((to ?? (working ? domain.to : from)) - from) / span) * PERCENT}%)`,
            }}
          />
        ))}
        <div
          role="slider"
          tabIndex={0}
          aria-label={timelineTexts.window}
          aria-valuemin={0}
          aria-valuemax={PERCENT}
          aria-valuenow={Math.round(((stretch.from - domain.from) / span) * PERCENT)}
          aria-valuetext={words}
          className="timeline-window"
          style={{ left: part(stretch.from), right: `calc(100% - ${part(stretch.to)})` }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div />
    </div>
  );
}

const MAX_WAITS = 200;

function ordered(a: number, b: number): Stretch {
  return a < b ? { from: a, to: b } : { from: b, to: a };
}
