import type { UsageCopy } from "@agentpane/protocol";
import type { RateBook, Rates, Terms } from "./rate-book.ts";

/** Tokens of one call, each kind apart: `inputTokens` are those that no cache had to do with. */
export interface TokenCounts {
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  cacheWrite5mTokens: number;
  cacheWrite1hTokens: number;
  webSearches: number;
}

/** What one model did for one response, and what that costs. */
export interface Charge extends TokenCounts {
  model: string;
  /** 1 for the response itself, 0 for an advisor's steps within it, so that rows of models add up to the total. */
  responses: 0 | 1;
  /** Integer nano-dollars; null where the model is unpriced. */
  costNanoUsd: number | null;
}

const PICO_PER_NANO = 1000;

/** What the client writes as the model of messages that it made itself: no API answered, so nothing is counted. */
export const SYNTHETIC_MODEL = "<synthetic>";

/** The response's own charge, then one for each of its steps that another model did. Empty for `<synthetic>`. */
export function chargesOf(copy: UsageCopy, at: number | null, book: RateBook): Charge[] {
  if (copy.model === SYNTHETIC_MODEL) return [];
  const terms: Terms = { speed: copy.speed, region: copy.region, tier: copy.tier };
  const charges = [charge(copy.model, 1, ownTokens(copy), at, terms, book)];
  // An advisor answers at its own standard speed, whatever the speed of the model that asked.
  const stepTerms: Terms = { region: copy.region, tier: copy.tier };
  for (const { model, ...tokens } of copy.iterations ?? [])
    charges.push(charge(model, 0, { ...tokens, webSearches: 0 }, at, stepTerms, book));
  return charges;
}

/** What `cache_creation` does not explain of the cache write counts at five minutes, the default lifetime. */
export function ownTokens(copy: UsageCopy): TokenCounts {
  const remainder = Math.max(0, copy.cacheWriteTokens - copy.cacheWrite5mTokens - copy.cacheWrite1hTokens);
  return {
    inputTokens: copy.inputTokens,
    outputTokens: copy.outputTokens,
    cacheReadTokens: copy.cacheReadTokens,
    cacheWrite5mTokens: copy.cacheWrite5mTokens + remainder,
    cacheWrite1hTokens: copy.cacheWrite1hTokens,
    webSearches: copy.webSearches,
  };
}

function charge(
  model: string,
  responses: 0 | 1,
  tokens: TokenCounts,
  at: number | null,
  terms: Terms,
  book: RateBook,
): Charge {
  const rates = book.tariff(model, terms)?.at(at, promptTokens(tokens));
  return { model, responses, ...tokens, costNanoUsd: rates ? costNano(tokens, rates) : null };
}

function promptTokens(tokens: TokenCounts): number {
  return tokens.inputTokens + tokens.cacheReadTokens + tokens.cacheWrite5mTokens + tokens.cacheWrite1hTokens;
}

/**
 * Integer nano-dollars of one call: the pico-dollars of all its tokens are added up and rounded once, half up. Null where a
 * kind that occurs has no price. Costs beyond 2^53 nano-dollars (nine million dollars) are cut there.
 */
export function costNano(tokens: TokenCounts, rates: Rates): number | null {
  const kinds: [number, number | null][] = [
    [tokens.inputTokens, rates.input],
    [tokens.outputTokens, rates.output],
    [tokens.cacheReadTokens, rates.cacheRead],
    [tokens.cacheWrite5mTokens, rates.cacheWrite5m],
    [tokens.cacheWrite1hTokens, rates.cacheWrite1h],
  ];
  let pico = 0;
  for (const [count, rate] of kinds) {
    if (count === 0) continue;
    if (rate === null) return null;
    pico += count * rate;
  }
  if (tokens.webSearches > 0 && rates.webSearchNano === null) return null;
  const nano = Math.floor((pico + PICO_PER_NANO / 2) / PICO_PER_NANO) + tokens.webSearches * (rates.webSearchNano ?? 0);
  return Math.min(nano, Number.MAX_SAFE_INTEGER);
}
