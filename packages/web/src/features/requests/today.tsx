import { useQuery } from "@tanstack/react-query";
import { settledTodayQuery } from "../../api/queries.ts";
import { useFreshQuery } from "../../api/use-fresh-query.ts";
import { useLive, useServerTime } from "../../live/use-live.ts";
import { useServices } from "../../services.ts";
import { requestsTexts as words } from "../../texts/requests.ts";
import { formatSpan } from "../../ui/format.ts";

/** Many may be settled at once. */
const ASK_EVERY_MS = 2_000;

/** How much people settled since midnight where the page is looked at, and after how long in the median. */
export function SettledToday() {
  const settled = useSettledToday();
  if (settled === null || settled.count === 0) return null;
  const { count, medianLatencyMs } = settled;
  return <>{words.settledToday(count, medianLatencyMs === null ? null : formatSpan(medianLatencyMs))}</>;
}

export function useSettledToday(): { count: number; medianLatencyMs: number | null } | null {
  const { api } = useServices();
  const midnight = useServerTime((now) => new Date(now).setHours(0, 0, 0, 0));
  const newest = useLive((store) => {
    let at = 0;
    for (const row of store.requests.values()) at = Math.max(at, row.closing?.at ?? 0);
    return at;
  });
  const query = settledTodayQuery(api, midnight);
  useFreshQuery(query.queryKey, newest, ASK_EVERY_MS);
  return useQuery(query).data ?? null;
}
