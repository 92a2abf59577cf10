import type { Compaction, SessionRow } from "@agentpane/protocol";
import { clsx } from "clsx";
import type { ReactNode } from "react";
import { texts } from "../../texts.ts";
import { Bar } from "../../ui/controls.tsx";
import { formatExactUsd, formatPercent, formatSum, formatTokens, formatUsd } from "../../ui/format.ts";

/** Shares of the window from which the bar is brighter, and brightest: the agent compacts somewhere behind the latter. */
const FULLER = 0.7;
const FULLEST = 0.9;

type ContextRow = Pick<SessionRow, "contextTokens" | "contextWindow">;

interface ContextProps {
  row: ContextRow;
  wide?: boolean;
  /** Where the agent made it smaller, as far as that is known here; the last is marked. */
  compactions?: readonly Compaction[] | undefined;
}

/** How much of its model's window the session's last request took; nothing where nobody knows. */
export function Context({ row, wide = false, compactions = [] }: ContextProps) {
  const { contextTokens, contextWindow } = row;
  if (contextTokens == null) return null;
  const told = compactionWords(compactions);
  if (contextWindow == null || contextWindow === 0) {
    const words = texts.spend.contextTokens(formatTokens(contextTokens)) + told;
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
  const words = texts.spend.contextUsed(formatTokens(contextTokens), formatTokens(contextWindow), percent) + told;
  const compactedTo = compactions.at(-1)?.postTokens ?? null;
  const bar = <Bar part={part} tone={toneOf(part)} className={clsx("flex-none", wide ? "w-14" : "w-7.5")} />;
  return (
    <span title={words} data-context={Math.round(part * 100)} className="flex items-center gap-1">
      {compactedTo === null ? bar : <Marked at={compactedTo / contextWindow}>{bar}</Marked>}
      <span aria-hidden="true" className={clsx("flex-1 text-right", wide && "font-medium text-fg")}>
        {percent}
      </span>
      <span className="sr-only">{words}</span>
    </span>
  );
}

/** A tick across the bar, where the last compaction brought the context down to. */
function Marked({ at, children }: { at: number; children: ReactNode }) {
  return (
    <span aria-hidden="true" className="relative flex-none">
      {children}
      <span
        data-compacted-to
        className="absolute -inset-y-[3px] w-px bg-fg forced-colors:bg-[Highlight]"
        style={{ left: `${Math.min(1, at) * 100}%` }}
      />
    </span>
  );
}

function compactionWords(compactions: readonly Compaction[]): string {
  const last = compactions.at(-1);
  if (last === undefined) return "";
  return `; ${texts.spend.compactedOften(compactions.length, texts.spend.compacted(last.preTokens, last.postTokens))}`;
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
