import type { SessionFilter } from "@agentpane/protocol";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { olderSessionsQuery } from "../../api/queries.ts";
import { useLive, useLiveStore } from "../../live/use-live.ts";
import { useServices } from "../../services.ts";
import { partsOf } from "./filter.ts";

export type OlderState = "idle" | "loading" | "failed";

/**
 * Sessions that the feed did not bring, over HTTP: under a filter the newest that match at once, and older ones whenever
 * the end of the list comes near.
 */
export function useOlder(filter: SessionFilter) {
  const { api } = useServices();
  const store = useLiveStore();
  const filtered = partsOf(filter).length > 0;
  const missing = useLive((live) => live.loaded && live.sessions.size < live.total);
  const [wanted, setWanted] = useState(false);
  const query = useInfiniteQuery(olderSessionsQuery(api, store, filter, missing && (wanted || filtered)));
  const { fetchNextPage, hasNextPage, isFetching, isError, data } = query;
  /** The first page has come, or nothing is missing, so that there is none. */
  const begun = data !== undefined;
  const more = missing && (!begun || hasNextPage || (filtered && isError));
  const load = useCallback(() => {
    if (!begun && !isError) setWanted(true);
    else if (!isFetching) void fetchNextPage();
  }, [begun, isFetching, isError, fetchNextPage]);
  const onNearEnd = useCallback(() => {
    if (more && !isError && !isFetching) load();
  }, [more, isError, isFetching, load]);
  const all = useLive((live) => live.total);
  const state: OlderState = isFetching ? "loading" : isError ? "failed" : "idle";
  /** How many match on the server; null while it has not said so, and where everything is here anyway. */
  const found = data?.pages.at(-1)?.total ?? null;
  return { state, more, load, onNearEnd, total: filtered ? found : all, complete: !more && !isFetching };
}
