import { GROUPS, type Group, type Grouped } from "./groups.ts";

/** Heights in px; the same as in sessions.css. */
export interface RowHeights {
  header: number;
  row: number;
}
export const DESK_HEIGHTS: RowHeights = { header: 28, row: 46 };
export const PHONE_HEIGHTS: RowHeights = { header: 32, row: 70 };

export interface GroupBox {
  group: Group;
  /** Rows that are shown: none of a group that is folded away. */
  ids: readonly string[];
  collapsed: boolean;
  /** px from the top of the list. */
  top: number;
  height: number;
  /** The index of its header among all items: each group is its header, then its rows. */
  index: number;
}

export interface Layout {
  boxes: GroupBox[];
  /** Headers and rows. */
  count: number;
  heights: RowHeights;
}

/** Where each group stands that has rows; of a group in `collapsed` only the header. */
export function layOut(grouped: Grouped, heights: RowHeights, collapsed: ReadonlySet<Group> = NONE): Layout {
  const boxes: GroupBox[] = [];
  let top = 0;
  let count = 0;
  for (const group of GROUPS) {
    if (grouped[group].length === 0) continue;
    const folded = collapsed.has(group);
    const ids = folded ? [] : grouped[group];
    const height = heights.header + ids.length * heights.row;
    boxes.push({ group, ids, collapsed: folded, top, height, index: count });
    top += height;
    count += 1 + ids.length;
  }
  return { boxes, count, heights };
}

const NONE: ReadonlySet<Group> = new Set();

/** What stands at `index`: a group's header where `id` is null. */
export function itemAt(layout: Layout, index: number): { box: GroupBox; id: string | null } | null {
  const box = layout.boxes.findLast((candidate) => candidate.index <= index);
  if (box === undefined || index >= layout.count) return null;
  const row = index - box.index - 1;
  return { box, id: row < 0 ? null : (box.ids[row] ?? null) };
}

/** The index of the row of `id` among all items; -1 where there is none. */
export function indexOfRow(layout: Layout, id: string): number {
  for (const box of layout.boxes) {
    const row = box.ids.indexOf(id);
    if (row >= 0) return box.index + 1 + row;
  }
  return -1;
}
