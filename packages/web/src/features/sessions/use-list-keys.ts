import { useSyncExternalStore } from "react";
import { texts } from "../../texts.ts";
import { useKeys } from "../../ui/keys.ts";
import type { ListHandle } from "./list.tsx";
import { FILTERS_WITH_KEYS, savedFilters } from "./saved-filters.ts";
import type { ListFilter } from "./use-list-filter.ts";

export interface ListKeysOptions {
  /** Every row that is shown, in its order. */
  order: readonly string[];
  openId: string | null;
  cursorId: string | null;
  listHidden: boolean;
  filter: ListFilter;
  field: React.RefObject<HTMLInputElement | null>;
  handle: React.RefObject<ListHandle | null>;
  open(id: string): void;
  close(): void;
  setCursorId(id: string): void;
}

/** The keys of the list. The returned function moves to a row. */
export function useListKeys(options: ListKeysOptions): (id: string | null | undefined) => void {
  const { order, openId, cursorId, listHidden, filter, field, handle, open, close, setCursorId } = options;

  const neighbour = (from: string | null, step: 1 | -1): string | null => {
    const index = from === null ? -1 : order.indexOf(from);
    if (index < 0) return (step > 0 ? order[0] : order.at(-1)) ?? null;
    return order[index + step] ?? null;
  };
  const moveTo = (id: string | null | undefined) => {
    if (id === null || id === undefined) return;
    setCursorId(id);
    handle.current?.focusRow(id);
  };
  const move = (step: 1 | -1) => {
    if (listHidden) return false;
    const focused = document.activeElement?.closest<HTMLElement>("[data-session]")?.dataset.session;
    if (focused === undefined && openId === null && cursorId === null) return moveTo(order[0]);
    const from = focused ?? openId ?? cursorId;
    moveTo(neighbour(from, step) ?? from);
  };
  const openNeighbour = (step: 1 | -1) => {
    if (openId === null) return false;
    const id = neighbour(openId, step);
    if (id !== null) open(id);
  };
  /** Arrows scroll where the focus is in a transcript; elsewhere they move in the list. */
  const arrow = (step: 1 | -1) => (event: KeyboardEvent) =>
    event.target instanceof Element && event.target.closest("[data-scrolls]") !== null ? false : move(step);

  const openCursor = (event: KeyboardEvent) => {
    if (event.target !== document.body || cursorId === null) return false;
    open(cursorId);
  };
  const toFilter = () => {
    if (listHidden || field.current === null) return false;
    field.current.focus();
    field.current.select();
  };
  const closeNearest = () => {
    if (document.activeElement === field.current) {
      if (filter.words === "") field.current?.blur();
      else filter.type("");
    } else if (openId !== null) close();
    else if (filter.active) filter.clear();
    else return false;
  };
  const kept = savedFilters();
  const saved = useSyncExternalStore(kept.subscribe, kept.getSnapshot).slice(0, FILTERS_WITH_KEYS);
  const savedKeys = saved.map(({ filter: one }, index) => {
    const apply = () => (listHidden ? false : filter.replace(one));
    return [String(index + 1), apply, { label: texts.sessions.savedKey, group: "list" }] as const;
  });

  useKeys([
    ["j", () => move(1), { label: texts.keys.down, group: "move" }],
    ["k", () => move(-1), { label: texts.keys.up, group: "move" }],
    ["ArrowDown", arrow(1), { label: texts.keys.down, group: "move" }],
    ["ArrowUp", arrow(-1), { label: texts.keys.up, group: "move" }],
    ["Home", (event) => (inList(event) ? moveTo(order[0]) : false), { label: texts.keys.first, group: "move" }],
    ["End", (event) => (inList(event) ? moveTo(order.at(-1)) : false), { label: texts.keys.last, group: "move" }],
    ["Enter", openCursor, { label: texts.keys.open, group: "list" }],
    ["/", toFilter, { label: texts.keys.filter, group: "list" }],
    ...savedKeys,
    ["[", () => openNeighbour(-1), { label: texts.keys.previous, group: "session" }],
    ["]", () => openNeighbour(1), { label: texts.keys.next, group: "session" }],
    ["Escape", closeNearest, { label: texts.keys.escape, group: "move" }],
  ]);
  return moveTo;
}

function inList(event: KeyboardEvent): boolean {
  return event.target instanceof Element && event.target.closest("[data-session]") !== null;
}
