import { expect, test } from "vitest";
import { usageJson, usageTable } from "./print.ts";
import type { UsageRow } from "./rollup/usage-row.ts";

const row: UsageRow = {
  key: "claude-opus-5-5",
  responses: 1234,
  inputTokens: 5,
  outputTokens: 6,
  cacheWrite5mTokens: 7,
  cacheWrite1hTokens: 8,
  cacheReadTokens: 9,
  webSearches: 1,
  costNanoUsd: 4_347_200,
  unpriced: [],
};
const unpriced = { ...row, key: "gpt-6", responses: 2, costNanoUsd: 0, unpriced: [{ model: "gpt-6", responses: 2 }] };
const total = { ...row, key: "total", unpriced: unpriced.unpriced };
const counts = {
  bytes: 2e9,
  lines: 200,
  copies: 3,
  slow: 1,
  oversize: 2,
  files: 4,
  unreadable: 1,
  threads: 2,
  startMs: 90,
  ms: 1500,
};
const scan = { rows: [row, unpriced], total, scan: counts };

test("JSON has dollars as a number, and each row the documented fields", () => {
  const printed = JSON.parse(usageJson(scan));
  expect(printed.rows[0]).toEqual({
    key: "claude-opus-5-5",
    responses: 1234,
    inputTokens: 5,
    outputTokens: 6,
    cacheWrite5mTokens: 7,
    cacheWrite1hTokens: 8,
    cacheReadTokens: 9,
    webSearches: 1,
    costUsd: 0.0043472,
    costNanoUsd: 4_347_200,
    unpriced: [],
  });
  expect(printed.total).not.toHaveProperty("key");
  expect(printed.total.unpriced).toEqual([{ model: "gpt-6", responses: 2 }]);
  expect(printed.scan.slow).toBe(1);
});

test("the table says what it lacks: prices, lines and files, and the share of the slow way", () => {
  const table = usageTable(scan, "model");
  expect(table).toContain("1,234");
  expect(table).toContain("0.00+?");
  for (const said of [
    "API-equivalent",
    "0.50 %",
    "2 responses of gpt-6",
    "2 lines are longer",
    "1 transcripts could not",
  ])
    expect(table).toContain(said);
});

test("words of others in the table cannot move the cursor or turn the text", () => {
  const hostile = { ...row, key: "shop\u001b[2J\u202e", unpriced: [{ model: "x\u0007", responses: 1 }] };
  const table = usageTable({ ...scan, rows: [hostile], total: { ...hostile, key: "total" } }, "project");
  expect(table).toContain("shop\\u001b[2J\\u202e");
  expect(table).toContain("x\\u0007");
  expect(table.replaceAll("\n", "")).not.toMatch(/\p{C}/u);
});
