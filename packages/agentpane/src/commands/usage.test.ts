import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { USAGE_DIMENSIONS, type UsageAnswer } from "@agentpane/protocol";
import { USAGE_GROUPS as SCAN_GROUPS } from "@agentpane/usage";
import { expect, test, vi } from "vitest";
import { fakeServer } from "../test-api.ts";
import { testHome } from "../test-command.ts";
import { USAGE_GROUPS } from "./usage-options.ts";

// Whole programs are started here, on cores that other tests want too.
vi.setConfig({ testTimeout: 60_000 });

const CLIENT_PROJECTS = join(import.meta.dirname, "../../../../fixtures/claude-code-2.1.330/projects");
const EXAMPLE = join(import.meta.dirname, "../../../../fixtures/cost");

const ROW = {
  responses: 2,
  inputTokens: 1_000,
  outputTokens: 20,
  cacheWrite5mTokens: 3,
  cacheWrite1hTokens: 4,
  cacheReadTokens: 5,
  webSearches: 1,
  costNanoUsd: 1_500_000_000,
  costUsd: 1.5,
  unpriced: [{ model: "gpt-6\u001b[2J", responses: 1 }],
};
const ANSWER: UsageAnswer = { rows: [{ key: "shop", ...ROW }], total: ROW, repricing: 0 };

test("what usage is grouped by is the same word for the command, the wire and the scan", () => {
  expect(USAGE_GROUPS).toEqual(USAGE_DIMENSIONS);
  expect(SCAN_GROUPS).toEqual(USAGE_DIMENSIONS);
});

test("asks the running server for days of the given zone, and prints its answer as JSON", async () => {
  await using home = testHome();
  await using server = await fakeServer(home, () => ({ body: ANSWER }));
  const { code, out } = await home.run(
    ...["usage", "--by", "project", "--from", "2026-11-01", "--to", "2026-11-22", "--tz", "Asia/Kathmandu", "--json"],
  );
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual(ANSWER);
  expect(server.calls).toMatchObject([
    {
      method: "GET",
      path: "/api/v1/usage",
      query: { by: "project", from: "2026-11-01", to: "2026-11-22", tz: "Asia/Kathmandu" },
    },
  ]);
});

test("the table says that it is API-equivalent, what lacks a price, and that history is being priced anew", async () => {
  await using home = testHome();
  await using _ = await fakeServer(home, () => ({ body: { ...ANSWER, repricing: 0.333 } }));
  const { out } = await home.run("usage", "--by", "project");
  expect(out).toMatch(/^project +responses/);
  expect(out).toMatch(/shop +2 +1,000 +20 .* 1\.50\+\?/);
  for (const said of ["API-equivalent", "1 responses of gpt-6\\u001b[2J", "34 % of history"])
    expect(out).toContain(said);
});

test.each([
  [["--from", "yesterday"], "--from yesterday is no day"],
  [["--to", "2026-02-30"], "--to 2026-02-30 is no day"],
  [["--tz", "Mars/Olympus"], "--tz Mars/Olympus is no time zone"],
  [["--by", "colour"], "day, project, model, machine, session, subagent"],
  [["--scan"], "--scan"],
])("usage %j is not understood: exit code 2 and a line that says why", async (args, words) => {
  await using home = testHome();
  const { code, out, err } = await home.run("usage", ...args);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toContain(words);
});

test("a scan needs neither server nor store, and prints the documented JSON", async () => {
  await using home = testHome();
  cpSync(CLIENT_PROJECTS, join(home.config, "projects"), { recursive: true });
  const { code, out, err } = await home.run("usage", "--by", "model", "--json", "--scan", home.config);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  const { rows, total } = JSON.parse(out);
  expect(rows.map(({ key }: { key: string }) => key)).toEqual(["claude-opus-5-5", "claude-sonnet-5-5"]);
  expect(rows[0]).toMatchObject({ responses: 46, inputTokens: 506, outputTokens: 897, webSearches: 0, unpriced: [] });
  expect(total).not.toHaveProperty("key");
  expect(total.responses).toBe(rows[0].responses + rows[1].responses);
  expect(total.costUsd).toBeCloseTo(rows[0].costUsd + rows[1].costUsd, 12);
  expect((await home.run("usage", "--scan", home.config)).out).toContain("API-equivalent");
});

test("a scan adds up several folders, given in any of the ways that a person writes them", async () => {
  await using home = testHome();
  cpSync(CLIENT_PROJECTS, join(home.config, "projects"), { recursive: true });
  const other = join(home.folder, "other");
  mkdirSync(other);
  const counted = async (...args: string[]): Promise<number> =>
    JSON.parse((await home.run("usage", "--json", ...args)).out).total.responses;
  expect(await counted("--scan", other)).toBe(0);
  expect(await counted("--scan", other, home.config)).toBe(130);
  expect(await counted(`--scan=${home.config}/projects`)).toBe(130);
  expect(await counted("--scan", home.config, "--from", "2030-01-01")).toBe(0);
});

test("a scan of what is no folder, or of days that are none, says so", async () => {
  await using home = testHome();
  const gone = await home.run("usage", "--scan", join(home.folder, "gone"));
  expect(gone).toMatchObject({ code: 1, out: "", err: `There is no folder ${join(home.folder, "gone")}.\n` });
  const never = await home.run("usage", "--scan", EXAMPLE, "--from", "soon");
  expect({ code: never.code, out: never.out }).toEqual({ code: 2, out: "" });
  expect(never.err).toContain("not a day");
});
