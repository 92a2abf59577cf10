import type { Sight } from "./watch.ts";

/** What the page shows at this moment, read from the page itself. */
export function pageSight(path: () => string): Sight {
  return {
    session: (id) => !document.hidden && (path() === `/sessions/${encodeURIComponent(id)}` || isRowInSight(id)),
    machine: () => !document.hidden && path().startsWith("/machines"),
  };
}

function isRowInSight(id: string): boolean {
  const row = document.querySelector(`[data-session="${CSS.escape(id)}"]`);
  if (row === null) return false;
  const scroller = row.closest(".scroll") ?? document.documentElement;
  const { top, bottom, height } = row.getBoundingClientRect();
  const window = scroller.getBoundingClientRect();
  return height > 0 && bottom > window.top && top < window.bottom;
}
