import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";

/**
 * Asks for a query anew when `seen` changed: at once, but at most once in `everyMs`; the last change is never missed.
 * Null means that nothing was seen yet.
 */
export function useFreshQuery(queryKey: QueryKey, seen: unknown, everyMs: number): void {
  const queries = useQueryClient();
  const last = useRef({ seen, at: Number.NEGATIVE_INFINITY });
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const key = useRef(queryKey);
  key.current = queryKey;
  useEffect(() => {
    const before = last.current.seen;
    last.current.seen = seen;
    if (Object.is(seen, before) || before === null) return;
    const wait = Math.max(0, last.current.at + everyMs - performance.now());
    timer.current ??= setTimeout(() => {
      timer.current = null;
      last.current.at = performance.now();
      void queries.invalidateQueries({ queryKey: key.current });
    }, wait);
  }, [queries, seen, everyMs]);
  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current);
      timer.current = null;
    },
    [],
  );
}
