// @vitest-environment happy-dom
import type { SessionUsage } from "@agentpane/protocol";
import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { madeChanges, madeRow, madeSnapshot, madeTotals, madeUsageRow, NOON } from "../../../testing/made.ts";
import { openPage, settle, withPage } from "../../../testing/page.tsx";

withPage();

const USD = 1_000_000_000;
const PATIENCE = { timeout: 10_000 };

const SPENT = {
  responses: 46,
  inputTokens: 10_000,
  outputTokens: 50_000,
  cacheWrite5mTokens: 20_000,
  cacheWrite1hTokens: 10_000,
  cacheReadTokens: 960_000,
  webSearches: 2,
  costNanoUsd: 1_940_000_000,
};
const USAGE: SessionUsage = {
  total: madeTotals({ ...SPENT, unpriced: [] }),
  byModel: [
    madeUsageRow("claude-haiku-5-5", { responses: 6, inputTokens: 5_000, costNanoUsd: 0.44 * USD }),
    madeUsageRow("claude-opus-5-5", { responses: 40, inputTokens: 5_000, costNanoUsd: 1.5 * USD }),
  ],
  bySubagent: [
    madeUsageRow("main", { responses: 30, costNanoUsd: 1.2 * USD }),
    madeUsageRow("Explore", { responses: 16, costNanoUsd: 0.74 * USD }),
  ],
  overTime: [
    { at: NOON - 3_600_000, costNanoUsd: 0.1 * USD, tokens: 100_000 },
    { at: NOON - 1_800_000, costNanoUsd: 1.5 * USD, tokens: 700_000 },
    { at: NOON, costNanoUsd: 1.94 * USD, tokens: 1_050_000 },
  ],
  client: { costNanoUsd: 2 * USD, at: NOON },
  costByKind: {
    input: 0.05 * USD,
    output: 1.25 * USD,
    cacheWrite5m: 0.125 * USD,
    cacheWrite1h: 0.1 * USD,
    cacheRead: 0.395 * USD,
    webSearches: 0.02 * USD,
  },
  compactions: [
    { at: NOON - 2_700_000, preTokens: 155_000, postTokens: 20_000 },
    { at: NOON - 900_000, preTokens: null, postTokens: null },
    { at: null, preTokens: 1, postTokens: 1 },
  ],
};

async function openCost(usage: SessionUsage | null = USAGE, path = "/sessions/s1?tab=cost") {
  const row = madeRow("s1", { costNanoUsd: 1_940_000_000, tokens: 1_050_000 });
  const kept = new Map(usage === null ? [] : [["s1", usage]]);
  const page = await openPage(path, { server: { usage: kept } });
  await act(async () => {
    page.environment.socket.open();
    page.environment.socket.say(madeSnapshot(1, [row]));
  });
  await settle();
  return { ...page, row, kept };
}

const cost = () => screen.findByRole("region", { name: "Cost" }, PATIENCE);
const lines = (table: HTMLElement) =>
  within(table)
    .getAllByRole("row")
    .map((line) => [...line.children].map((cell) => cell.textContent).join("|"));

