import { z } from "zod";
import { dangerousPattern, MAX_DANGEROUS_PATTERNS } from "./danger.ts";
import { count, epochMs, nanoDollars, word } from "./units.ts";

export const USAGE_DIMENSIONS = ["day", "project", "model", "machine", "session", "subagent"] as const;
export const usageDimension = z.enum(USAGE_DIMENSIONS);
export type UsageDimension = z.infer<typeof usageDimension>;

/** Responses of models without a price: counted by tokens, never guessed in money. */
export const unpriced = z.array(z.object({ model: word, responses: count }));

/** Tokens and money of some set of responses, each counted once. */
export const usageTotals = z.object({
  responses: count,
  inputTokens: count,
  outputTokens: count,
  cacheWrite5mTokens: count,
  cacheWrite1hTokens: count,
  cacheReadTokens: count,
  webSearches: count,
  /** API-equivalent, of the priced responses. */
  costNanoUsd: nanoDollars,
  unpriced,
});
export type UsageTotals = z.infer<typeof usageTotals>;

/** `key`: "2026-11-22", a project's name, a model's id, a machine's name, a session's id or a subagent's type. */
export const usageRow = z.object({
  key: z.string(),
  ...usageTotals.shape,
  /** The same as `costNanoUsd`, in dollars, for people and scripts. */
  costUsd: z.number().min(0),
});
export type UsageRow = z.infer<typeof usageRow>;

export const usageQuery = z.object({
  by: usageDimension.default("day"),
  /** Days, inclusive, in `tz`. */
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
  /** IANA time zone that days are cut in. */
  tz: z.string().max(64).default("UTC"),
});
export type UsageQuery = z.infer<typeof usageQuery>;

export const usageAnswer = z.object({
  rows: z.array(usageRow),
  total: usageRow.omit({ key: true }),
  /** Share of history that a change of prices has not reached yet, 0 when done. */
  repricing: z.number().min(0).max(1),
});
export type UsageAnswer = z.infer<typeof usageAnswer>;

/** Nano-dollars by what they were for; their sum is the total's, exactly. */
export const costByKind = z.object({
  input: nanoDollars,
  output: nanoDollars,
  cacheRead: nanoDollars,
  cacheWrite5m: nanoDollars,
  cacheWrite1h: nanoDollars,
  webSearches: nanoDollars,
});
export type CostByKind = z.infer<typeof costByKind>;

/** Of more compactions the last are told. */
export const MAX_COMPACTIONS = 100;
/** Where the agent made its context smaller; null where the transcript does not say how large it was. */
export const compaction = z.object({
  at: epochMs.nullable(),
  preTokens: count.nullable(),
  postTokens: count.nullable(),
});
export type Compaction = z.infer<typeof compaction>;

/** What one session cost, in the parts that its page shows. */
export const sessionUsage = z.object({
  total: usageTotals,
  byModel: z.array(usageRow),
  /** By subagent type; the session's own spend has the key "main". */
  bySubagent: z.array(usageRow),
  /** In time order, at most 500 points, cumulative. */
  overTime: z.array(z.object({ at: epochMs, costNanoUsd: nanoDollars, tokens: count })).max(500),
  /** The client's own total, which includes calls that no transcript shows; null where it wrote none. */
  client: z.object({ costNanoUsd: nanoDollars, at: epochMs.nullable() }).nullable(),
  // What follows is absent from older servers.
  /** The total's cost by kind of token, and of web searches. */
  costByKind: costByKind.optional(),
  /** Of the session's own thread, in the order of its transcript. */
  compactions: z.array(compaction).max(MAX_COMPACTIONS).optional(),
});
export type SessionUsage = z.infer<typeof sessionUsage>;

/** Dollars a million tokens, as a person writes them; what is left out stays as it was. */
export const priceOverride = z.object({
  input: z.number().min(0).max(100_000).optional(),
  output: z.number().min(0).max(100_000).optional(),
  cacheRead: z.number().min(0).max(100_000).optional(),
  cacheWrite5m: z.number().min(0).max(100_000).optional(),
  cacheWrite1h: z.number().min(0).max(100_000).optional(),
});
export type PriceOverride = z.infer<typeof priceOverride>;

export const MAX_HOLD_PRINT_PROJECTS = 100;
/** A project's folder on its machine, and all below it. */
export const holdPrintProject = z
  .string()
  .max(4096)
  .regex(/^(?:\/|[A-Za-z]:[\\/])[^\p{Cc}]*$/u, "must be a whole path, from the root");

export const settings = z.object({
  /** By model id. */
  prices: z.record(word, priceOverride),
  /** What Allow asks a second time for, by pattern. Absent where it was never set: `DEFAULT_DANGEROUS`. */
  dangerous: z.array(dangerousPattern).max(MAX_DANGEROUS_PATTERNS).optional(),
  /** Folders of projects whose runs without a terminal (`-p`) wait for a person too, instead of being denied at once. */
  holdPrintProjects: z.array(holdPrintProject).max(MAX_HOLD_PRINT_PROJECTS).optional(),
});
export type Settings = z.infer<typeof settings>;

/** `POST /prices/refresh`: newer list prices, from the price library's own address where no other is given. */
export const pricesRefreshBody = z.object({
  url: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .optional(),
});
export type PricesRefreshBody = z.infer<typeof pricesRefreshBody>;

export const pricesRefreshAnswer = z.object({
  /** The address that answered. */
  url: z.string(),
  /** Models that are in its list. */
  models: count,
  /** Whether any price differs from before; if so, history is priced anew in the background. */
  changed: z.boolean(),
});
export type PricesRefreshAnswer = z.infer<typeof pricesRefreshAnswer>;
