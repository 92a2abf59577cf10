import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { runUsageScan } from "./run-usage-scan.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "run-"));
  mkdirSync(join(home, "projects/-a"), { recursive: true });
  for (const name of ["s1", "s2", "s3"]) writeFileSync(join(home, `projects/-a/${name}.jsonl`), "{}\n");
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(home, { recursive: true });
});

test("prints a table, or one line of JSON", async () => {
  expect(await runUsageScan([home], { by: "day" })).toMatch(/^day +responses/);
  const json = await runUsageScan([home], { by: "day", json: true });
  expect(json.endsWith("\n")).toBe(true);
  expect(JSON.parse(json)).toMatchObject({
    rows: [],
    total: { responses: 0, costUsd: 0 },
    scan: { files: 3, lines: 3 },
  });
});

test("tells how far it is only once two seconds are over, and wipes it in the end", async () => {
  const told: string[] = [];
  await runUsageScan([home], { by: "day" }, (line) => told.push(line));
  expect(told).toEqual([]);
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => (now += 600));
  await runUsageScan([home], { by: "day" }, (line) => told.push(line));
  expect(told.length).toBeGreaterThan(1);
  expect(told[0]).toMatch(/^\rread \d of 3 transcripts$/);
  expect(told.at(-1)).toBe("\r\x1b[K");
});
