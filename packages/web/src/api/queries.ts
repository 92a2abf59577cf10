import { MAX_SESSIONS_PER_PAGE, type SessionFilter } from "@agentpane/protocol";
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { LiveStore } from "../live/store.ts";
import type { ApiClient } from "./client.ts";

const OLDER_SESSIONS_PER_PAGE = 200;
/** Sessions that become active move to the front and push the rest back: pages overlap so that none is missed. */
const OVERLAP = 10;

/**
 * Sessions older than what the feed brought. The rows go to the live store, where the feed keeps them current; the query
 * holds only how far it came, and how many there are. Under a filter it begins at the newest, since the feed's rows say
 * nothing of how many of the older ones match.
 */
export function olderSessionsQuery(api: ApiClient, live: LiveStore, filter: SessionFilter, wanted: boolean) {
  const filtered = Object.keys(filter).length > 0;
  return infiniteQueryOptions({
    queryKey: ["sessions", "older", live.resets, filter],
    enabled: wanted,
    initialPageParam: -1,
    queryFn: async ({ pageParam, signal }) => {
      // Rows of another filter's pages are no sign of how far the list without one came; those of the feed are.
      const first = filtered ? 0 : Math.max(0, Math.min(live.sessions.size, MAX_SESSIONS_PER_PAGE) - OVERLAP);
      const offset = pageParam < 0 ? first : pageParam;
      const page = await api.sessions({ ...filter, offset, limit: OLDER_SESSIONS_PER_PAGE }, signal);
      live.admit(page.sessions);
      const next = offset + page.sessions.length;
      const more = page.sessions.length > 0 && next < page.total;
      return { next: more ? Math.max(offset + 1, next - OVERLAP) : null, total: page.total };
    },
    getNextPageParam: (last) => last.next,
  });
}

/** What the list can be narrowed by further; asked for anew each time somebody looks. */
export function facetsQuery(api: ApiClient, filter: SessionFilter) {
  return queryOptions({
    queryKey: ["sessions", "facets", filter],
    queryFn: ({ signal }) => api.facets(filter, signal),
    staleTime: 0,
    gcTime: 0,
  });
}

/** What settings call dangerous is told with it: a page that stays open for days must not go on with an old list. */
const ME_AGAIN_MS = 60_000;

/** Whose token this page holds. */
export function meQuery(api: ApiClient) {
  return queryOptions({
    queryKey: ["me"],
    queryFn: ({ signal }) => api.me(signal),
    refetchInterval: ME_AGAIN_MS,
    refetchIntervalInBackground: true,
  });
}

/** What one session cost. */
export function sessionUsageQuery(api: ApiClient, id: string) {
  return queryOptions({
    queryKey: ["usage", "session", id],
    queryFn: ({ signal }) => api.sessionUsage(id, signal),
  });
}

/** The session along its time. */
export function timelineQuery(api: ApiClient, id: string) {
  return queryOptions({
    queryKey: ["timeline", id],
    queryFn: ({ signal }) => api.timeline(id, signal),
  });
}

/** Events enough that a call's result stands beside it. */
const EVENTS_AROUND = 24;

/** One event with what stands around it; `settled` is when it was over, so that a call is read again with its result. */
export function eventQuery(
  api: ApiClient,
  session: string,
  subagent: string | null,
  place: string,
  settled: number | null,
) {
  return queryOptions({
    queryKey: ["event", session, subagent, place, settled],
    queryFn: ({ signal }) => api.events({ session, subagent, place: { around: place }, limit: EVENTS_AROUND }, signal),
  });
}

/** What a session did with files. */
export function filesQuery(api: ApiClient, id: string) {
  return queryOptions({
    queryKey: ["files", id],
    queryFn: ({ signal }) => api.files(id, signal),
  });
}

/** The changes of one of its files, page by page. */
export function fileChangesQuery(api: ApiClient, id: string, path: string) {
  return infiniteQueryOptions({
    queryKey: ["files", id, "changes", path],
    initialPageParam: 0,
    queryFn: ({ pageParam, signal }) => api.fileChanges(id, path, pageParam, signal),
    getNextPageParam: (last, pages) => {
      const read = pages.reduce((sum, { changes }) => sum + changes.length, 0);
      return last.changes.length > 0 && read < last.total ? read : null;
    },
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

/** Requests that were settled, newest first. */
export function settledQuery(api: ApiClient) {
  return infiniteQueryOptions({
    queryKey: ["requests", "settled"],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => api.settled(pageParam, signal),
    getNextPageParam: (last) => last.next,
    // What was settled while the page was elsewhere is not in it yet.
    staleTime: 0,
  });
}

/** How much people settled since a time, and after how long. */
export function settledTodayQuery(api: ApiClient, since: number) {
  return queryOptions({
    queryKey: ["requests", "since", since],
    queryFn: ({ signal }) => api.settledSince(since, signal),
  });
}

/** How the hook stands on a machine. */
export function hooksQuery(api: ApiClient, machine: string) {
  return queryOptions({
    queryKey: ["hooks", machine],
    queryFn: ({ signal }) => api.hooks(machine, signal),
    // It is changed on its machine as well.
    staleTime: 0,
    retry: false,
  });
}

/** One request whole: it never changes but for its state, which the feed tells. */
export function requestQuery(api: ApiClient, id: string) {
  return queryOptions({
    queryKey: ["requests", id],
    queryFn: ({ signal }) => api.request(id, signal),
  });
}
