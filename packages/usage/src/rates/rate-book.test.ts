import { beforeAll, describe, expect, test } from "vitest";
import { exactNames, type LibraryModel, listedModel, loadLibraryModels } from "./library.ts";
import { RateBook } from "./rate-book.ts";
import { ALIASES, FAST_FACTORS, OWN_MODELS, REGION_FACTORS, TIER_FACTORS } from "./rates-table.ts";

let library: readonly LibraryModel[];
let book: RateBook;
beforeAll(async () => {
  library = await loadLibraryModels();
  book = new RateBook(library);
});

const NOW = Date.UTC(2026, 10, 22);

describe("which models have a price", () => {
  test.each([
    "claude-sonnet-5-9",
    "claude-sonnet-5-5-2",
    "claude-opus-5-5x",
    "claude-opus-6",
    "claude-haiku-4-5-turbo",
    "claude-opus-4-6-2026",
    "claude-opus-4-6-19991231",
    "us.anthropic.claude-opus-4-6-v1:0",
    "CLAUDE-OPUS-5-5",
    "gpt-6",
    "unknown",
    "",
  ])("%j has none, whatever it begins with", (model) => {
    expect(book.listedId(model)).toBeNull();
    expect(book.tariff(model)).toBeNull();
  });

  test.each([
    ["claude-opus-5-5", "claude-opus-5-5"],
    ["claude-opus-5-5-20260922", "claude-opus-5-5"],
    ["claude-opus-5-5[1m]", "claude-opus-5-5"],
    ["claude-sonnet-4-5-20250929", "claude-sonnet-4-5"],
    ["claude-sonnet-4-5@20250929", "claude-sonnet-4-5"],
    ["claude-sonnet-4-20250514", "claude-sonnet-4-0"],
    ["claude-sonnet-4", "claude-sonnet-4-0"],
    ["claude-opus-4-20250514", "claude-opus-4-0"],
    ["claude-opus-4-1-20250805", "claude-opus-4-1"],
    ["claude-3-5-haiku-20241022", "claude-3-5-haiku-latest"],
    ["claude-3-7-sonnet-20250219", "claude-3-7-sonnet-latest"],
    ["claude-3-5-sonnet-20241022", "claude-3-5-sonnet"],
    ["claude-3-opus-20240229", "claude-3-opus-latest"],
    ["claude-fable-5-2", "claude-fable-5-2"],
  ])("%s is priced as %s", (model, id) => {
    expect(book.listedId(model)).toBe(id);
    expect(book.tariff(model)).not.toBeNull();
  });

  test("every model of the library is priced under each of its exact names, and every alias leads to one", () => {
    expect(library.length).toBeGreaterThan(15);
    for (const model of library) for (const name of exactNames(model)) expect(book.tariff(name), name).not.toBeNull();
    for (const [alias, id] of ALIASES) expect(book.listedId(alias), alias).toBe(id);
    for (const model of FAST_FACTORS.keys()) expect(book.listedId(model)).toBe(model);
  });

  test("a model whose prices depend on the hour of the day, or have two steps, is unpriced", () => {
    const prices = { input_mtok: 1, output_mtok: 2 };
    const steps = (...starts: number[]) => ({ base: 1, tiers: starts.map((start) => ({ start, price: 2 })) });
    const odd: LibraryModel[] = [
      { id: "night", match: {}, prices: [{ prices }, { constraint: { type: "time_of_date" }, prices }] },
      { id: "steps", match: {}, prices: { ...prices, input_mtok: steps(100, 200) } },
      { id: "uneven", match: {}, prices: { input_mtok: steps(100), output_mtok: steps(200) } },
      { id: "free", match: {}, prices: { input_mtok: 1 } },
    ];
    for (const model of odd) expect(listedModel(model), model.id).toBeNull();
    expect(new RateBook(odd).tariff("night")).toBeNull();
  });
});

