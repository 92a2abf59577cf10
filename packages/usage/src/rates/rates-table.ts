/**
 * What the price library lacks or gets wrong, with where each figure comes from. Dollars per million tokens, as the
 * sources write them. Checked 2026-11-22 against @pydantic/genai-prices 0.1.8; `rates-table.test.ts` fails when a newer
 * library has learnt what stands here, so that the entry can go.
 *
 * Sources:
 * [P] Anthropic's price page, platform.claude.com/docs/en/about-claude/pricing, 2026-09-26 and 2026-10-09.
 * [H] Anthropic's page of Claude Haiku 5.5, platform.claude.com/docs/en/models/haiku-5-5/overview, 2026-10.
 * [C] the real client's own `cost-state` lines, Claude Code 2.1.330, 2026-11 (fixtures/claude-code-2.1.330).
 * [S] Anthropic's page of Claude Sonnet 5.5 at its launch, platform.claude.com/docs/en/models/sonnet-5-5/overview, 2026-09;
 *     the cut of its cache reads on 2026-10-07 is on [P] of 2026-10-09 and not on the page of 2026-10-02.
 * [F] Claude Fable 5.2, released 2026-11-09: its launch prices as resellers quote them from [P], 2026-11-10, and
 *     cloud.google.com's model page for fast mode at twice all token rates.
 * [L] Anthropic's price page of 2025-11: Claude Sonnet 4 with the 1M window, over 200k input tokens.
 * [M] Anthropic's fast mode page, platform.claude.com/docs/en/build-with-claude/fast-mode, 2026-02 to 2026-11.
 */

/** Dollars per million tokens; `webSearch` in dollars per thousand searches. */
export interface ListedRates {
  input: number;
  output: number;
  cacheRead: number | null;
  cacheWrite5m: number | null;
  cacheWrite1h: number | null;
  webSearch: number | null;
}

/** Rates of one model from one day on. */
export interface ListedPeriod {
  /** First day, UTC, as YYYY-MM-DD; null from the beginning. */
  from: string | null;
  rates: ListedRates;
  /** What the whole request costs once its prompt (input + cache read + cache write) is longer than `over` tokens. */
  long?: { over: number; rates: ListedRates };
}

export interface ListedModel {
  model: string;
  source: string;
  /** In order of `from`. */
  periods: readonly ListedPeriod[];
}

const WEB_SEARCH = 10;

function rates(
  input: number,
  output: number,
  cacheRead: number,
  cacheWrite5m: number,
  cacheWrite1h: number,
): ListedRates {
  return { input, output, cacheRead, cacheWrite5m, cacheWrite1h, webSearch: WEB_SEARCH };
}

const SONNET_5_5 = rates(2, 10, 0.1, 2.5, 4);
const FABLE_5 = rates(10, 50, 1, 12.5, 20);
const FABLE_5_1 = rates(10, 50, 0.25, 12.5, 20);

export const OWN_MODELS: readonly ListedModel[] = [
  {
    model: "claude-sonnet-5-5",
    source: "[C] now, [S] before 2026-10-07",
    periods: [
      // Before its launch it could only be a wrong clock: what was observed holds.
      { from: null, rates: SONNET_5_5 },
      { from: "2026-09-28", rates: rates(2, 10, 0.2, 2.5, 4) },
      { from: "2026-10-07", rates: SONNET_5_5 },
    ],
  },
  {
    model: "claude-haiku-5-5",
    source: "[H]",
    periods: [
      {
        from: null,
        rates: rates(0.1, 0.5, 0.01, 0.125, 0.2),
        long: { over: 100_000, rates: rates(0.5, 2.5, 0.05, 0.625, 1) },
      },
    ],
  },
  { model: "claude-fable-5-2", source: "[F]", periods: [{ from: null, rates: rates(8, 40, 0.2, 10, 16) }] },
  { model: "claude-mythos-5-1", source: "[P]", periods: [{ from: null, rates: FABLE_5_1 }] },
  { model: "claude-mythos-5", source: "[P]", periods: [{ from: null, rates: FABLE_5 }] },
  {
    // The library has its short rates only.
    model: "claude-sonnet-4-0",
    source: "[L]",
    periods: [
      {
        from: null,
        rates: rates(3, 15, 0.3, 3.75, 6),
        long: { over: 200_000, rates: rates(6, 22.5, 0.6, 7.5, 12) },
      },
    ],
  },
];

/** Other names of listed models. The library knows most of them too, but only by prefix, which also catches strangers. */
export const ALIASES: ReadonlyMap<string, string> = new Map([
  // Anthropic's model list, platform.claude.com/docs/en/about-claude/models/overview: undated names and their snapshots.
  ["claude-sonnet-4", "claude-sonnet-4-0"],
  ["claude-opus-4", "claude-opus-4-0"],
  ["claude-3-7-sonnet", "claude-3-7-sonnet-latest"],
  ["claude-3-5-sonnet-latest", "claude-3-5-sonnet"],
  ["claude-3-5-haiku", "claude-3-5-haiku-latest"],
  ["claude-3-opus", "claude-3-opus-latest"],
]);

/** A factor as a fraction, so that integers stay integers. */
export interface Factor {
  numerator: number;
  denominator: number;
}

/** `usage.speed: "fast"`, on every kind of token, short and long prompts alike [M]. Models not named here have no fast mode. */
export const FAST_FACTORS: ReadonlyMap<string, Factor> = new Map([
  ["claude-opus-4-6", { numerator: 6, denominator: 1 }],
  ["claude-opus-4-7", { numerator: 6, denominator: 1 }],
  ["claude-opus-4-8", { numerator: 2, denominator: 1 }],
  ["claude-opus-5", { numerator: 2, denominator: 1 }],
  ["claude-opus-5-5", { numerator: 2, denominator: 1 }],
  ["claude-fable-5-2", { numerator: 2, denominator: 1 }],
]);

/** `usage.inference_geo`, on every kind of token, not on searches [P] [C]. Other regions cost the base rate. */
export const REGION_FACTORS: ReadonlyMap<string, Factor> = new Map([["us", { numerator: 11, denominator: 10 }]]);

/** `usage.service_tier`, on every kind of token [P]. `standard` and `priority` cost the base rate. */
export const TIER_FACTORS: ReadonlyMap<string, Factor> = new Map([["batch", { numerator: 1, denominator: 2 }]]);