describe("the Cost tab", () => {
  it("opens from the session by its tab, which has an address", async () => {
    const page = await openCost(USAGE, "/sessions/s1");
    await userEvent.click(await screen.findByRole("button", { name: "Cost" }, PATIENCE));
    expect(await cost()).toBeTruthy();
    expect(page.router.state.location.href).toBe("/sessions/s1?tab=cost");
    expect(screen.getByRole("button", { name: "Cost" }).getAttribute("aria-current")).toBe("page");
  });

  it("says the total, what the client says, why they differ, and that it is API-equivalent", async () => {
    await openCost();
    const region = await screen.findByRole("region", { name: "Total" }, PATIENCE);
    expect(region.textContent).toContain("Total$1.94");
    expect(region.textContent).toContain("The client says$2.00");
    expect(region.textContent).toContain("3% of this session's cost is in calls that are not in the transcript.");
    expect(region.textContent).toContain("Read from cache96%");
    expect(region.textContent).toContain("2 web searches");
    expect(region.textContent).toContain("API-equivalent");
  });

  it("splits it by model, the dearest first, by kind of token and by agent", async () => {
    await openCost();
    expect(lines(await screen.findByRole("table", { name: "By model" }, PATIENCE))).toEqual([
      "Model||Cost|Share|Tokens|Responses",
      "claude-opus-5-5||$1.50|77%|5K|40",
      "claude-haiku-5-5||$0.44|23%|5K|6",
    ]);
    expect(lines(screen.getByRole("table", { name: "By kind of token" }))).toEqual([
      "Kind||Cost|Share|Tokens",
      "Input||$0.05|3%|10K",
      "Output||$1.25|64%|50K",
      "Cache write, 5 minutes||$0.13|6%|20K",
      "Cache write, 1 hour||$0.10|5%|10K",
      "Cache read||$0.40|20%|960K",
      "2 web searches||$0.02|1%|",
    ]);
    expect(lines(screen.getByRole("table", { name: "By agent" }))).toEqual([
      "Agent||Cost|Share|Tokens|Responses",
      "Main agent||$1.20|62%|0|30",
      "Explore||$0.74|38%|0|16",
    ]);
  });

  it("tells tokens by kind alone where the server does not say what each cost", async () => {
    const { costByKind: _, compactions: __, ...older } = USAGE;
    await openCost(older);
    expect(lines(await screen.findByRole("table", { name: "By kind of token" }, PATIENCE))).toEqual([
      "Kind||Tokens|Share",
      "Input||10K|<1%",
      "Output||50K|5%",
      "Cache write, 5 minutes||20K|2%",
      "Cache write, 1 hour||10K|<1%",
      "Cache read||960K|91%",
    ]);
    expect(screen.queryByRole("list", { name: "Compactions" })).toBeNull();
  });

  it("marks compactions on the curve, each with its words", async () => {
    const page = await openCost();
    const list = await screen.findByRole("list", { name: "Compactions" }, PATIENCE);
    const words = within(list).getAllByRole("listitem");
    expect(words.map(({ textContent }) => textContent?.replace(/^.*: /, ""))).toEqual([
      "context compacted from 155K to 20K tokens",
      "context compacted",
    ]);
    expect(screen.getByText("2 compactions of the context")).toBeTruthy();
    const marks = [...page.container.querySelectorAll<HTMLElement>("[data-compaction]")];
    expect(marks.map(({ style }) => style.left)).toEqual(["25%", "75%"]);
    expect(marks[0]?.title).toBe(words[0]?.textContent);
  });

  it("tells the curve in words, and moves along it with the keys", async () => {
    await openCost();
    const curve = await screen.findByRole("slider", undefined, PATIENCE);
    expect(screen.getByText(/The cost rose to \$1\.94 from .*; half of it was spent by/)).toBeTruthy();
    expect(curve.getAttribute("aria-valuetext")).toMatch(/^\$1\.94 and 1\.05M tokens by/);
    act(() => curve.focus());
    await userEvent.keyboard("{ArrowLeft}");
    expect(curve.getAttribute("aria-valuetext")).toMatch(/^\$1\.50 and 700K tokens by/);
    await userEvent.keyboard("{Home}{ArrowLeft}");
    expect(curve.getAttribute("aria-valuetext")).toMatch(/^\$0\.10/);
    await userEvent.keyboard("{End}");
    expect(curve.getAttribute("aria-valuenow")).toBe("2");
  });

  it("names models without a price, and says that the sum lacks them", async () => {
    const unpriced = [{ model: "gpt-6\u202e", responses: 3 }];
    await openCost({
      ...USAGE,
      total: madeTotals({ ...SPENT, unpriced }),
      byModel: [madeUsageRow("gpt-6", { responses: 3, outputTokens: 7, unpriced })],
    });
    const region = await screen.findByRole("region", { name: "Total" }, PATIENCE);
    expect(region.textContent).toContain("$1.94+");
    expect(region.textContent).toContain("3 responses of gpt-6\\u202e: nobody lists a price");
    expect(region.textContent).toContain("cannot be compared");
    expect(lines(screen.getByRole("table", { name: "By model" }))[1]).toBe("gpt-6||no price||7|3");
  });

  it("says that nothing was spent", async () => {
    await openCost({ total: madeTotals(), byModel: [], bySubagent: [], overTime: [], client: null });
    expect((await cost()).textContent).toContain("Nothing has been spent yet");
  });

  it("says that it could not be loaded, and tries again", async () => {
    const { kept } = await openCost(null);
    expect(await screen.findByText("The cost could not be loaded", undefined, PATIENCE)).toBeTruthy();
    kept.set("s1", USAGE);
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("table", { name: "By model" }, PATIENCE)).toBeTruthy();
  });

  it("follows the session's cost, and keeps what it knows when that fails", async () => {
    const { environment, row, kept } = await openCost();
    await screen.findByRole("region", { name: "Total" }, PATIENCE);
    kept.set("s1", { ...USAGE, total: madeTotals({ ...SPENT, costNanoUsd: 5 * USD }) });
    const spend = async (n: number, nano: number) =>
      act(async () => environment.socket.say(madeChanges(n, [{ ...row, costNanoUsd: nano }])));
    await spend(2, 5 * USD);
    await waitFor(() => expect(screen.getByRole("region", { name: "Total" }).textContent).toContain("$5.00"), PATIENCE);
    kept.delete("s1");
    environment.timers.advance(1_000);
    await spend(3, 6 * USD);
    await waitFor(() => expect(screen.getByText(/this is what was read before/)).toBeTruthy(), PATIENCE);
    expect(screen.getByRole("region", { name: "Total" }).textContent).toContain("$5.00");
  });
});
