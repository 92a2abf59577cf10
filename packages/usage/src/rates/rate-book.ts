import { exactNames, type LibraryModel, listedModel, loadLibraryModels } from "./library.ts";
import { overridden, type PriceOverride } from "./overrides.ts";
import {
  ALIASES,
  FAST_FACTORS,
  type Factor,
  type ListedModel,
  type ListedRates,
  OWN_MODELS,
  REGION_FACTORS,
  TIER_FACTORS,
} from "./rates-table.ts";

/**
 * Integer rates. Tokens are priced in pico-dollars (1e-12 USD) each: a dollar a million tokens is a million of them, so every
 * listed price times every factor is a whole number (a test), and only the sum of a response is rounded, to nano-dollars.
 * Null where the model has no price for that kind.
 */
export interface Rates {
  input: number;
  output: number;
  cacheRead: number | null;
  cacheWrite5m: number | null;
  cacheWrite1h: number | null;
  /** Nano-dollars for each search; no factor applies to it. */
  webSearchNano: number | null;
}

/** What besides the model and the day decides the rates of a request. */
export interface Terms {
  speed?: string | undefined;
  region?: string | undefined;
  tier?: string | undefined;
}

/** The rates of one (model, terms), resolved: what is left is to choose by day and by length of the prompt. */
export interface Tariff {
  /** Rates of a request with `promptTokens` (input + cache read + cache write) at `at`; null means today's rates. */
  at(at: number | null, promptTokens: number): Rates;
}

const PICO_PER_DOLLAR_A_MILLION = 1_000_000;
const NANO_PER_DOLLAR_A_THOUSAND = 1_000_000;
/** A snapshot's date, as Anthropic ("-20250929") and Google ("@20250929") write it. */
const DATE_SUFFIX = /[-@]20\d{6}$/;
/** Claude Code's own mark for "with the 1M window" (its model configuration page, 2026): the same model and price list. */
const WINDOW_SUFFIX = /\[1m\]$/;
const STANDARD_SPEED = "standard";
const FAST_SPEED = "fast";

export class RateBook {
  readonly #models = new Map<string, ListedModel | null>();
  readonly #tariffs = new Map<string, Tariff | null>();

  /** `library` is the price library's list; `own` goes before it, and a person's prices by model id before both. */
  constructor(
    library: readonly LibraryModel[],
    overrides: Readonly<Record<string, PriceOverride>> = {},
    own: readonly ListedModel[] = OWN_MODELS,
  ) {
    const ownById = new Map(own.map((model) => [model.model, model]));
    for (const model of library) {
      const listed = ownById.get(model.id) ?? listedModel(model);
      for (const name of exactNames(model)) this.#models.set(name, listed);
    }
    for (const [id, model] of ownById) this.#models.set(id, model);
    for (const [model, override] of Object.entries(overrides)) {
      const id = this.listedId(model) ?? model;
      this.#models.set(id, overridden(id, this.#models.get(id) ?? null, override));
    }
  }

  static async load(overrides?: Readonly<Record<string, PriceOverride>>): Promise<RateBook> {
    return new RateBook(await loadLibraryModels(), overrides);
  }

  /** The listed id that `model` means; null where nobody lists it. A prefix is never enough. */
  listedId(model: string): string | null {
    const name = model.replace(WINDOW_SUFFIX, "");
    return this.#known(name) ?? this.#known(name.replace(DATE_SUFFIX, ""));
  }

  /** Null where the model is not listed, or has no such speed: unpriced, never guessed. */
  tariff(model: string, terms: Terms = {}): Tariff | null {
    const key = `${model}\n${terms.speed ?? ""}\n${terms.region ?? ""}\n${terms.tier ?? ""}`;
    const known = this.#tariffs.get(key);
    if (known !== undefined) return known;
    const tariff = this.#resolve(model, terms);
    this.#tariffs.set(key, tariff);
    return tariff;
  }

  #known(name: string): string | null {
    const id = ALIASES.get(name) ?? name;
    return this.#models.get(id)?.model ?? null;
  }

  #resolve(model: string, terms: Terms): Tariff | null {
    const id = this.listedId(model);
    const listed = id === null ? null : this.#models.get(id);
    if (!id || !listed) return null;
    const factors: Factor[] = [];
    const speed = terms.speed || STANDARD_SPEED;
    if (speed !== STANDARD_SPEED) {
      const fast = speed === FAST_SPEED ? FAST_FACTORS.get(id) : undefined;
      if (!fast) return null;
      factors.push(fast);
    }
    const region = REGION_FACTORS.get(terms.region ?? "");
    const tier = TIER_FACTORS.get(terms.tier ?? "");
    if (region) factors.push(region);
    if (tier) factors.push(tier);
    return tariffOf(listed, factors);
  }
}

function tariffOf(listed: ListedModel, factors: readonly Factor[]): Tariff {
  const periods = listed.periods.map((period) => ({
    fromMs: period.from === null ? Number.NEGATIVE_INFINITY : Date.parse(`${period.from}T00:00:00Z`),
    rates: integerRates(period.rates, factors),
    over: period.long?.over ?? Number.POSITIVE_INFINITY,
    long: integerRates(period.long?.rates ?? period.rates, factors),
  }));
  return {
    at(at, promptTokens) {
      // From the newest back; before all of them the oldest, as a price is known from its first day on.
      let chosen = periods[0];
      for (const period of periods) if (at === null || at >= period.fromMs) chosen = period;
      if (!chosen) throw new RangeError(`${listed.model} is listed without a price`);
      return promptTokens > chosen.over ? chosen.long : chosen.rates;
    },
  };
}

function integerRates(listed: ListedRates, factors: readonly Factor[]): Rates {
  const pico = (dollars: number): number => {
    let value = Math.round(dollars * PICO_PER_DOLLAR_A_MILLION);
    for (const { numerator, denominator } of factors) value = (value * numerator) / denominator;
    return Math.round(value);
  };
  const orNull = (dollars: number | null): number | null => (dollars === null ? null : pico(dollars));
  return {
    input: pico(listed.input),
    output: pico(listed.output),
    cacheRead: orNull(listed.cacheRead),
    cacheWrite5m: orNull(listed.cacheWrite5m),
    cacheWrite1h: orNull(listed.cacheWrite1h),
    webSearchNano: listed.webSearch === null ? null : Math.round(listed.webSearch * NANO_PER_DOLLAR_A_THOUSAND),
  };
}
