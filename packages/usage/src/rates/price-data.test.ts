import { beforeAll, describe, expect, test } from "vitest";
import { type LibraryModel, loadLibraryModels } from "./library.ts";
import { parsePriceData, priceDataUrl, ratesFingerprint } from "./price-data.ts";
import { RateBook } from "./rate-book.ts";
import { contextWindow } from "./windows.ts";

let library: readonly LibraryModel[];
beforeAll(async () => {
  library = await loadLibraryModels();
});

const NOW = Date.UTC(2026, 10, 22);

describe("price data from the library's update address", () => {
  test("in the library's own form prices as the library does", () => {
    const parsed = parsePriceData(
      JSON.stringify([
        { id: "openai", models: [] },
        { id: "anthropic", models: library },
      ]),
    );
    const [ours, theirs] = [new RateBook(parsed), new RateBook(library)];
    for (const { id } of library) expect(ours.tariff(id)?.at(NOW, 1000), id).toEqual(theirs.tariff(id)?.at(NOW, 1000));
  });

  test("may leave the kind of a date's constraint to its field, as the file does", () => {
    const prices = [
      { prices: { input_mtok: 1, output_mtok: 2 } },
      { constraint: { start_date: "2026-11-01" }, prices: { input_mtok: 3, output_mtok: 4 } },
    ];
    const text = JSON.stringify([{ id: "anthropic", models: [{ id: "m", match: { equals: "m" }, prices }] }]);
    const tariff = new RateBook(parsePriceData(text)).tariff("m");
    expect(tariff?.at(Date.UTC(2026, 9, 31), 1)).toMatchObject({ input: 1_000_000 });
    expect(tariff?.at(NOW, 1)).toMatchObject({ input: 3_000_000 });
  });

  test.each([
    ["not JSON", "{"],
    ["no list", "{}"],
    ["another provider's", '[{"id":"openai","models":[]}]'],
    ["a model without prices", '[{"id":"anthropic","models":[{"id":"m","match":{}}]}]'],
    ["nothing with a price", '[{"id":"anthropic","models":[]}]'],
  ])("is refused where it is %s", (_, text) => {
    expect(() => parsePriceData(text)).toThrow();
  });

  test("comes from where the library looks itself", async () => {
    expect(await priceDataUrl()).toMatch(/^https:\/\//);
  });
});

test("the fingerprint of rates changes with any price, and with nothing else", () => {
  const before = ratesFingerprint(library, {});
  expect(ratesFingerprint(structuredClone(library), {})).toBe(before);
  expect(ratesFingerprint(library, { "claude-opus-5-5": { input: 1 } })).not.toBe(before);
  expect(ratesFingerprint(library.slice(1), {})).not.toBe(before);
});

test.each([
  ["claude-opus-4-5-20251101", 1000, 200_000],
  ["claude-sonnet-5-5", 15_711, 1_000_000],
  ["claude-sonnet-4-5[1m]", 1000, 1_000_000],
  ["claude-sonnet-4-5", 250_000, 1_000_000],
  ["claude-next-9", 1000, null],
])("the window of %s at %i tokens is %s", (model, tokens, window) => {
  expect(contextWindow(model, new RateBook(library).listedId(model), tokens, library)).toBe(window);
});
