import type { ListedModel, ListedRates } from "./rates-table.ts";

/** A person's own prices of one model, in dollars a million tokens; what is left out stays as listed. */
export type PriceOverride = { readonly [Kind in keyof ListedRates]?: number | null | undefined };

/**
 * The model with a person's prices, on all days and for prompts of any length. Where nobody lists it, input and output have to
 * be given, and kinds that are not stay unpriced; null where they are missing.
 */
export function overridden(model: string, listed: ListedModel | null, override: PriceOverride): ListedModel | null {
  const given = Object.fromEntries(Object.entries(override).filter(([, price]) => typeof price === "number"));
  const source = "a person's own price";
  if (listed) {
    const periods = listed.periods.map(({ from, rates, long }) => {
      const period = { from, rates: { ...rates, ...given } };
      return long ? { ...period, long: { over: long.over, rates: { ...long.rates, ...given } } } : period;
    });
    return { model: listed.model, source, periods };
  }
  const { input, output } = override;
  if (typeof input !== "number" || typeof output !== "number") return null;
  const none = { cacheRead: null, cacheWrite5m: null, cacheWrite1h: null, webSearch: null };
  return { model, source, periods: [{ from: null, rates: { ...none, input, output, ...given } }] };
}
