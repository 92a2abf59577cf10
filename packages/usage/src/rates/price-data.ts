import { createHash } from "node:crypto";
import type { LibraryModel } from "./library.ts";
import type { PriceOverride } from "./overrides.ts";
import { RateBook } from "./rate-book.ts";
import { ALIASES, FAST_FACTORS, OWN_MODELS, REGION_FACTORS, TIER_FACTORS } from "./rates-table.ts";

const PROVIDER = "anthropic";

/** Where the price library itself looks for newer data. */
export async function priceDataUrl(): Promise<string> {
  const { REMOTE_DATA_JSON_URL } = await import("@pydantic/genai-prices");
  return REMOTE_DATA_JSON_URL;
}

/**
 * The models of Anthropic in the text that the library's update address answers (a JSON list of providers). Throws an Error
 * that says what is wrong with it: not of that form, or nothing in it that we could price.
 */
export function parsePriceData(text: string): LibraryModel[] {
  const providers: unknown = JSON.parse(text);
  if (!Array.isArray(providers)) throw new Error("it is not a list of providers");
  const provider = providers.find((each) => isObject(each) && each.id === PROVIDER);
  if (!isObject(provider) || !Array.isArray(provider.models)) throw new Error(`it has no models of ${PROVIDER}`);
  const models = provider.models.map((model, index) => {
    if (!isObject(model) || typeof model.id !== "string" || !isObject(model.match) || !isPrices(model.prices))
      throw new Error(`model ${index} of ${PROVIDER} has no id, match and prices`);
    const { id, match, prices, context_window } = model;
    const window = typeof context_window === "number" ? { context_window } : {};
    return { id, match, prices: Array.isArray(prices) ? prices.map(withType) : prices, ...window };
  });
  const book = new RateBook(models, {}, []);
  if (!models.some(({ id }) => book.tariff(id) !== null))
    throw new Error("none of its models has a price that we know");
  return models;
}

/** Changes wherever a response might be priced otherwise: what was priced under another one is to be priced anew. */
export function ratesFingerprint(
  library: readonly LibraryModel[],
  overrides: Readonly<Record<string, PriceOverride>>,
): string {
  const tables = [ALIASES, FAST_FACTORS, REGION_FACTORS, TIER_FACTORS].map((table) => [...table]);
  const models = library.map(({ id, match, prices }) => [id, match, prices]);
  return createHash("sha256")
    .update(JSON.stringify([models, OWN_MODELS, tables, overrides]))
    .digest("hex");
}

function isPrices(value: unknown): boolean {
  return isObject(value) && (!Array.isArray(value) || (value.length > 0 && value.every(isObject)));
}

/** The file leaves the kind of a constraint to its fields; the library's own data, and ours, spell it out. */
function withType(item: Record<string, unknown>): Record<string, unknown> {
  const { constraint } = item;
  if (!isObject(constraint) || constraint.type !== undefined || typeof constraint.start_date !== "string") return item;
  return { ...item, constraint: { ...constraint, type: "start_date" } };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
