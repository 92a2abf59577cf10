// @vitest-environment happy-dom
import { act, screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { madeAgent, madeMachine, madeRow, madeSnapshot, NOON } from "../../testing/made.ts";
import { openPage, settle, withPage } from "../../testing/page.tsx";

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
    const region = await screen.findByRole("region", { name: "Agents" }, PATIENCE);
    const buttons = within(region).getAllByRole("button");
    expect(buttons.map((button) => button.dataset.agent)).toEqual(["a1", "a2", "a3"]);
    expect(buttons.map((button) => button.style.paddingLeft)).toEqual(["16px", "36px", "16px"]);
    expect(buttons[0]?.textContent).toContain("after 1 m 02 s");
    expect(buttons[1]?.textContent).toContain("failed after 4.2 s");
    expect(buttons[2]?.textContent).toContain("the agent that started it has not arrived");
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
