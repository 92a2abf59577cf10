import type { UsageCopy } from "@agentpane/protocol";
import { expect, test } from "vitest";
import { chargesOf, costNano, ownTokens, type TokenCounts } from "./charge.ts";
import { RateBook } from "./rate-book.ts";

const NONE: TokenCounts = {
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWrite5mTokens: 0,
  cacheWrite1hTokens: 0,
  webSearches: 0,
};
const RATES = { input: 500, output: 499, cacheRead: 1, cacheWrite5m: 1, cacheWrite1h: 1, webSearchNano: 7 };

function copy(over: Partial<UsageCopy>): UsageCopy {
  const place = { offset: 0, index: 0, at: null, key: "m", keyKind: "message" as const, stopReason: null };
  return { ...NONE, ...place, model: "claude-opus-5-5", cacheWriteTokens: 0, ...over };
}

test("the sum of a call is rounded once, half up", () => {
  expect(costNano({ ...NONE, inputTokens: 1 }, RATES)).toBe(1);
  expect(costNano({ ...NONE, outputTokens: 1 }, RATES)).toBe(0);
  expect(costNano({ ...NONE, outputTokens: 1, cacheReadTokens: 1 }, RATES)).toBe(1);
  expect(costNano({ ...NONE, inputTokens: 3, webSearches: 2 }, RATES)).toBe(2 + 14);
});

test("a kind of token without a price makes only those calls unpriced in which it occurs", () => {
  const rates = { ...RATES, cacheRead: null, cacheWrite5m: null, cacheWrite1h: null, webSearchNano: null };
  expect(costNano({ ...NONE, inputTokens: 2 }, rates)).toBe(1);
  for (const kind of ["cacheReadTokens", "cacheWrite5mTokens", "cacheWrite1hTokens", "webSearches"] as const)
    expect(costNano({ ...NONE, [kind]: 1 }, rates), kind).toBeNull();
});

test("absurd counts cost at most what a number can hold", () => {
  const most = costNano({ ...NONE, outputTokens: Number.MAX_SAFE_INTEGER }, { ...RATES, output: 75_000_000 });
  expect(most).toBe(Number.MAX_SAFE_INTEGER);
});

test("a split that explains more than the whole cache write is believed", () => {
  const tokens = ownTokens(copy({ cacheWriteTokens: 10, cacheWrite5mTokens: 30, cacheWrite1hTokens: 5 }));
  expect(tokens).toMatchObject({ cacheWrite5mTokens: 30, cacheWrite1hTokens: 5 });
});

test("each of several advisors is charged by itself, in the region of the whole request", async () => {
  const book = await RateBook.load();
  const step = { inputTokens: 1000, outputTokens: 0, cacheReadTokens: 0, cacheWrite5mTokens: 0, cacheWrite1hTokens: 0 };
  const iterations = [
    { model: "claude-haiku-4-5", ...step },
    { model: "claude-opus-4-8", ...step },
  ];
  const charges = chargesOf(copy({ inputTokens: 1000, region: "us", speed: "fast", iterations }), null, book);
  expect(charges.map(({ model, responses, costNanoUsd }) => [model, responses, costNanoUsd])).toEqual([
    ["claude-opus-5-5", 1, 8_800_000],
    ["claude-haiku-4-5", 0, 1_100_000],
    ["claude-opus-4-8", 0, 5_500_000],
  ]);
});
