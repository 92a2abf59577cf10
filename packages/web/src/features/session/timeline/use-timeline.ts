import type { SessionRow, SessionTimeline } from "@agentpane/protocol";
import { useQuery } from "@tanstack/react-query";
import { timelineQuery } from "../../../api/queries.ts";
import { useFreshQuery } from "../../../api/use-fresh-query.ts";
import { useServices } from "../../../services.ts";

const FRESH_MS = 2_000;
/** A long session's timeline is large: it is asked for less often. */
const LONG_SPANS = 3_000;
const LONG_FRESH_MS = 10_000;

interface TimelineState {
  timeline: SessionTimeline | null;
  error: Error | null;
  busy: boolean;
  retry(): void;
}

/** The timeline of a session, read again as the session grows. */
export function useTimeline(row: SessionRow): TimelineState {
  const { api } = useServices();
  const query = timelineQuery(api, row.id);
  const { data, error, refetch, isFetching } = useQuery(query);
  const long = (data?.spans.length ?? 0) > LONG_SPANS;
  const seen = `${row.events} ${row.bytes} ${row.subagents.total} ${row.costNanoUsd} ${row.status}`;
  useFreshQuery(query.queryKey, seen, long ? LONG_FRESH_MS : FRESH_MS);
  return { timeline: data ?? null, error, busy: isFetching, retry: () => void refetch() };
}
