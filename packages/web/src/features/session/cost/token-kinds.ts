import type { UsageTotals } from "@agentpane/protocol";
import type { costTexts } from "../../../texts/cost.ts";

type TokenKind = keyof typeof costTexts.kinds;

export function tokensByKind(totals: UsageTotals): [TokenKind, number][] {
  return [
    ["input", totals.inputTokens],
    ["output", totals.outputTokens],
    ["cacheWrite5m", totals.cacheWrite5mTokens],
    ["cacheWrite1h", totals.cacheWrite1hTokens],
    ["cacheRead", totals.cacheReadTokens],
  ];
}

export function allTokens(totals: UsageTotals): number {
  return tokensByKind(totals).reduce((sum, [, tokens]) => sum + tokens, 0);
}

/** The share of everything that went into the models that came from their cache; null where nothing went in. */
export function cacheHitRate(totals: UsageTotals): number | null {
  const wentIn = allTokens(totals) - totals.outputTokens;
  return wentIn === 0 ? null : totals.cacheReadTokens / wentIn;
}
