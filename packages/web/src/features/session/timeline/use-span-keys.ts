import { useEffect, useRef, useState } from "react";
import type { ChartProps } from "./chart.tsx";
import { nearest, type Row } from "./lanes.ts";
import { panned, revealing, type Stretch } from "./viewport.ts";

/** Which span of which row. */
interface Selected {
  row: number;
  index: number;
}

const PAN = 0.25;

/** The arrow keys: along a lane, from lane to lane. What they stand on takes the focus, and is brought into sight. */
export function useSpanKeys({
  lanes,
  domain,
  view,
  onView,
  onCursor,
  cursor,
  stretch,
}: Pick<ChartProps, "lanes" | "domain" | "view" | "onView" | "onCursor" | "cursor"> & { stretch: Stretch }) {
  const ring = useRef<HTMLButtonElement>(null);
  const [selected, setSelected] = useState<Selected | null>(null);
  const { rows } = lanes;

  const select = (next: Selected) => {
    const drawn = rows[next.row]?.spans[next.index];
    if (drawn === undefined) return;
    setSelected(next);
    onCursor(drawn.from);
    onView(revealing(view, domain, { from: drawn.from, to: drawn.end }));
  };
  // The button that is to be focused is there only after it was drawn.
  useEffect(() => {
    if (selected !== null) ring.current?.focus({ preventScroll: false });
  }, [selected]);

  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.shiftKey && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
      event.preventDefault();
      onView(panned(view, domain, event.key === "ArrowLeft" ? -PAN : PAN));
      return;
    }
    const next = moved(event.key, rows, selected, cursor ?? stretch.to);
    if (next === null) return;
    event.preventDefault();
    select(next);
  };
  const onBlur = (event: React.FocusEvent<HTMLElement>) => {
    if (!event.currentTarget.contains(event.relatedTarget)) setSelected(null);
  };
  return { selected, ring, onKeyDown, onBlur };
}

/** Where a key leads; null where it is no key of ours. */
function moved(key: string, rows: readonly Row[], selected: Selected | null, at: number): Selected | null {
  if (!KEYS.has(key) || rows.length === 0) return null;
  if (selected === null) {
    const first = rows[0];
    const index = first === undefined ? null : nearest(first, at);
    return index === null ? null : { row: 0, index };
  }
  const row = rows[selected.row];
  const count = row?.spans.length ?? 0;
  const along = (index: number) => ({ row: selected.row, index: Math.max(0, Math.min(count - 1, index)) });
  switch (key) {
    case "ArrowLeft":
      return along(selected.index - 1);
    case "ArrowRight":
      return along(selected.index + 1);
    case "Home":
      return along(0);
    case "End":
      return along(count - 1);
    default: {
      const step = key === "ArrowUp" ? -1 : 1;
      const from = row?.spans[selected.index]?.from ?? at;
      for (let next = selected.row + step; rows[next] !== undefined; next += step) {
        const index = nearest(rows[next] as Row, from);
        if (index !== null) return { row: next, index };
      }
      return selected;
    }
  }
}

const KEYS = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"]);
