import type { TimelineMark, TimelineSpan } from "@agentpane/protocol";
import { inSight, type Lanes, type Row } from "./lanes.ts";
import type { Stretch } from "./viewport.ts";

/** One line of the list below the chart or of the table. */
export interface Item {
  key: string;
  at: number;
  place: string;
  agent: string | null;
  row: Row | null;
  index: number;
  span: TimelineSpan | null;
  mark: TimelineMark | null;
}

/** What happened in a stretch of time, in its order: spans that say something, and marks. */
export function itemsIn(lanes: Lanes, marks: readonly TimelineMark[], stretch: Stretch): Item[] {
  const items: Item[] = [];
  for (const row of lanes.rows) {
    const [first, behind] = inSight(row, stretch);
    for (let index = first; index < behind; index += 1) {
      const drawn = row.spans[index];
      if (drawn === undefined || drawn.end < stretch.from) continue;
      const { span } = drawn;
      // The model's silent work is between the calls that it made: those are listed.
      if (span.lane === "model" && span.summary === undefined) continue;
      const { place, agent = null } = span;
      items.push({
        key: `${row.key} ${place} ${span.lane}`,
        at: span.from,
        place,
        agent,
        row,
        index,
        span,
        mark: null,
      });
    }
  }
  for (const mark of marks) {
    if (mark.at < stretch.from || mark.at > stretch.to || mark.agent !== undefined) continue;
    const { at, place } = mark;
    items.push({ key: `mark ${place} ${mark.kind}`, at, place, agent: null, row: null, index: 0, span: null, mark });
  }
  return items.sort((a, b) => a.at - b.at);
}

/** The lines around a moment: the last that began before it and those that follow. */
export function around(items: readonly Item[], at: number, count: number): { items: Item[]; current: string | null } {
  let behind = items.findIndex((item) => item.at > at);
  if (behind < 0) behind = items.length;
  const first = Math.max(0, Math.min(behind - Math.ceil(count / 2), items.length - count));
  return { items: items.slice(first, first + count), current: items[behind - 1]?.key ?? null };
}
