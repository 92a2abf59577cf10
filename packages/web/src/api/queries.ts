import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { LiveStore } from "../live/store.ts";
import type { ApiClient } from "./client.ts";

const OLDER_SESSIONS_PER_PAGE = 200;
/** Sessions that become active move to the front and push the rest back: pages overlap so that none is missed. */
const OVERLAP = 10;

/**
 * Sessions older than what the feed brought. The rows go to the live store, where the feed keeps them current; the query
 * holds only how far it came.
 */
export function olderSessionsQuery(api: ApiClient, live: LiveStore, wanted: boolean) {
  return infiniteQueryOptions({
    queryKey: ["sessions", "older", live.resets],
    enabled: wanted,
    initialPageParam: -1,
    queryFn: async ({ pageParam, signal }) => {
      const offset = pageParam < 0 ? Math.max(0, live.sessions.size - OVERLAP) : pageParam;
      const page = await api.sessions({ offset, limit: OLDER_SESSIONS_PER_PAGE }, signal);
      live.admit(page.sessions);
      const next = offset + page.sessions.length;
      return { next: page.sessions.length > 0 && next < page.total ? Math.max(offset + 1, next - OVERLAP) : null };
    },
    getNextPageParam: (last) => last.next,
  });
}

/** What one session cost. */
export function sessionUsageQuery(api: ApiClient, id: string) {
  return queryOptions({
    queryKey: ["usage", "session", id],
    queryFn: ({ signal }) => api.sessionUsage(id, signal),
  });
}

/** What all sessions cost on one day (2026-11-22) of a time zone. */
export function dayUsageQuery(api: ApiClient, day: string, tz: string) {
  return queryOptions({
    queryKey: ["usage", "day", day, tz],
    queryFn: ({ signal }) => api.usage({ by: "day", from: day, to: day, tz }, signal),
  });
}

/** All that is known of one session. */
export function sessionQuery(api: ApiClient, id: string) {
  return queryOptions({
    queryKey: ["session", id],
    queryFn: ({ signal }) => api.session(id, signal),
  });
}
