import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RateBook } from "../rates/rate-book.ts";
import type { UsageGroup, UsageReport } from "../rollup/usage-report.ts";
import { scanUsage } from "../scan/scan-usage.ts";
import { adapterReader } from "./adapter-path.ts";
import { readScenarios, SCENARIOS_FOLDER, writeScenario } from "./scenarios.ts";

let home: string;
let book: RateBook;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "cost-"));
  book = await RateBook.load();
});
afterAll(() => rmSync(home, { recursive: true }));

const scenarios = readScenarios();

type Report = (by: UsageGroup, tz: string) => UsageReport | Promise<UsageReport>;
const ways: Record<string, (folder: string) => Report> = {
  "through adapter and ledger": (folder) => adapterReader(folder, book),
  "through the scan": (folder) => (by, tz) => scanUsage([folder], { by, tz }),
};

describe.each(Object.entries(ways))("%s", (_, read) => {
  test.each(scenarios.map((scenario) => [scenario.name, scenario] as const))("%s", async (name, scenario) => {
    const folder = mkdtempSync(join(home, "scenario-"));
    writeScenario(scenario, folder);
    const report = read(folder);
    const { total } = await report("model", "UTC");
    expect(total, name).toEqual({ key: "total", ...scenario.total });
    for (const { by, tz, rows } of scenario.groups ?? []) {
      const grouped = await report(by, tz ?? "UTC");
      expect(grouped.rows.map((row) => row.key)).toEqual(Object.keys(rows).sort());
      for (const row of grouped.rows) expect(row).toMatchObject(rows[row.key] ?? {});
      expect(grouped.total).toEqual(total);
    }
  });
});

test("there are at least 40 scenarios, each worked out in words and with its sources", () => {
  expect(scenarios.length).toBeGreaterThanOrEqual(40);
  expect(new Set(scenarios.map((scenario) => scenario.name)).size).toBe(scenarios.length);
  for (const { name, why, sources, total } of scenarios) {
    expect(why.length, name).toBeGreaterThan(20);
    if (total.costNanoUsd > 0) expect(sources.length, name).toBeGreaterThan(0);
  }
});

test("forks across files assert totals only", () => {
  const forks = scenarios.filter((scenario) => /\bfork/i.test(scenario.name));
  expect(forks.length).toBeGreaterThan(0);
  for (const fork of forks) expect(fork.groups).toBeUndefined();
});

test("nothing in the suite imports anything: it is JSON alone", () => {
  for (const entry of readdirSync(SCENARIOS_FOLDER, { recursive: true, withFileTypes: true })) {
    expect(entry.isFile() && entry.name.endsWith(".json"), entry.name).toBe(true);
    const text = readFileSync(join(entry.parentPath, entry.name), "utf8");
    expect(text).not.toMatch(/\bimport\b\s*[("'{*]|\brequire\(|packages\/|@agentpane/);
    expect(() => JSON.parse(text)).not.toThrow();
  }
});
