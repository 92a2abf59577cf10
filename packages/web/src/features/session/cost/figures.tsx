import type { SessionUsage } from "@agentpane/protocol";
import type { ReactNode } from "react";
import { Moment } from "../../../live/time.tsx";
import { costTexts } from "../../../texts/cost.ts";
import { formatCount, formatExactUsd, formatPercent, formatSum, formatTokens, formatUsd } from "../../../ui/format.ts";
import { Words } from "../../../ui/text.tsx";
import { explainClientTotal } from "./client-total.ts";
import { allTokens, cacheHitRate } from "./token-kinds.ts";

/** The sums, what they mean and what they lack. */
export function Figures({ usage }: { usage: SessionUsage }) {
  const { total, client } = usage;
  const hitRate = cacheHitRate(total);
  const why = explainClientTotal(usage);
  return (
    <section aria-label={costTexts.total} className="grid gap-3">
      <dl className="flex flex-wrap gap-x-6 gap-y-3 max-desk:grid max-desk:grid-cols-2">
        <Figure name={costTexts.total} title={formatExactUsd(total.costNanoUsd)}>
          {formatSum(total.costNanoUsd, total.unpriced.length > 0)}
        </Figure>
        {client !== null && (
          <Figure
            name={costTexts.clientTotal}
            title={formatExactUsd(client.costNanoUsd)}
            note={
              client.at !== null && (
                <>
                  {costTexts.clientAt} <Moment at={client.at} />
                </>
              )
            }
          >
            {formatUsd(client.costNanoUsd)}
          </Figure>
        )}
        {hitRate !== null && (
          <Figure name={costTexts.hitRate} note={costTexts.hitRateHelp}>
            {formatPercent(hitRate)}
          </Figure>
        )}
        <Figure name={costTexts.tokens} title={formatCount(allTokens(total))}>
          {formatTokens(allTokens(total))}
        </Figure>
        <Figure name={costTexts.responses} note={total.webSearches > 0 && costTexts.searches(total.webSearches)}>
          {formatCount(total.responses)}
        </Figure>
      </dl>
      <div className="grid max-w-[76ch] gap-1 text-fg-2 text-s">
        {why !== null && <p>{why}</p>}
        {total.unpriced.map(({ model, responses }) => (
          <p key={model}>
            <Words>{costTexts.unpriced(responses, model)}</Words>
          </p>
        ))}
        <p className="text-fg-3">{costTexts.equivalent}</p>
      </div>
    </section>
  );
}

interface FigureProps {
  name: string;
  title?: string;
  note?: ReactNode;
  children: ReactNode;
}

function Figure({ name, title, note, children }: FigureProps) {
  return (
    <div className="grid content-start">
      <dt className="text-fg-3 text-s">{name}</dt>
      <dd title={title} className="font-semibold text-xl">
        {children}
      </dd>
      {note !== undefined && note !== false && <dd className="text-fg-3 text-xs">{note}</dd>}
    </div>
  );
}
