import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { STATUS_CASES } from "./test-cases.ts";
import { FIXTURES } from "./test-fixtures.ts";

const ROOT = join(FIXTURES, "..");
const DOC = readFileSync(join(ROOT, "docs", "status.md"), "utf8");

/** Cells of the rows below a heading, up to the next. */
function rows(heading: string): string[][] {
  const section = DOC.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? "";
  const lines = section.split("\n").filter((line) => line.startsWith("|"));
  return lines.slice(2).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const transitions = [
  ...rows("From the hook"),
  ...rows("From the transcript"),
  ...rows("From the registry"),
  ...rows("From processes and channels"),
];
const elsewhere = rows("Over time, machines and restarts");

test("docs/status.md and the table of cases tell the same, row by row", () => {
  const expected = STATUS_CASES.map(({ name, expected: { status, source }, fixtures }) => [
    name,
    `\`${status}\``,
    source,
    fixtures.length === 0 ? "*made*" : fixtures.map((path) => `\`${path}\``).join(", "),
  ]);
  expect(transitions).toEqual(expected);
});

test("every recording that docs/status.md names is there", () => {
  const named = STATUS_CASES.flatMap(({ fixtures }) => fixtures);
  expect(named.filter((path) => !existsSync(join(FIXTURES, path)))).toEqual([]);
  expect(named.length).toBeGreaterThan(40);
});

test("every other row of docs/status.md names a test that exists", () => {
  expect(elsewhere.length).toBeGreaterThan(5);
  for (const [what, proof] of elsewhere) {
    const [, file, title] = /^`([^`]+)`: (.+)$/.exec(proof ?? "") ?? [];
    const text = readFileSync(join(ROOT, file ?? ""), "utf8");
    expect(text.includes(`"${title}"`), `${what}: ${title}`).toBe(true);
  }
});

test("docs/status.md counts the rows that are made", () => {
  const made = transitions.filter(([, , , proof]) => proof === "*made*").length;
  expect(DOC).toContain(`Of ${transitions.length} rows, ${made} are made`);
});
