// @vitest-environment happy-dom
import { act, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";
import { madeMachine, madeRow, madeSnapshot } from "../../testing/made.ts";
import { openPage, settle, withPage } from "../../testing/page.tsx";
import { savedFilters } from "./saved-filters.ts";

withPage();
beforeEach(() => localStorage.clear());

const rows = [
  madeRow("w1", { title: "Port the parser", project: "cli", branch: "port" }),
  madeRow("r1", { title: "Move to Node 24", project: "api", status: "ready", model: "claude-haiku-4-5" }),
  madeRow("e1", { title: "An old thing", project: "api", status: "ended" }),
];

async function openWith(
  path: string,
  options: Parameters<typeof openPage>[1] & { total?: number; sessions?: typeof rows } = {},
) {
  const page = await openPage(path, options);
  const { sessions = rows, total = sessions.length } = options;
  await act(async () => {
    page.environment.socket.open();
    page.environment.socket.say(madeSnapshot(1, sessions, { machines: [madeMachine("atlas")], total }));
  });
  await settle();
  return page;
}

const shown = () => [...document.querySelectorAll<HTMLElement>("a[data-session]")].map((row) => row.dataset.session);
const count = () => document.querySelector("[data-count]")?.textContent;

describe("the list under a filter", () => {
  it("shows what the address asks for, with a chip for each part", async () => {
    await openWith("/?project=api&status=ended");
    expect(shown()).toEqual(["e1"]);
    expect(count()).toBe("1 session");
    expect(screen.getByRole("button", { name: "Remove the filter: Project api" })).toBeTruthy();
    expect(screen.getByRole("button", { name: "Remove the filter: Status Ended" })).toBeTruthy();
  });

  it("asks the server at once for what it has not loaded, and says how many there are", async () => {
    const older = [madeRow("o1", { title: "Far away", project: "api", status: "ended", lastActivityAt: 5 })];
    const page = await openWith("/?project=api", { total: 900, server: { older } });
    expect(page.server.calls).toContain("sessions 0 project=api");
    await act(async () => page.environment.timers.advance(200));
    await settle();
    expect(shown()).toEqual(["r1", "e1", "o1"]);
    expect(count()).toBe("3 sessions");
  });

  it("types words at once into the list and a moment later into the address", async () => {
    const user = userEvent.setup();
    const page = await openWith("/");
    await user.keyboard("/old");
    await settle();
    expect(shown()).toEqual(["e1"]);
    await act(() => new Promise((resolve) => setTimeout(resolve, 300)));
    expect(page.router.state.location.searchStr).toBe("?q=old");
    await user.keyboard("{Escape}");
    await settle();
    expect(shown()).toHaveLength(3);
  });

  it("says which part hides everything and takes it away", async () => {
    const user = userEvent.setup();
    await openWith("/?project=cli&model=claude-haiku-4-5");
    expect(screen.getByText("No session matches")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: /^Show it/ }));
    await settle();
    expect(shown()).toHaveLength(1);
  });
});

describe("subagents without a parent", () => {
  const stray = madeRow("agent-7c1d2e3", { title: null, goal: "find the tests", status: "ended" });

  it("stay out of the list until they are asked for", async () => {
    const user = userEvent.setup();
    await openWith("/", { sessions: [...rows, stray] });
    expect(shown()).not.toContain(stray.id);
    await user.click(screen.getByRole("button", { name: "Show 1 subagent without a parent" }));
    await settle();
    expect(shown()).toContain(stray.id);
  });
});

describe("deleting", () => {
  it("asks twice and then deletes", async () => {
    const user = userEvent.setup();
    const page = await openWith("/sessions/e1");
    await user.click(await screen.findByRole("button", { name: "Delete this session" }, { timeout: 10_000 }));
    await user.click(await screen.findByRole("button", { name: "Delete" }, { timeout: 10_000 }));
    expect(page.server.calls).not.toContain("delete e1");
    await user.click(screen.getByRole("button", { name: "Delete for good" }));
    await settle();
    expect(page.server.calls).toContain("delete e1");
    expect(page.router.state.location.pathname).toBe("/");
  });

  it("is not offered to a viewer", async () => {
    await openWith("/sessions/e1", { server: { role: "viewer" } });
    await screen.findByRole("region", { name: "Session: An old thing" }, { timeout: 10_000 });
    expect(screen.queryByRole("button", { name: "Delete this session" })).toBeNull();
  });
});

describe("saved filters", () => {
  it("come back by their key, and only as many keys work as there are filters", async () => {
    savedFilters().save("Mine", { project: "api" });
    const user = userEvent.setup();
    const page = await openWith("/?status=working");
    await user.keyboard("2");
    await settle();
    expect(page.router.state.location.searchStr).toBe("?status=working");
    await user.keyboard("1");
    await settle();
    expect(page.router.state.location.searchStr).toBe("?project=api");
    expect(shown()).toEqual(["r1", "e1"]);
    act(() => savedFilters().remove("Mine"));
  });
});
