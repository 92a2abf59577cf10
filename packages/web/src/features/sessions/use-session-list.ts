import type { SessionFilter, SessionRow } from "@agentpane/protocol";
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { pageTimers } from "../../live/clock.ts";
import { useLiveStore } from "../../live/use-live.ts";
import { filterSessions } from "./filter.ts";
import { countMoves, type Grouped, groupSessions, NOTHING_GROUPED } from "./groups.ts";
import { OrderHold } from "./hold.ts";
import { withoutStrays } from "./strays.ts";

export interface SessionList {
  /** What is on the page: the newest order, or the one that was there when somebody began to point at it. */
  shown: Grouped;
  /** The true number of rows in each group. */
  next: Grouped;
  /** Rows that would move if the order were let go. */
  waiting: number;
  hold: OrderHold;
  rowOf(id: string): SessionRow | undefined;
}

/** The loaded sessions in groups, filtered, and kept still while they are pointed at. */
export function useSessionList(filter: SessionFilter, strays: boolean): SessionList {
  const store = useLiveStore();
  const version = useSyncExternalStore(store.subscribe, store.getSnapshot);
  const [hold] = useState(() => new OrderHold(pageTimers));
  useEffect(() => () => hold[Symbol.dispose](), [hold]);
  const held = useSyncExternalStore(hold.subscribe, hold.getSnapshot);

  const before = useRef<Grouped>(NOTHING_GROUPED);
  const next = useMemo(() => {
    void version;
    const rows = filterSessions(store.sessions.values(), filter);
    return groupSessions(strays ? rows : withoutStrays(rows), before.current);
  }, [store, version, filter, strays]);
  before.current = next;

  // A filter is the person's own doing: what it shows is shown at once.
  const still = useRef({ filter, strays, grouped: next });
  const asked = still.current.filter === filter && still.current.strays === strays;
  const keep = held && asked && still.current.grouped !== NOTHING_GROUPED;
  if (!keep) still.current = { filter, strays, grouped: next };
  const shown = still.current.grouped;

  // A session that went while the order stands still keeps its place, as it was.
  const known = useRef(new Map<string, SessionRow>());
  if (!keep) known.current.clear();
  const rowOf = useCallback(
    (id: string) => {
      const row = store.sessions.get(id) ?? known.current.get(id);
      if (row !== undefined) known.current.set(id, row);
      return row;
    },
    [store],
  );

  const waiting = useMemo(() => countMoves(shown, next), [shown, next]);
  return { shown, next, waiting, hold, rowOf };
}
