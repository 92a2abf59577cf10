import type { SessionRow } from "@agentpane/protocol";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useLive } from "../../live/use-live.ts";
import { useServices } from "../../services.ts";

/** One letter is in every title. */
const MIN_LETTERS = 2;
/** A question for each letter would be answered after it is no longer asked. */
const TYPED_MS = 160;
const MAX_OLDER = 20;
const NONE: readonly SessionRow[] = [];

/** Sessions of the store that the page has not loaded and that hold the words; asked for while somebody types. */
export function useOlderSessions(words: string): { rows: readonly SessionRow[]; state: "idle" | "looking" | "failed" } {
  const { api } = useServices();
  const missing = useLive((store) => store.sessions.size < store.total);
  const asked = useSettled(words.trim(), TYPED_MS);
  const enabled = missing && asked.length >= MIN_LETTERS;
  const { data, isFetching, isError } = useQuery({
    queryKey: ["sessions", "palette", asked],
    queryFn: ({ signal }) => api.sessions({ q: asked, offset: 0, limit: MAX_OLDER }, signal),
    enabled,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
    gcTime: 60_000,
    retry: false,
  });
  if (!enabled) return { rows: NONE, state: "idle" };
  return { rows: data?.sessions ?? NONE, state: isError ? "failed" : isFetching ? "looking" : "idle" };
}

/** `value` once it stood for a while. */
function useSettled(value: string, afterMs: number): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const id = setTimeout(() => setSettled(value), afterMs);
    return () => clearTimeout(id);
  }, [value, afterMs]);
  return settled;
}
