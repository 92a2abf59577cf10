import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { UsageGroup } from "../rollup/usage-report.ts";
import type { UsageRow } from "../rollup/usage-row.ts";

/** One file of `fixtures/cost`; docs/cost.md explains the form to other tools. */
export interface Scenario {
  name: string;
  why: string;
  sources: string[];
  files: { path: string; lines: unknown[] }[];
  total: Omit<UsageRow, "key">;
  groups?: { by: UsageGroup; tz?: string; rows: Record<string, Partial<UsageRow>> }[];
}

export const SCENARIOS_FOLDER = join(import.meta.dirname, "../../../../fixtures/cost");

export function readScenarios(): Scenario[] {
  return readdirSync(SCENARIOS_FOLDER)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(SCENARIOS_FOLDER, name), "utf8")) as Scenario);
}

/** Lines that are strings are written as they are, all others as compact JSON; each ends in a newline. */
export function writeScenario(scenario: Scenario, folder: string): void {
  for (const { path, lines } of scenario.files) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, lines.map((line) => `${typeof line === "string" ? line : JSON.stringify(line)}\n`).join(""));
  }
}
