import type { SessionRow, SessionUsage } from "@agentpane/protocol";
import { useQuery } from "@tanstack/react-query";
import { sessionUsageQuery } from "../../../api/queries.ts";
import { useFreshQuery } from "../../../api/use-fresh-query.ts";
import { useServices } from "../../../services.ts";
import { costTexts } from "../../../texts/cost.ts";
import { texts } from "../../../texts.ts";
import { Button } from "../../../ui/controls.tsx";
import { Curve } from "./curve.tsx";
import { Figures } from "./figures.tsx";
import { ByKind, ByModel, BySubagent, MAIN_THREAD } from "./tables.tsx";

const FRESH_MS = 2_000;

/** What a session has cost, in the parts that explain it. */
export default function CostView({ row }: { row: SessionRow }) {
  const { api } = useServices();
  const query = sessionUsageQuery(api, row.id);
  const { data, error, refetch, isFetching } = useQuery(query);
  useFreshQuery(
    query.queryKey,
    `${row.costNanoUsd} ${row.tokens} ${row.unpricedResponses} ${row.clientCostNanoUsd}`,
    FRESH_MS,
  );
  return (
    <section
      aria-label={costTexts.tab}
      data-scrolls
      data-panel-focus
      tabIndex={-1}
      className="scroll min-h-0 flex-1 -outline-offset-2"
    >
      {data === undefined ? (
        <Waiting error={error} busy={isFetching} onRetry={() => void refetch()} />
      ) : (
        <>
          {error !== null && (
            <p role="status" className="border-line border-b bg-error-wash px-4 py-1.5 text-error text-s">
              {costTexts.stale}
            </p>
          )}
          {isEmpty(data) ? (
            <p className="px-4 py-12 text-center text-fg-3">{costTexts.empty}</p>
          ) : (
            <Parts usage={data} />
          )}
        </>
      )}
    </section>
  );
}

function Parts({ usage }: { usage: SessionUsage }) {
  const agents = usage.bySubagent.some(({ key }) => key !== MAIN_THREAD);
  return (
    <div className="mx-auto grid max-w-[880px] grid-cols-[minmax(0,1fr)] gap-6 px-4 py-4">
      <Figures usage={usage} />
      {usage.overTime.length > 1 && usage.total.costNanoUsd > 0 && (
        <Curve points={usage.overTime} compactions={usage.compactions ?? []} />
      )}
      <ByModel rows={usage.byModel} />
      <ByKind total={usage.total} cost={usage.costByKind} />
      {agents && <BySubagent rows={usage.bySubagent} />}
    </div>
  );
}

function Waiting({ error, busy, onRetry }: { error: Error | null; busy: boolean; onRetry(): void }) {
  if (error === null || busy) return <div role="status" aria-label={costTexts.loading} />;
  return (
    <div role="alert" className="grid content-start justify-items-center gap-3 px-6 py-16 text-center">
      <h2 className="font-semibold text-l">{costTexts.failedTitle}</h2>
      <p className="max-w-[48ch] text-fg-2">{error.message}</p>
      <Button onClick={onRetry}>{texts.sessions.tryAgain}</Button>
    </div>
  );
}

function isEmpty({ total, client }: SessionUsage): boolean {
  return total.responses === 0 && (client === null || client.costNanoUsd === 0);
}
