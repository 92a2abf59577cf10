import { expect, it } from "vitest";
import { MAX_SAVED_FILTERS, SavedFilters } from "./saved-filters.ts";

function storage(initial?: string) {
  const values = new Map(initial === undefined ? [] : [["agentpane.filters", initial]]);
  return {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
  };
}

it("keeps filters under names, in order, across pages of the browser", () => {
  const kept = storage();
  const saved = new SavedFilters(kept);
  let told = 0;
  saved.subscribe(() => (told += 1));
  expect(saved.save(" Errors ", { status: "error" })).toBe(true);
  saved.save("Mine", { project: "api", q: "auth" });
  expect(saved.rename("Errors", "Broken")).toBe(true);
  expect(told).toBe(3);
  expect(new SavedFilters(kept).getSnapshot()).toEqual([
    { name: "Broken", filter: { status: "error" } },
    { name: "Mine", filter: { project: "api", q: "auth" } },
  ]);
  saved.remove("Broken");
  expect(new SavedFilters(kept).getSnapshot().map(({ name }) => name)).toEqual(["Mine"]);
});

it("replaces a filter that is saved again, and gives no name to two", () => {
  const saved = new SavedFilters(storage());
  saved.save("A", { project: "one" });
  saved.save("B", { project: "two" });
  saved.save("A", { project: "three" });
  expect(saved.getSnapshot().map(({ filter }) => filter.project)).toEqual(["three", "two"]);
  expect(saved.rename("A", "B")).toBe(false);
  expect(saved.rename("A", "  ")).toBe(false);
});

it("has a bound", () => {
  const saved = new SavedFilters(storage());
  for (let i = 0; i < MAX_SAVED_FILTERS; i += 1) expect(saved.save(`f${i}`, {})).toBe(true);
  expect(saved.save("one more", {})).toBe(false);
  expect(saved.save("f1", { q: "x" })).toBe(true);
});

it.each(["{", "[1]", '[{"name":"x","filter":{"status":"sleeping"}}]', "null"])("takes %s for nothing saved", (text) => {
  expect(new SavedFilters(storage(text)).getSnapshot()).toEqual([]);
});
