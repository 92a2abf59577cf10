import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { playwrightCounts, vitestCounts } from "./counts.ts";

function report(json: unknown): string {
  const path = join(mkdtempSync(join(tmpdir(), "counts-")), "report.json");
  writeFileSync(path, JSON.stringify(json));
  return path;
}

const vitest = (passed: number, failed: number, files: { status: string; assertionResults: unknown[] }[] = []) =>
  report({ numPassedTests: passed, numFailedTests: failed, numPendingTests: 1, numTodoTests: 1, testResults: files });

const playwright = (expected: number, unexpected: number, flaky: number, errors: unknown[] = []) =>
  report({ stats: { expected, unexpected, flaky, skipped: 2 }, errors });

test("tests are counted as they ran", () => {
  expect(vitestCounts(vitest(5, 0), 0)).toEqual({ passed: 5, failed: 0, skipped: 2 });
  expect(vitestCounts(vitest(5, 2), 1)).toEqual({ passed: 5, failed: 2, skipped: 2 });
  expect(playwrightCounts(playwright(5, 0, 0), 0)).toEqual({ passed: 5, failed: 0, skipped: 2 });
});

test("a test file that cannot be loaded is a failure", () => {
  expect(vitestCounts(vitest(5, 0, [{ status: "failed", assertionResults: [] }]), 1).failed).toBe(1);
  expect(playwrightCounts(playwright(5, 0, 0, [{}]), 1).failed).toBe(1);
});

test("a run in which nothing ran is a failure", () => {
  expect(vitestCounts(vitest(0, 0), 0).failed).toBe(1);
  expect(playwrightCounts(playwright(0, 0, 0), 0).failed).toBe(1);
});

test("a runner that fails without a failing test, or leaves no report, is a failure", () => {
  expect(vitestCounts(vitest(5, 0), 1).failed).toBe(1);
  expect(playwrightCounts(playwright(5, 0, 0), 1).failed).toBe(1);
  expect(vitestCounts("/nowhere.json", 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  expect(playwrightCounts("/nowhere.json", 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

test("a browser test that passes only on a second try is a failure", () => {
  expect(playwrightCounts(playwright(5, 0, 1), 0).failed).toBe(1);
});