describe("rates", () => {
  test("opus 5.5 and sonnet 5.5 are what the client's own totals say, in pico-dollars a token", () => {
    const search = { webSearchNano: 10_000_000 };
    expect(book.tariff("claude-opus-5-5")?.at(NOW, 0)).toEqual({
      input: 4_000_000,
      output: 20_000_000,
      cacheRead: 200_000,
      cacheWrite5m: 5_000_000,
      cacheWrite1h: 8_000_000,
      ...search,
    });
    expect(book.tariff("claude-sonnet-5-5")?.at(NOW, 0)).toEqual({
      input: 2_000_000,
      output: 10_000_000,
      cacheRead: 100_000,
      cacheWrite5m: 2_500_000,
      cacheWrite1h: 4_000_000,
      ...search,
    });
  });

  test("each day has its price list, and what has no time has today's", () => {
    const cacheRead = (at: number | null) => book.tariff("claude-sonnet-5-5")?.at(at, 0).cacheRead;
    expect(cacheRead(Date.UTC(2026, 9, 6, 23, 59, 59, 999))).toBe(200_000);
    expect(cacheRead(Date.UTC(2026, 9, 7))).toBe(100_000);
    expect(cacheRead(Date.UTC(2026, 8, 27))).toBe(100_000);
    expect(cacheRead(null)).toBe(100_000);
    const input = (at: number | null) => book.tariff("claude-opus-4-6")?.at(at, 200_001).input;
    expect(input(Date.UTC(2026, 2, 12))).toBe(10_000_000);
    expect(input(Date.UTC(2026, 2, 13))).toBe(5_000_000);
    expect(input(null)).toBe(5_000_000);
  });

  test("the long list begins above its limit", () => {
    const tariff = book.tariff("claude-sonnet-4-20250514");
    expect(tariff?.at(NOW, 200_000).output).toBe(15_000_000);
    expect(tariff?.at(NOW, 200_001).output).toBe(22_500_000);
  });

  test("factors apply to tokens and not to searches", () => {
    const plain = book.tariff("claude-opus-5-5")?.at(NOW, 0);
    const fast = book.tariff("claude-opus-5-5", { speed: "fast", region: "us" })?.at(NOW, 0);
    expect(fast?.cacheRead).toBe(((plain?.cacheRead ?? 0) * 22) / 10);
    expect(fast?.webSearchNano).toBe(plain?.webSearchNano);
    expect(
      book.tariff("claude-opus-5-5", { speed: "standard", region: "global", tier: "standard" })?.at(NOW, 0),
    ).toEqual(plain);
  });

  test("a speed that nobody lists is unpriced", () => {
    expect(book.tariff("claude-sonnet-5-5", { speed: "fast" })).toBeNull();
    expect(book.tariff("claude-opus-5-5", { speed: "warp" })).toBeNull();
  });

  test("every listed price times every factor is a whole number of pico-dollars, so nothing is rounded on the way", () => {
    const listed = [...library.map(listedModel), ...OWN_MODELS].filter((model) => model !== null);
    const factors = [...FAST_FACTORS.values(), ...REGION_FACTORS.values(), ...TIER_FACTORS.values()];
    const products = new Set([1]);
    for (const { numerator, denominator } of factors)
      for (const product of [...products]) products.add((product * numerator) / denominator);
    let prices = 0;
    for (const { model, periods } of listed)
      for (const { rates, long } of periods)
        for (const dollars of [rates, long?.rates ?? rates].flatMap((each) => Object.values(each))) {
          if (dollars === null) continue;
          prices++;
          const pico = dollars * 1e6;
          expect(Math.abs(pico - Math.round(pico)), model).toBeLessThan(1e-6);
          for (const factor of products) {
            const exact = Math.round(pico) * factor;
            expect(Math.abs(exact - Math.round(exact)), `${model} x ${factor}`).toBeLessThan(1e-6);
          }
        }
    expect(prices).toBeGreaterThan(100);
  });
});

describe("our own table", () => {
  test("names a source for every model, and its periods are in order", () => {
    for (const { model, source, periods } of OWN_MODELS) {
      expect(source, model).toMatch(/\[[A-Z]\]/);
      expect(periods[0]?.from, model).toBeNull();
      const days = periods.slice(1).map((period) => period.from ?? "");
      expect(days).toEqual(days.toSorted());
    }
  });

  test("holds only what the library still lacks or gets wrong", () => {
    for (const own of OWN_MODELS) {
      const theirs = library.find((model) => exactNames(model).includes(own.model));
      const listed = theirs && listedModel(theirs);
      expect(listed?.periods, `the library has learnt ${own.model}: take it out of our table`).not.toEqual(own.periods);
    }
  });
});

describe("a person's own prices", () => {
  const output = (book: RateBook, model: string, prompt = 0) => book.tariff(model)?.at(NOW, prompt).output;

  test("replace what is given, for snapshots and long prompts too, and leave the rest as listed", () => {
    const own = new RateBook(library, { "claude-sonnet-4-5-20250929": { output: 1 } });
    for (const prompt of [0, 300_000]) expect(output(own, "claude-sonnet-4-5", prompt)).toBe(1_000_000);
    expect(own.tariff("claude-sonnet-4-5")?.at(NOW, 300_000).input).toBe(6_000_000);
    expect(output(own, "claude-opus-5-5")).toBe(output(book, "claude-opus-5-5"));
  });

  test("give a price to a model that nobody lists, if they say at least input and output", () => {
    const own = new RateBook(library, { "gpt-6": { input: 1, output: 2 }, "gpt-7": { input: 1 } });
    expect(own.tariff("gpt-6")?.at(NOW, 0)).toMatchObject({ input: 1_000_000, output: 2_000_000, cacheRead: null });
    expect(own.tariff("gpt-7")).toBeNull();
  });
});
