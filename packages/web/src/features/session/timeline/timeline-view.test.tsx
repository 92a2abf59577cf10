// @vitest-environment happy-dom
import type { SessionTimeline } from "@agentpane/protocol";
import { act, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { madeAgent, madeMachine, madeRow, madeSnapshot } from "../../../testing/made.ts";
import { openPage, settle, withPage } from "../../../testing/page.tsx";
import { madeTimeline } from "./made-timeline.ts";

withPage();

/** For what is loaded on demand. */
const PATIENCE = { timeout: 10_000 };

async function openTimeline(timeline: SessionTimeline | null = madeTimeline(), status: "working" | "ready" = "ready") {
  const row = madeRow("w1", { status, subagents: { total: 1, running: 0 }, contextWindow: 200_000 });
  const page = await openPage("/sessions/w1?tab=timeline", {
    server: {
      timelines: new Map(timeline === null ? [] : [["w1", timeline]]),
      details: new Map([["w1", { agents: [madeAgent("a1", { type: "explore", description: "look around" })] }]]),
    },
  });
  await act(async () => {
    page.environment.socket.open();
    page.environment.socket.say(madeSnapshot(1, [row], { machines: [madeMachine("atlas")] }));
  });
  await settle();
  return page;
}

describe("the timeline of a session", () => {
  it("says each lane's calls and time, the waits and the compaction in words", async () => {
    await openTimeline();
    const chart = await screen.findByRole("group", { name: /^Timeline from/ }, PATIENCE);
    expect(chart.textContent).toContain("Bash32 m");
    expect(chart.textContent).toContain("waited 1 m 00 s");
    expect(chart.textContent).toContain("compacted, 91% to 34%");
    expect(chart.textContent).toContain("make it green");
    expect(within(chart).getByRole("button", { name: "explore" })).toBeDefined();
  });

  it("can be walked with the arrow keys, each event by its name, and opens one in the transcript", async () => {
    const page = await openTimeline();
    const chart = await screen.findByRole("group", { name: /^Timeline from/ }, PATIENCE);
    const user = userEvent.setup();
    act(() => chart.focus());
    const said = () => document.activeElement?.getAttribute("aria-label") ?? "";
    await user.keyboard("{ArrowDown}{Home}{ArrowDown}{Home}");
    expect(said()).toMatch(/^Bash, npm test, .*, 1 m 00 s$/);
    await user.keyboard("{ArrowRight}");
    expect(said()).toMatch(/^Bash, npm run lint, .*, failed, exit 2$/);
    await user.keyboard("{ArrowDown}{ArrowDown}");
    expect(said()).toMatch(/agent look around$/);
    await user.keyboard("{Enter}");
    await settle();
    expect(page.router.state.location.search).toMatchObject({ agent: "a1", event: "2.1.5.0" });
  });

  it("zooms with plus and minus, and shows all of it with 0", async () => {
    await openTimeline();
    await screen.findByRole("group", { name: /^Timeline from/ }, PATIENCE);
    const user = userEvent.setup();
    const window = screen.getByRole("slider", { name: /^What is shown/ });
    const all = window.getAttribute("aria-valuetext");
    await user.keyboard("+");
    expect(window.getAttribute("aria-valuetext")).not.toBe(all);
    const whole = screen.getByRole("button", { name: "Whole session" });
    expect(whole.getAttribute("aria-pressed")).toBe("false");
    await user.keyboard("0");
    expect(window.getAttribute("aria-valuetext")).toBe(all);
    expect(whole.getAttribute("aria-pressed")).toBe("true");
  });

  it("is a table as well, with a link to each event", async () => {
    await openTimeline();
    await screen.findByRole("group", { name: /^Timeline from/ }, PATIENCE);
    const user = userEvent.setup();
    await user.click(screen.getByRole("button", { name: "Table" }));
    const rows = within(screen.getByRole("table", { name: "Events in view" })).getAllByRole("row");
    expect(rows.map((row) => within(row).queryAllByRole("cell")[2]?.textContent)).toContain("npm run lint");
    const failed = rows.find((row) => row.textContent?.includes("npm run lint"));
    expect(failed?.textContent).toContain("failed, exit 2");
    expect(failed?.querySelector("a")?.getAttribute("href")).toContain("event=1.1.90.0");
  });

  it("lists what happened around a moment, and says that a call never ended where nothing works any more", async () => {
    await openTimeline();
    const around = await screen.findByRole("heading", { name: /^Around/ }, PATIENCE);
    const list = around.parentElement?.querySelector("ol");
    expect(list?.textContent).toContain("npm run build");
    expect(list?.textContent).toContain("no result was written");
    expect(screen.queryByRole("button", { name: "Follow live" })).toBeNull();
  });

  it("says that a call still runs while the session works, and can follow its end", async () => {
    await openTimeline(madeTimeline(), "working");
    const around = await screen.findByRole("heading", { name: /^Around/ }, PATIENCE);
    expect(around.parentElement?.querySelector("ol")?.textContent).toContain("running");
    expect(screen.getByRole("button", { name: "Follow live" })).toBeDefined();
  });

  it("says so where nothing has a time yet", async () => {
    const nothing = { from: null, to: null, spans: [], totals: [], waits: [], marks: [], agents: [] };
    await openTimeline(madeTimeline({ ...nothing, context: [], cost: [] }));
    expect(await screen.findByText(/^Nothing has happened yet/, {}, PATIENCE)).toBeDefined();
  });

  it("offers another try where it cannot be loaded", async () => {
    const page = await openTimeline(null);
    expect(await screen.findByText("The timeline could not be loaded", {}, PATIENCE)).toBeDefined();
    page.server.timelines.set("w1", madeTimeline());
    await userEvent.setup().click(screen.getByRole("button", { name: "Try again" }));
    await settle();
    expect(screen.getByRole("group", { name: /^Timeline from/ })).toBeDefined();
  });
});
