import {
  contextWindow,
  type LibraryModel,
  loadLibraryModels,
  type PriceOverride,
  RateBook,
  ratesFingerprint,
} from "@agentpane/usage";
import { type FetchedPrices, readSetting } from "../store/settings.ts";
import type { Db } from "../store/sqlite.ts";

/** What responses are priced by at one time: the library's data or newer, our table, a person's own prices. */
export interface Rates {
  book: RateBook;
  /** Changes with anything that might price a response otherwise. */
  fingerprint: string;
  /** Tokens of a model's context window; null where nobody says. */
  window(model: string, contextTokens: number): number | null;
}

/** Loads the price library, once per thread, and what goes with it. */
export class RateSource {
  readonly #library: readonly LibraryModel[];

  static async load(): Promise<RateSource> {
    return new RateSource(await loadLibraryModels());
  }

  constructor(library: readonly LibraryModel[]) {
    this.#library = library;
  }

  /** As the store's settings are now. */
  rates(db: Db): Rates {
    const overrides = readSetting<Record<string, PriceOverride>>(db, "prices") ?? {};
    const library =
      (readSetting<FetchedPrices>(db, "priceData")?.models as LibraryModel[] | undefined) ?? this.#library;
    const book = new RateBook(library, overrides);
    return {
      book,
      fingerprint: ratesFingerprint(library, overrides),
      // A window is no price: the library's own data knows it for models that fetched data may lack.
      window: (model, tokens) => contextWindow(model, book.listedId(model), tokens, [...library, ...this.#library]),
    };
  }
}
