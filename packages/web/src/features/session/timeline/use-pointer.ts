import { useEffect, useRef, useState } from "react";
import type { ChartProps } from "./chart.tsx";
import { type Geometry, rowAt } from "./geometry.ts";
import { spanAt } from "./lanes.ts";
import { panned, type Stretch, stretchOf, viewOf, zoomed } from "./viewport.ts";

/** What the pointer is over. */
export interface Place {
  row: number;
  index: number;
  x: number;
  at: number;
}

/** A span this close counts as hit: many are two pixels wide. */
const SLACK_PX = 4;
/** A press that moves less than this is a click. */
const CLICK_PX = 4;
/** One notch of a wheel (100 units) looks this much closer. */
const WHEEL_ZOOM = 1.0022;

type PointerOptions = Pick<ChartProps, "lanes" | "domain" | "view" | "onView" | "onCursor" | "onOpen"> & {
  stretch: Stretch;
  width: number;
  geometry: Geometry;
};

interface Drag {
  x: number;
  start: Stretch;
  moved: boolean;
}

/**
 * The pointer over the plot: hovering tells, a click on an event opens it and elsewhere sets the moment, dragging moves
 * the view, Ctrl and the wheel (or two fingers) zoom, the wheel sideways moves.
 */
export function usePointer(options: PointerOptions) {
  const latest = useRef(options);
  latest.current = options;
  const plot = useRef<HTMLElement | null>(null);
  const drag = useRef<Drag | null>(null);
  const fingers = useRef(new Map<number, number>());
  const [hover, setHover] = useState<Place | null>(null);
  const [dragging, setDragging] = useState(false);

  // React listens to wheels passively, and then the page could not keep the browser from zooming.
  useEffect(() => {
    const element = plot.current;
    if (element === null) return;
    const onWheel = (event: WheelEvent) => {
      const { domain, view, onView, stretch, width } = latest.current;
      const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        const at = timeAt(event.clientX - element.getBoundingClientRect().left, stretch, width);
        onView(zoomed(view, domain, WHEEL_ZOOM ** event.deltaY, at));
      } else if (Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : event.deltaY)) {
        event.preventDefault();
        onView(panned(view, domain, sideways / Math.max(1, width)));
      }
    };
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => element.removeEventListener("wheel", onWheel);
  }, []);

  const placeAt = (event: React.PointerEvent<HTMLElement>): Place | null => {
    const { geometry, lanes, stretch, width } = latest.current;
    const box = event.currentTarget.getBoundingClientRect();
    const x = event.clientX - box.left;
    const row = rowAt(geometry, event.clientY - box.top - geometry.lanesTop);
    const lane = row === null ? undefined : lanes.rows[row];
    if (row === null || lane === undefined) return null;
    const at = timeAt(x, stretch, width);
    const slack = (SLACK_PX / Math.max(1, width)) * (stretch.to - stretch.from);
    const index = spanAt(lane, at, slack);
    return index === null ? null : { row, index, x, at };
  };

  const handlers = {
    onPointerDown(event: React.PointerEvent<HTMLElement>) {
      if (event.button !== 0 || (event.target as HTMLElement).closest("button") !== null) return;
      event.currentTarget.setPointerCapture?.(event.pointerId);
      fingers.current.set(event.pointerId, event.clientX);
      drag.current = { x: event.clientX, start: latest.current.stretch, moved: fingers.current.size > 1 };
      setHover(null);
    },
    onPointerMove(event: React.PointerEvent<HTMLElement>) {
      const { domain, onView, view, width } = latest.current;
      const before = fingers.current.get(event.pointerId);
      if (before === undefined || drag.current === null) {
        if (event.pointerType !== "touch") setHover(placeAt(event));
        return;
      }
      const others = [...fingers.current].filter(([id]) => id !== event.pointerId);
      fingers.current.set(event.pointerId, event.clientX);
      const other = others[0]?.[1];
      if (other !== undefined) {
        const apart = Math.max(1, Math.abs(event.clientX - other));
        const left = event.currentTarget.getBoundingClientRect().left;
        const middle = timeAt((event.clientX + other) / 2 - left, stretchOf(view, domain), width);
        onView(zoomed(view, domain, Math.max(1, Math.abs(before - other)) / apart, middle));
        return;
      }
      const { start, x } = drag.current;
      const by = event.clientX - x;
      if (!drag.current.moved && Math.abs(by) < CLICK_PX) return;
      drag.current.moved = true;
      setDragging(true);
      const shift = (-by / Math.max(1, width)) * (start.to - start.from);
      onView(viewOf({ from: start.from + shift, to: start.to + shift }, domain));
    },
    onPointerUp(event: React.PointerEvent<HTMLElement>) {
      fingers.current.delete(event.pointerId);
      const ended = drag.current;
      if (fingers.current.size === 0) {
        drag.current = null;
        setDragging(false);
      }
      if (ended === null || ended.moved) return;
      const { lanes, onCursor, onOpen, stretch, width } = latest.current;
      const place = placeAt(event);
      const span = place === null ? undefined : lanes.rows[place.row]?.spans[place.index]?.span;
      if (span !== undefined) onOpen(span.place, span.agent ?? null);
      else onCursor(timeAt(event.clientX - event.currentTarget.getBoundingClientRect().left, stretch, width));
    },
    onPointerCancel(event: React.PointerEvent<HTMLElement>) {
      fingers.current.delete(event.pointerId);
      drag.current = null;
      setDragging(false);
    },
    onPointerLeave() {
      setHover(null);
    },
  };
  return { hover, dragging, handlers, plot };
}

function timeAt(x: number, { from, to }: Stretch, width: number): number {
  return from + (x / Math.max(1, width)) * (to - from);
}
