import { useQuery } from "@tanstack/react-query";
import { dayUsageQuery } from "../../api/queries.ts";
import { useFreshQuery } from "../../api/use-fresh-query.ts";
import { useLive, useServerTime } from "../../live/use-live.ts";
import { useServices } from "../../services.ts";
import { texts } from "../../texts.ts";
import { formatPercent, formatSum, localDay } from "../../ui/format.ts";

/** A busy server changes many times a second; nobody counts money so fast. */
const FRESH_MS = 5_000;

/** What everything has cost since midnight, the reader's; nothing as long as that is not known. */
export function Today() {
  const { api } = useServices();
  const loaded = useLive((store) => store.loaded);
  const spent = useLive((store) => {
    if (!store.loaded) return null;
    let nano = 0;
    let tokens = 0;
    for (const row of store.sessions.values()) {
      nano += row.costNanoUsd ?? 0;
      tokens += row.tokens ?? 0;
    }
    return `${store.resets} ${nano} ${tokens}`;
  });
  const day = useServerTime(localDay);
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const query = dayUsageQuery(api, day, zone);
  const { data } = useQuery({ ...query, enabled: loaded });
  useFreshQuery(query.queryKey, spent, FRESH_MS);
  if (data === undefined) return null;
  const lacking = data.total.unpriced.reduce((sum, { responses }) => sum + responses, 0);
  const lacks = lacking > 0 ? ` ${texts.spend.lacks(lacking)}` : "";
  return (
    <span
      className="flex items-center gap-1.5"
      title={texts.spend.todayHelp(zone) + lacks}
      data-today={data.total.costNanoUsd}
    >
      <span className="max-desk:sr-only">{texts.spend.today}</span>
      <b className="font-medium text-fg">{formatSum(data.total.costNanoUsd, lacks !== "")}</b>
      <span className="sr-only">{texts.spend.todayHelp(zone) + lacks}</span>
      {data.repricing > 0 && (
        <span className="text-fg-3 max-split:sr-only">{texts.spend.repricing(formatPercent(data.repricing))}</span>
      )}
    </span>
  );
}
