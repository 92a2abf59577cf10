import type { CostByKind } from "@agentpane/protocol";
import type { TokenCounts } from "./charge.ts";
import type { Rates } from "./rate-book.ts";

/** In the order in which a nano-dollar that rounding left over is given away where two kinds have the same claim to it. */
const TOKEN_KINDS = ["input", "output", "cacheRead", "cacheWrite5m", "cacheWrite1h"] as const;

export function noCost(): CostByKind {
  return { input: 0, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, webSearches: 0 };
}

/**
 * Adds the cost of one call to `sums`, shared out by kind. Searches have their own price; the rest goes to the kinds of token
 * by what each weighs at `rates`, rounded down, and the nano-dollars that are left (at most four) to those that lost the
 * largest fractions. Only the relation of the rates counts: a factor that all token rates have in common (speed, region,
 * tier) changes nothing, and neither does a cost that is still by older prices add up to anything but itself. Where the
 * rates say nothing of the tokens that there are, all of it is input.
 */
export function addCostByKind(sums: CostByKind, tokens: TokenCounts, costNanoUsd: number, rates: Rates | null): void {
  const searches = Math.min(costNanoUsd, tokens.webSearches * (rates?.webSearchNano ?? 0));
  sums.webSearches += searches;
  const left = costNanoUsd - searches;
  if (left === 0) return;
  const weights = [
    tokens.inputTokens * (rates?.input ?? 0),
    tokens.outputTokens * (rates?.output ?? 0),
    tokens.cacheReadTokens * (rates?.cacheRead ?? 0),
    tokens.cacheWrite5mTokens * (rates?.cacheWrite5m ?? 0),
    tokens.cacheWrite1hTokens * (rates?.cacheWrite1h ?? 0),
  ].map(BigInt);
  const whole = weights.reduce((sum, weight) => sum + weight, 0n);
  if (whole === 0n) {
    sums.input += left;
    return;
  }
  const shares = weights.map((weight, kind) => {
    const exact = BigInt(left) * weight;
    return { kind: TOKEN_KINDS[kind] as (typeof TOKEN_KINDS)[number], nano: exact / whole, lost: exact % whole };
  });
  let over = left;
  for (const { kind, nano } of shares) {
    sums[kind] += Number(nano);
    over -= Number(nano);
  }
  shares.sort((a, b) => (a.lost === b.lost ? 0 : a.lost < b.lost ? 1 : -1));
  for (const { kind } of shares.slice(0, over)) sums[kind] += 1;
}
