// @vitest-environment happy-dom
import { act, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { madeAgent, madeMachine, madeRow, madeSnapshot, NOON } from "../../../testing/made.ts";
import { openPage, settle, withPage } from "../../../testing/page.tsx";

withPage();

/** For what is loaded on demand. */
const PATIENCE = { timeout: 10_000 };

describe("the agents of a session", () => {
  it("are a tree that says how each ended, after how long, and whose parent is missing", async () => {
    const agents = [
      madeAgent("a1", {
        description: "Port the parser",
        type: "general-purpose",
        durationMs: 62_000,
        outcome: "completed",
      }),
      madeAgent("a3", { description: "Left alone", parent: null, stub: true, status: "working" }),
      madeAgent("a2", { description: "Find callers", parent: "a1", durationMs: 4_200, outcome: "failed" }),
    ];
    const details = new Map([["w1", { agents }]]);
    const row = madeRow("w1", { subagents: { total: 3, running: 1 } });
    const page = await openPage("/sessions/w1?tab=agents", { server: { details } });
    await act(async () => {
      page.environment.socket.open();
      page.environment.socket.say(madeSnapshot(1, [row], { machines: [madeMachine("atlas")] }));
    });
    await settle();
    const grid = await screen.findByRole("treegrid", { name: "Agents" }, PATIENCE);
    const rows = within(grid).getAllByRole("row").slice(1);
    expect(rows.map((each) => each.dataset.agent)).toEqual(["a1", "a2", "a3"]);
    expect(rows.map((each) => each.getAttribute("aria-level"))).toEqual(["1", "2", "1"]);
    expect(rows[0]?.textContent).toContain("1 m 02 s");
    expect(rows[1]?.textContent).toContain("failed");
    expect(rows[2]?.textContent).toContain("the agent that started it has not arrived");
    expect(rows[2]?.textContent).toContain("working 1 m 00 s");
  });

  it("can be walked, folded and opened with the keys of a tree", async () => {
    const agents = [
      madeAgent("a1", { description: "Port the parser" }),
      madeAgent("a2", { description: "Find callers", parent: "a1" }),
      madeAgent("a3", { description: "Write it up" }),
    ];
    const details = new Map([["w1", { agents }]]);
    const page = await openPage("/sessions/w1?tab=agents", { server: { details } });
    await act(async () => {
      page.environment.socket.open();
      page.environment.socket.say(
        madeSnapshot(1, [madeRow("w1", { subagents: { total: 3, running: 0 } })], { machines: [madeMachine("atlas")] }),
      );
    });
    await settle();
    const grid = await screen.findByRole("treegrid", { name: "Agents" }, PATIENCE);
    const user = userEvent.setup();
    const row = (id: string) => grid.querySelector<HTMLElement>(`[data-agent="${id}"]`);
    act(() => row("a1")?.focus());
    await user.keyboard("{ArrowDown}");
    expect(document.activeElement).toBe(row("a2"));
    await user.keyboard("{ArrowLeft}");
    expect(document.activeElement).toBe(row("a1"));
    await user.keyboard("{ArrowLeft}");
    expect(row("a1")?.getAttribute("aria-expanded")).toBe("false");
    expect(row("a2")).toBeNull();
    await user.keyboard("{ArrowRight}{End}");
    expect(document.activeElement).toBe(row("a3"));
    await user.keyboard("{Home}{ArrowRight}{Enter}");
    await settle();
    expect(page.router.state.location.search).toMatchObject({ agent: "a2" });
  });

  it("say on hover what a session's status rests on, and how old it is", async () => {
    const sentence = "waiting for permission, from the session registry";
    const row = madeRow("w1", { status: "approval", source: "registry", sentence, since: NOON - 2_000 });
    const page = await openPage("/");
    await act(async () => {
      page.environment.socket.open();
      page.environment.socket.say(madeSnapshot(1, [row], { machines: [madeMachine("atlas")] }));
    });
    await settle();
    expect(screen.getByTitle(new RegExp(`^${sentence}, \\d+ s ago$`))).toBeDefined();
  });
});
