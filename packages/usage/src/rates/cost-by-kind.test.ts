import type { CostByKind } from "@agentpane/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { costNano, type TokenCounts } from "./charge.ts";
import { addCostByKind, noCost } from "./cost-by-kind.ts";
import { RateBook, type Rates } from "./rate-book.ts";

const NOTHING: TokenCounts = {
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWrite5mTokens: 0,
  cacheWrite1hTokens: 0,
  webSearches: 0,
};
/** 5, 25, 0.5, 6.25 and 10 dollars a million tokens, a cent a search. */
const RATES: Rates = {
  input: 5_000_000,
  output: 25_000_000,
  cacheRead: 500_000,
  cacheWrite5m: 6_250_000,
  cacheWrite1h: 10_000_000,
  webSearchNano: 10_000_000,
};

function split(tokens: Partial<TokenCounts>, cost: number, rates: Rates | null = RATES): CostByKind {
  const sums = noCost();
  addCostByKind(sums, { ...NOTHING, ...tokens }, cost, rates);
  return sums;
}

const sum = (by: CostByKind) => Object.values(by).reduce((all, nano) => all + nano, 0);

describe("the cost of a call by kind", () => {
  it("is each kind's tokens at its rate, searches apart", () => {
    const tokens = { inputTokens: 10, outputTokens: 40, cacheReadTokens: 30, cacheWrite5mTokens: 20, webSearches: 2 };
    expect(split(tokens, 1_190_000 + 20_000_000)).toEqual({
      input: 50_000,
      output: 1_000_000,
      cacheRead: 15_000,
      cacheWrite5m: 125_000,
      cacheWrite1h: 0,
      webSearches: 20_000_000,
    });
  });

  it("gives what rounding left over to the kind that lost the most by it", () => {
    // 0.6, 0.3 and 0.1 of one nano-dollar.
    const rates = { ...RATES, input: 300, output: 600, cacheRead: 100 };
    const tokens = { inputTokens: 1, outputTokens: 1, cacheReadTokens: 1 };
    expect(split(tokens, 1, rates)).toEqual({ ...noCost(), output: 1 });
    expect(split(tokens, 2, rates)).toEqual({ ...noCost(), output: 1, input: 1 });
  });

  it("keeps its relation under a factor that all rates have in common", () => {
    expect(split({ inputTokens: 1_000, outputTokens: 100 }, 15_000_000)).toEqual({
      ...noCost(),
      input: 10_000_000,
      output: 5_000_000,
    });
  });

  it("is all input where nothing is known of the rates, and nothing where it cost nothing", () => {
    expect(split({ outputTokens: 7, webSearches: 1 }, 99, null)).toEqual({ ...noCost(), input: 99 });
    expect(split({ outputTokens: 7 }, 0)).toEqual(noCost());
  });

  it("adds up to the cost to the nano-dollar, whatever the tokens, the rates and the cost are", () => {
    const book = new RateBook([]);
    const model = fc.constantFrom("claude-sonnet-5-5", "claude-haiku-5-5", "claude-fable-5-2");
    const count = fc.integer({ min: 0, max: 3_000_000 });
    const tokens = fc.record({
      inputTokens: count,
      outputTokens: count,
      cacheReadTokens: count,
      cacheWrite5mTokens: count,
      cacheWrite1hTokens: count,
      webSearches: fc.nat(20),
    });
    const other = fc.option(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), { nil: null });
    fc.assert(
      fc.property(model, tokens, other, (id, counts, otherCost) => {
        const rates = book.tariff(id)?.at(null, 0) ?? null;
        const cost = otherCost ?? (rates === null ? 0 : (costNano(counts, rates) ?? 0));
        const by = split(counts, cost, rates);
        expect(sum(by)).toBe(cost);
        expect(Object.values(by).every((nano) => nano >= 0)).toBe(true);
        if (otherCost !== null || rates === null) return;
        // Half of one from rounding the cost, less than one from sharing it out.
        const { output, cacheRead } = rates;
        expect(Math.abs(by.output - (counts.outputTokens * output) / 1000)).toBeLessThan(1.5);
        expect(Math.abs(by.cacheRead - (counts.cacheReadTokens * (cacheRead ?? 0)) / 1000)).toBeLessThan(1.5);
      }),
    );
  });
});
