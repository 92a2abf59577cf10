import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FOLDER_RULES, PACKAGE_RULES } from "./rules.ts";

/** Rows of the two tables in ARCHITECTURE.md: the name in the first cell, who it may import in the last. */
function rows(heading: string): [name: string, imports: string][] {
  const text = readFileSync(join(import.meta.dirname, "..", "..", "ARCHITECTURE.md"), "utf8");
  const lines = text.slice(text.indexOf(heading)).split("\n");
  const first = lines.findIndex((line) => line.startsWith("|---"));
  const count = lines.slice(first).findIndex((line) => !line.startsWith("|"));
  return lines.slice(first + 1, first + count).map((line) => {
    const cells = line.split("|").map((cell) => cell.trim());
    return [(cells[1] ?? "").replace(/[`/]/g, ""), cells.at(-2) ?? ""];
  });
}

const list = (cell: string): string[] => (cell === "-" ? [] : cell.split(", ").sort());

test("ARCHITECTURE.md and the arrow check say the same of packages", () => {
  const table = rows("## Packages, and who may import whom");
  expect(table.map(([name]) => name).sort()).toEqual(Object.keys(PACKAGE_RULES).sort());
  const others = (but: string[]) =>
    Object.keys(PACKAGE_RULES)
      .filter((name) => !["agentpane", ...but].includes(name))
      .sort();
  const inWords: Record<string, string[]> = {
    zod: [],
    all: others(["testkit"]),
    "all but web and testkit": others(["web", "testkit"]),
  };
  for (const [name, imports] of table)
    expect([...(PACKAGE_RULES[name]?.packages ?? [])].sort(), name).toEqual(inWords[imports] ?? list(imports));
});

test("ARCHITECTURE.md and the arrow check say the same of the server's folders", () => {
  const table = rows("Inside the server:");
  const rules = FOLDER_RULES.server ?? {};
  expect(table.map(([name]) => name).sort()).toEqual(Object.keys(rules).sort());
  for (const [name, imports] of table) expect([...(rules[name] ?? [])].sort(), name).toEqual(list(imports));
});
