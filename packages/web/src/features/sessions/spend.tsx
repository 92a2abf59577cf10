import type { SessionRow } from "@agentpane/protocol";
import { clsx } from "clsx";
import { texts } from "../../texts.ts";
import { Bar } from "../../ui/controls.tsx";
import { formatExactUsd, formatPercent, formatSum, formatTokens, formatUsd } from "../../ui/format.ts";

/** Shares of the window from which the bar is brighter, and brightest: the agent compacts somewhere behind the latter. */
const FULLER = 0.7;
const FULLEST = 0.9;

type ContextRow = Pick<SessionRow, "contextTokens" | "contextWindow">;

/** How much of its model's window the session's last request took; nothing where nobody knows. */
export function Context({ row, wide = false }: { row: ContextRow; wide?: boolean }) {
  const { contextTokens, contextWindow } = row;
  if (contextTokens == null) return null;
  if (contextWindow == null || contextWindow === 0) {
    const words = texts.spend.contextTokens(formatTokens(contextTokens));
    return (
      <span title={words}>
        <span aria-hidden="true" className={clsx(!wide && "block text-right")}>
          {formatTokens(contextTokens)}
        </span>
        <span className="sr-only">{words}</span>
      </span>
    );
  }
  const part = contextTokens / contextWindow;
  const percent = formatPercent(part);
  const words = texts.spend.contextUsed(formatTokens(contextTokens), formatTokens(contextWindow), percent);
  return (
    <span title={words} data-context={Math.round(part * 100)} className="flex items-center gap-1">
      <Bar part={part} tone={toneOf(part)} className={clsx("flex-none", wide ? "w-14" : "w-7.5")} />
      <span aria-hidden="true" className={clsx("flex-1 text-right", wide && "font-medium text-fg")}>
        {percent}
      </span>
      <span className="sr-only">{words}</span>
    </span>
  );
}

function toneOf(part: number): "quiet" | "more" | "most" {
  return part >= FULLEST ? "most" : part >= FULLER ? "more" : "quiet";
}

type CostRow = Pick<SessionRow, "costNanoUsd" | "unpricedResponses" | "tokens">;

/** What the session has cost; a sum that lacks something says so, and one of nothing is not shown. */
export function Cost({ row, wide = false }: { row: CostRow; wide?: boolean }) {
  const { costNanoUsd, unpricedResponses = 0, tokens = 0 } = row;
  if (costNanoUsd === undefined || (costNanoUsd === 0 && unpricedResponses === 0 && tokens === 0)) return null;
  const lacks = unpricedResponses > 0 ? ` ${texts.spend.lacks(unpricedResponses)}` : "";
  return (
    <span title={texts.spend.ofSession(formatExactUsd(costNanoUsd)) + lacks} data-cost={costNanoUsd}>
      <span aria-hidden="true">
        {wide && lacks !== "" && costNanoUsd === 0 ? texts.spend.noPrice : formatSum(costNanoUsd, lacks !== "")}
      </span>
      <span className="sr-only">{texts.spend.ofSession(formatUsd(costNanoUsd)) + lacks}</span>
    </span>
  );
}
