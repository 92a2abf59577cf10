// @vitest-environment happy-dom
import type { HookFile, HooksReport } from "@agentpane/protocol";
import { act, fireEvent, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { madeMachine, madeSnapshot } from "../../testing/made.ts";
import { type FakeServer, openPage, settle, withPage } from "../../testing/page.tsx";

withPage();

const PATIENCE = { timeout: 10_000 };
const PATH = "/home/dev/.claude/settings.json";
const DIFF = `--- ${PATH}\n+++ ${PATH}\n@@ -0,0 +1,2 @@\n+{ "hooks": "ours" }\n+\n`;
const install: HookFile = { path: PATH, state: "absent", problem: null, diff: { action: "install", text: DIFF } };

const reportOf = (file: Partial<HookFile>, change: Partial<HooksReport> = {}): HooksReport => ({
  listening: true,
  how: "http",
  reason: null,
  files: [{ ...install, ...file }],
  ...change,
});

async function openFirstRun(report: HooksReport | null, server: Partial<FakeServer> = {}) {
  const machine = madeMachine("atlas");
  const hooks = new Map(report === null ? [] : [[machine.id, report]]);
  const page = await openPage("/", { server: { hooks, ...server } });
  await act(async () => page.environment.socket.open());
  await act(async () => page.environment.socket.say(madeSnapshot(1, [], { machines: [machine] }) as never));
  await act(async () => page.environment.timers.advance(200));
  await settle();
  await screen.findByRole("heading", { name: "Let requests reach this page" }, PATIENCE);
  return { ...page, hooks, machine };
}

describe("the hook on the page of the first run", () => {
  it("is installed by one button below the exact change, and says what stands then", async () => {
    const { server, hooks, machine } = await openFirstRun(reportOf({}));
    expect(await screen.findByText('{ "hooks": "ours" }', {}, PATIENCE)).toBeDefined();
    expect(screen.getByText("Not installed")).toBeDefined();
    hooks.set(machine.id, reportOf({ state: "installed", diff: { action: "uninstall", text: DIFF } }));
    fireEvent.click(screen.getByRole("button", { name: /^Install the hook/ }));
    expect(await screen.findByText("The hook is installed.", {}, PATIENCE)).toBeDefined();
    expect(server.calls).toContain(`install the hook of ${machine.id}`);
    expect(screen.queryByRole("button", { name: /^Install/ })).toBeNull();
    expect(screen.queryByRole("button", { name: "Remove the hook" })).toBeNull();
    fireEvent.click(screen.getByRole("button", { name: "Show what would be removed" }));
    fireEvent.click(screen.getByRole("button", { name: "Remove the hook" }));
    await settle();
    expect(server.calls).toContain(`uninstall the hook of ${machine.id}`);
  });

  it("says that it was changed by hand, and puts it right", async () => {
    await openFirstRun(reportOf({ state: "changed" }));
    expect(await screen.findByText("Changed by hand", {}, PATIENCE)).toBeDefined();
    expect(screen.getByRole<HTMLButtonElement>("button", { name: /^Install the hook/ }).disabled).toBe(false);
  });

  it("says where settings are broken, and offers nothing", async () => {
    await openFirstRun(reportOf({ state: "invalid", problem: "line 3: a comma too many", diff: null }));
    expect(await screen.findByText("Settings cannot be read", {}, PATIENCE)).toBeDefined();
    expect(screen.getByText("line 3: a comma too many")).toBeDefined();
    expect(screen.queryByRole("button", { name: /hook/ })).toBeNull();
  });

  it("says that nothing listens", async () => {
    const report = reportOf({ state: "installed", diff: null }, { listening: false, reason: "The port is taken." });
    await openFirstRun(report);
    expect(await screen.findByText("Nothing listens for it.", {}, PATIENCE)).toBeDefined();
    expect(screen.getByText("The port is taken.")).toBeDefined();
  });

  it("says why it cannot be known, and asks again", async () => {
    const { hooks, machine } = await openFirstRun(null);
    expect((await screen.findByRole("alert", {}, PATIENCE)).textContent).toContain("monitor does not answer");
    hooks.set(machine.id, reportOf({}));
    fireEvent.click(screen.getByRole("button", { name: "Ask again" }));
    expect(await screen.findByText("Not installed", {}, PATIENCE)).toBeDefined();
  });

  it("tells who is no admin the command", async () => {
    await openFirstRun(reportOf({}), { role: "viewer" });
    expect(await screen.findByText("agentpane hooks install", {}, PATIENCE)).toBeDefined();
    expect(screen.queryByText('{ "hooks": "ours" }')).toBeNull();
  });
});
