// @vitest-environment happy-dom
import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { MACHINE_ID, madeMachine, madeRow, madeSnapshot } from "../../testing/made.ts";
import { openPage, settle, withPage } from "../../testing/page.tsx";

withPage();

const PATIENCE = { timeout: 10_000 };
const rows = [
  madeRow("w1", { title: "Port the parser", branch: "port" }),
  madeRow("q1", { title: "Which database?", status: "question", project: "billing" }),
  madeRow("e1", { title: "An old thing", status: "ended" }),
];

async function openPalette(path = "/", server: Parameters<typeof openPage>[1] = {}, total = rows.length) {
  const page = await openPage(path, server);
  await act(async () => {
    page.environment.socket.open();
    page.environment.socket.say(madeSnapshot(1, rows, { machines: [madeMachine("atlas", { id: MACHINE_ID })], total }));
  });
  await settle();
  const user = userEvent.setup();
  await user.keyboard("{Control>}k{/Control}");
  const field = await screen.findByRole("combobox", { name: /Jump to a session/ }, PATIENCE);
  return { ...page, user, field };
}

const chosen = () => screen.getAllByRole("option", { selected: true }).map((option) => option.textContent);
const options = () => screen.getAllByRole("option").map((option) => option.textContent);

describe("the palette", () => {
  it("offers who waits first, then who works, the pages and the actions", async () => {
    await openPalette();
    const groups = screen.getAllByRole("group").map((group) => group.getAttribute("aria-labelledby"));
    expect(groups.map((id) => document.getElementById(id ?? "")?.textContent)).toEqual([
      "Needs you and working",
      "Pages",
      "Actions",
    ]);
    expect(options().slice(0, 2)).toEqual([
      expect.stringContaining("Which database?"),
      expect.stringContaining("Port the parser"),
    ]);
    expect(chosen()).toEqual([expect.stringContaining("Which database?")]);
  });

  it("finds a session by letters of it and opens it with Enter", async () => {
    const { user, router, field } = await openPalette();
    await user.keyboard("prt prs");
    expect(options()[0]).toContain("Port the parser");
    expect(field.getAttribute("aria-activedescendant")).toBe(screen.getAllByRole("option")[0]?.id);
    await user.keyboard("{Enter}");
    await settle();
    expect(router.state.location.pathname).toBe("/sessions/w1");
    expect(screen.queryByRole("combobox", { name: /Jump/ })).toBeNull();
  });

  it("moves with the arrows, round at both ends, and follows the pointer", async () => {
    const { user } = await openPalette();
    await user.keyboard("{ArrowDown}");
    expect(chosen()).toEqual([expect.stringContaining("Port the parser")]);
    await user.keyboard("{ArrowUp}{ArrowUp}");
    expect(chosen()).toEqual([screen.getAllByRole("option").at(-1)?.textContent]);
    await user.pointer({ target: screen.getByRole("option", { name: /Machines/ }) });
    expect(chosen()).toEqual([expect.stringContaining("Machines")]);
  });

  it("narrows the list to a project, over what it was narrowed by", async () => {
    const { user, router } = await openPalette("/?branch=main&q=old");
    await user.keyboard("billing");
    await user.click(screen.getByRole("option", { name: /billing.*1 session/ }));
    await settle();
    expect(router.state.location.pathname).toBe("/");
    expect(router.state.location.search).toEqual({ project: "billing" });
  });

  it("opens a machine", async () => {
    const { user, router } = await openPalette();
    await user.keyboard("atlas");
    await user.click(screen.getByRole("option", { name: /^atlas/ }));
    await settle();
    expect(router.state.location.pathname).toBe(`/machines/${MACHINE_ID}`);
  });

  it("searches the store for what the page has not loaded", async () => {
    const older = [madeRow("o1", { title: "Forgotten treasure", status: "ended" })];
    const { user, router, server } = await openPalette("/", { server: { older } }, 500);
    await user.keyboard("treasure");
    const found = await screen.findByRole("option", { name: /Forgotten treasure/ }, PATIENCE);
    await waitFor(() => expect(server.calls).toContain("sessions 0 q=treasure"), PATIENCE);
    await user.click(found);
    await settle();
    expect(router.state.location.pathname).toBe("/sessions/o1");
  });

  it("runs an action, and another dialog can be opened by one", async () => {
    const { user } = await openPalette();
    await user.keyboard("all keys{Enter}");
    const keys = await screen.findByRole("dialog", { name: "Keys" }, PATIENCE);
    expect(within(keys).getByText("go to Machines")).toBeTruthy();
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull(), PATIENCE);
  });

  it("offers to clear the filters only where there are some", async () => {
    const { user, router } = await openPalette("/?project=shop");
    await user.keyboard("clear all{Enter}");
    await waitFor(() => expect(router.state.location.search).toEqual({}), PATIENCE);
    await user.keyboard("{Control>}k{/Control}");
    await screen.findByRole("combobox", { name: /Jump/ }, PATIENCE);
    expect(screen.queryByRole("option", { name: /Clear all/ })).toBeNull();
  });

  it("says that nothing is called so", async () => {
    const { user } = await openPalette();
    await user.keyboard("zebra");
    expect(screen.queryAllByRole("option")).toEqual([]);
    expect(screen.getAllByRole("status").map((status) => status.textContent)).toContain("Nothing is called “zebra”.");
  });

  it("is closed by its own key and gives the focus back", async () => {
    const page = await openPalette();
    await page.user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("combobox", { name: /Jump/ })).toBeNull(), PATIENCE);
    await page.user.keyboard("j");
    await settle();
    const before = document.activeElement;
    expect(before?.getAttribute("data-session")).toBe("q1");
    await page.user.keyboard("{Control>}k{/Control}");
    await screen.findByRole("combobox", { name: /Jump/ }, PATIENCE);
    await page.user.keyboard("{Control>}k{/Control}");
    await waitFor(() => expect(document.activeElement).toBe(before), PATIENCE);
  });
});
