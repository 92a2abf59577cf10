import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { sessionUsage, type UsageDimension } from "@agentpane/protocol";
import { expect, test } from "vitest";
import { openTestStore } from "../test-store.ts";
import { commitFolder, usageOf } from "../test-usage.ts";

/** docs/cost.md describes the form. */
interface Scenario {
  name: string;
  files: { path: string; lines: unknown[] }[];
  total: Record<string, unknown>;
  groups?: { by: UsageDimension; tz?: string; rows: Record<string, Record<string, unknown>> }[];
}

const FOLDER = join(import.meta.dirname, "../../../../fixtures/cost");
const scenarios = readdirSync(FOLDER)
  .sort()
  .map((name) => JSON.parse(readFileSync(join(FOLDER, name), "utf8")) as Scenario);

test.each(scenarios.map((scenario) => [scenario.name, scenario] as const))("%s", async (_, scenario) => {
  const folder = mkdtempSync(join(tmpdir(), "cost-"));
  try {
    for (const { path, lines } of scenario.files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      const text = lines.map((line) => `${typeof line === "string" ? line : JSON.stringify(line)}\n`).join("");
      writeFileSync(join(folder, path), text);
    }
    await using store = await openTestStore();
    await commitFolder(store, folder);
    expect((await usageOf(store)).total).toMatchObject(scenario.total);
    for (const { by, tz, rows } of scenario.groups ?? []) {
      const answer = await usageOf(store, { by, ...(tz === undefined ? {} : { tz }) });
      expect(answer.rows.map(({ key }) => key)).toEqual(Object.keys(rows).sort());
      for (const row of answer.rows) expect(row).toMatchObject(rows[row.key] ?? {});
    }
    // However it is split by kind, no nano-dollar is lost or made.
    for (const { id } of (await store.list()).sessions) {
      const usage = sessionUsage.parse(await store.engine.reader.sessionUsage(id));
      const sum = Object.values(usage.costByKind ?? {}).reduce((all, nano) => all + nano, 0);
      expect(sum).toBe(usage.total.costNanoUsd);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
