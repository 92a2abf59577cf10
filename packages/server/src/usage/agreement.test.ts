import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { USAGE_DIMENSIONS } from "@agentpane/protocol";
import { scanUsage } from "@agentpane/usage";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTestStore, type TestStore } from "../test-store.ts";
import { commitFolder, usageOf } from "../test-usage.ts";

const ROOT = join(import.meta.dirname, "../../../..");
const SETUP_MS = 120_000;

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "agreement-"));
});
afterAll(() => rmSync(home, { recursive: true }));

function generated(): string {
  const corpus = join(home, "corpus");
  const options = ["--out", corpus, "--files", "40", "--mb", "6", "--seed", "11", "--end", "2026-11-20"];
  execFileSync(process.execPath, [join(ROOT, "bench/gen-transcripts.mjs"), ...options], { stdio: "ignore" });
  return corpus;
}

describe.each([
  ["the real client's sessions", () => join(ROOT, "fixtures/claude-code-2.1.330")],
  ["sessions of older clients", () => join(ROOT, "fixtures/claude-code-made")],
  ["a generated corpus", generated],
])("store and scan agree to the nano-dollar on %s", (_, make) => {
  let folder: string;
  let store: TestStore;
  beforeAll(async () => {
    folder = make();
    store = await openTestStore();
    await commitFolder(store, folder);
  }, SETUP_MS);
  afterAll(() => store[Symbol.asyncDispose]());

  test.each(USAGE_DIMENSIONS)("by %s", async (by) => {
    const tz = "America/New_York";
    const scan = await scanUsage([folder], { by, tz });
    const { rows, total } = await usageOf(store, { by, tz });
    expect(total.responses).toBeGreaterThan(0);
    expect(rows.map(({ costUsd, ...row }) => row)).toEqual(scan.rows);
    const { costUsd, ...all } = total;
    expect({ key: "total", ...all }).toEqual(scan.total);
    expect(costUsd).toBe(all.costNanoUsd / 1e9);
  });

  test("in a part of the time", async () => {
    const tz = "Asia/Kathmandu";
    const days = (await usageOf(store, { by: "day", tz })).rows
      .map(({ key }) => key)
      .filter((key) => key !== "undated");
    const [from, to] = [days[Math.floor(days.length / 4)], days[Math.floor((days.length * 3) / 4)]];
    for (const by of USAGE_DIMENSIONS) {
      const scan = await scanUsage([folder], { by, tz, from, to });
      const { rows } = await usageOf(store, { by, tz, from, to });
      expect(rows.map(({ costUsd, ...row }) => row)).toEqual(scan.rows);
    }
  });

  test("and each session's own page says what its row says", async () => {
    const { rows } = await usageOf(store, { by: "session" });
    for (const row of rows) {
      const usage = await store.engine.reader.sessionUsage(row.key);
      const { key, costUsd, ...totals } = row;
      expect(usage?.total).toEqual(totals);
      expect(usage?.byModel.reduce((sum, model) => sum + model.costNanoUsd, 0)).toBe(row.costNanoUsd);
      expect(usage?.bySubagent.reduce((sum, part) => sum + part.responses, 0)).toBe(row.responses);
      expect(usage?.overTime.at(-1)?.costNanoUsd ?? 0).toBe(row.costNanoUsd);
      const detail = await store.engine.reader.session(row.key);
      expect(detail).toMatchObject({ costNanoUsd: row.costNanoUsd, unpricedResponses: sum(row.unpriced) });
      const agents = detail?.agents.reduce((cost, agent) => cost + (agent.costNanoUsd ?? 0), 0) ?? 0;
      const main = usage?.bySubagent.find((part) => part.key === "main")?.costNanoUsd ?? 0;
      expect(main + agents).toBe(row.costNanoUsd);
    }
  });
});

function sum(unpriced: readonly { responses: number }[]): number {
  return unpriced.reduce((count, { responses }) => count + responses, 0);
}
