// @vitest-environment happy-dom
import { act, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { MACHINE_ID, madeChanges, madeMachine, madeRow, madeSnapshot, NOON } from "../../testing/made.ts";
import { madeReport } from "../../testing/made-report.ts";
import { openPage, settle, withPage } from "../../testing/page.tsx";

withPage();

const PATIENCE = { timeout: 10_000 };
const atlas = madeMachine("atlas", { id: MACHINE_ID, report: madeReport(), sessions: 2 });
const birch = madeMachine("birch", {
  report: madeReport({
    behindBytes: 212_000_000,
    behindFiles: 4,
    behindSince: NOON - 60_000,
    backfill: { totalBytes: 400_000_000, doneBytes: 100_000_000 },
    lines: { total: 5_000, slow: 3, malformed: 2 },
    unknownTypes: { "new-thing": 17 },
    warnings: [{ code: "watches_exhausted", message: "No folder watches are left.", since: NOON - 1_000 }],
    roots: [{ path: "/srv/agents", present: false }],
  }),
});
const cedar = madeMachine("cedar", { state: "silent", lastSeenAt: NOON - 300_000, report: madeReport() });
const rows = [madeRow("w1", { title: "Port the parser" }), madeRow("q1", { title: "Which one?", status: "question" })];

async function openAt(path: string, machines = [atlas, birch, cedar]) {
  const page = await openPage(path);
  await act(async () => {
    page.environment.socket.open();
    page.environment.socket.say(madeSnapshot(1, rows, { machines }));
  });
  await settle();
  return page;
}

describe("the machines page", () => {
  it("lists every machine with how it stands", async () => {
    await openAt("/machines");
    const table = await screen.findByRole("table", { name: "Machines" }, PATIENCE);
    const lines = within(table).getAllByRole("row").slice(1);
    expect(lines.map((line) => line.textContent)).toEqual([
      expect.stringMatching(/atlas.*Current.*every line committed.*2.*1 needs you.*0 B/),
      expect.stringMatching(/birch.*Behind since .*catching up in 4 files.*212 MB/),
      expect.stringMatching(/cedar.*Silent since .*not known.*\?.*5 m ago/),
    ]);
    expect(screen.getByText("3 machines, 2 live sessions, 1 behind, 1 silent")).toBeTruthy();
  });

  it("says of a silent machine how long, and what to do", async () => {
    await openAt("/machines");
    const notice = (await screen.findByText(/cedar has sent nothing for/, {}, PATIENCE)).closest("[data-notice]");
    expect(notice?.textContent).toContain("cli-monitor status");
  });

  it("opens a machine by its address, with all that its monitor reports", async () => {
    await openAt(`/machines/${birch.id}`);
    const detail = await screen.findByRole("region", { name: "birch" }, PATIENCE);
    for (const words of [
      "212 MB behind in 4 files",
      "100 MB of 400 MB, 25%",
      "No folder watches are left.",
      "/srv/agents",
      "not there yet",
      "new-thing",
      "12 files, 4 folders watched",
      birch.id,
    ]) {
      expect(detail.textContent).toContain(words);
    }
  });

  it("leads from a machine to its sessions: each one, and the list narrowed to it", async () => {
    const page = await openAt(`/machines/${MACHINE_ID}`);
    const detail = await screen.findByRole("region", { name: "atlas" }, PATIENCE);
    const links = within(detail).getAllByRole("link");
    expect(links.map((link) => link.getAttribute("href"))).toEqual([
      `/?machine=${MACHINE_ID}`,
      "/sessions/q1",
      "/sessions/w1",
    ]);
    await userEvent.click(links[0] as HTMLElement);
    await settle();
    expect(page.router.state.location.search).toEqual({ machine: MACHINE_ID });
  });

  it("is walked with the keys of the list", async () => {
    const user = userEvent.setup();
    const page = await openAt("/machines");
    await screen.findByRole("table", { name: "Machines" }, PATIENCE);
    await user.keyboard("jjk");
    expect(document.activeElement?.textContent).toBe("atlas");
    await user.keyboard("j{Enter}");
    await settle();
    expect(page.router.state.location.pathname).toBe(`/machines/${birch.id}`);
    await user.keyboard("{Escape}");
    await settle();
    expect(page.router.state.location.pathname).toBe("/machines");
  });

  it("follows what changes", async () => {
    const page = await openAt("/machines", [atlas]);
    await screen.findByRole("region", { name: "atlas" }, PATIENCE);
    await act(async () => page.environment.timers.advance(1_000));
    await act(async () =>
      page.environment.socket.say(madeChanges(2, [], { machines: [{ ...atlas, state: "left" }], total: 2 })),
    );
    await settle();
    expect(screen.getByRole("table", { name: "Machines" }).textContent).toContain("its monitor said goodbye");
  });

  it("says how one is connected where there is none, and that there is no such one", async () => {
    await openAt("/machines", []);
    expect(await screen.findByRole("heading", { name: "No monitor is connected" }, PATIENCE)).toBeTruthy();
    expect(screen.getByText("agentpane monitor")).toBeTruthy();
  });

  it("says that there is no such machine", async () => {
    await openAt("/machines/m_nope");
    expect(await screen.findByRole("heading", { name: "No such machine" }, PATIENCE)).toBeTruthy();
  });

  it("is reached by its keys and back", async () => {
    const user = userEvent.setup();
    const page = await openAt("/");
    await user.keyboard("gm");
    await settle();
    expect(page.router.state.location.pathname).toBe("/machines");
    await user.keyboard("gs");
    await settle();
    expect(page.router.state.location.pathname).toBe("/");
  });
});
