import type { ListedModel, ListedPeriod, ListedRates } from "./rates-table.ts";

/** The library's own types, as far as they matter here; its data may come from a file of another version. */
export interface LibraryModel {
  id: string;
  match: unknown;
  prices: unknown;
  /** In tokens. */
  context_window?: number | undefined;
}

interface Tiered {
  base: number;
  tiers: readonly { start: number; price: number }[];
}

/** Loaded when first asked for: its 830 KB of source take about 35 ms, which a `--help` need not wait for. */
export async function loadLibraryModels(): Promise<readonly LibraryModel[]> {
  const { findProvider } = await import("@pydantic/genai-prices");
  return findProvider({ providerId: "anthropic" })?.models ?? [];
}

/** Every name under which the library lists a model exactly: its id, and what its match says with `equals`. */
export function exactNames(model: LibraryModel): string[] {
  return [model.id, ...equals(model.match)];
}

function equals(match: unknown): string[] {
  if (!isObject(match)) return [];
  if (typeof match.equals === "string") return [match.equals];
  return Array.isArray(match.or) ? match.or.flatMap(equals) : [];
}

/**
 * The library's prices in our form; null where it says something that we cannot honour exactly (a price by the hour of the
 * day, two tiers, an unknown constraint), so that such a model is unpriced rather than guessed.
 */
export function listedModel(model: LibraryModel): ListedModel | null {
  const conditional = Array.isArray(model.prices) ? model.prices : [{ prices: model.prices }];
  const periods: ListedPeriod[] = [];
  for (const item of conditional) {
    const from = startOf(item);
    const period = from === undefined ? null : periodOf(from, isObject(item) ? item.prices : null);
    if (!period) return null;
    periods.push(period);
  }
  return { model: model.id, source: "@pydantic/genai-prices", periods };
}

function startOf(item: unknown): string | null | undefined {
  const constraint = isObject(item) ? item.constraint : undefined;
  if (constraint === undefined) return null;
  const start = isObject(constraint) && constraint.type === "start_date" ? constraint.start_date : undefined;
  return typeof start === "string" ? start : undefined;
}

function periodOf(from: string | null, prices: unknown): ListedPeriod | null {
  if (!isObject(prices)) return null;
  const starts = new Set<number>();
  for (const price of Object.values(prices)) {
    if (!isTiered(price)) continue;
    if (price.tiers.length > 1) return null;
    for (const tier of price.tiers) starts.add(tier.start);
  }
  const [over, another] = starts;
  const rates = ratesOf(prices, (price) => price.base);
  if (!rates || another !== undefined) return null;
  if (over === undefined) return { from, rates };
  const long = ratesOf(prices, (price) => price.tiers[0]?.price ?? price.base);
  return long && { from, rates, long: { over, rates: long } };
}

function ratesOf(prices: Record<string, unknown>, pick: (price: Tiered) => number): ListedRates | null {
  const rate = (key: string): number | null => {
    const price = prices[key];
    if (typeof price === "number") return price;
    return isTiered(price) ? pick(price) : null;
  };
  const input = rate("input_mtok");
  const output = rate("output_mtok");
  if (input === null || output === null) return null;
  return {
    input,
    output,
    cacheRead: rate("cache_read_mtok"),
    // The library's `cache_write` is the five-minute one; it has a key of its own where both are spelled out.
    cacheWrite5m: rate("cache_write_5m_mtok") ?? rate("cache_write_mtok"),
    cacheWrite1h: rate("cache_write_1h_mtok"),
    webSearch: rate("web_searches_kcount"),
  };
}

function isTiered(value: unknown): value is Tiered {
  return isObject(value) && typeof value.base === "number" && Array.isArray(value.tiers);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
