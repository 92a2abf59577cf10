import { readFileSync } from "node:fs";

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { status: string; assertionResults: unknown[] }[];
}

interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number };
  errors: unknown[];
}

/**
 * Counts of a Vitest JSON report. A file that could not be loaded counts as one failure; so does a run in which nothing ran,
 * one without a report, and one that failed without a failing test (an unhandled error).
 */
export function vitestCounts(report: string, exitCode: number): Counts {
  const json = readReport<VitestReport>(report);
  if (!json) return { passed: 0, failed: 1, skipped: 0 };
  const unloaded = json.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
  const failed = json.numFailedTests + unloaded.length;
  return honest({ passed: json.numPassedTests, failed, skipped: json.numPendingTests + json.numTodoTests }, exitCode);
}

/** Counts of a Playwright JSON report, under the same rules. A test that passed only on a retry failed. */
export function playwrightCounts(report: string, exitCode: number): Counts {
  const json = readReport<PlaywrightReport>(report);
  if (!json) return { passed: 0, failed: 1, skipped: 0 };
  const { expected, unexpected, flaky, skipped } = json.stats;
  return honest({ passed: expected, failed: unexpected + flaky + json.errors.length, skipped }, exitCode);
}

function honest(counts: Counts, exitCode: number): Counts {
  const ran = counts.passed + counts.failed > 0;
  return !ran || (exitCode !== 0 && counts.failed === 0) ? { ...counts, failed: counts.failed + 1 } : counts;
}

function readReport<Report>(path: string): Report | null {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Report;
  } catch {
    return null;
  }
}
