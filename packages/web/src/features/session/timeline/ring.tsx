import type { Ref } from "react";
import { sentenceOf } from "./describe.ts";
import type { Row } from "./lanes.ts";
import { ROW_PX } from "./paint.ts";
import type { Stretch } from "./viewport.ts";

interface RingProps {
  ref: Ref<HTMLButtonElement>;
  row: Row | undefined;
  index: number;
  top: number;
  stretch: Stretch;
  width: number;
  working: boolean;
  onOpen(place: string, agent: string | null): void;
}

const MIN_PX = 10;

/** The event that the arrow keys stand on: a button of its own over the picture, so that it has a name and takes Enter. */
export function Ring({ ref, row, index, top, stretch, width, working, onOpen }: RingProps) {
  const drawn = row?.spans[index];
  if (row === undefined || drawn === undefined) return null;
  const scale = width / (stretch.to - stretch.from);
  const from = Math.max(0, (drawn.from - stretch.from) * scale);
  const to = Math.min(width, (drawn.end - stretch.from) * scale);
  const wide = Math.max(MIN_PX, to - from + 4);
  const running = working && (row.agent === null || row.agent.running);
  return (
    <button
      ref={ref}
      type="button"
      tabIndex={-1}
      aria-label={sentenceOf(row, drawn, running)}
      className="timeline-ring"
      style={{
        left: Math.min(width - wide, Math.max(0, (from + Math.max(to, from) - wide) / 2)),
        width: wide,
        top,
        height: ROW_PX,
      }}
      onClick={() => onOpen(drawn.span.place, drawn.span.agent ?? null)}
    />
  );
}
