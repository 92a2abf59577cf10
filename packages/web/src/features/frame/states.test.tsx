// @vitest-environment happy-dom
import { act, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { ApiError } from "../../api/errors.ts";
import { madeMachine, madeRow, madeSnapshot, NOON } from "../../testing/made.ts";
import { madeReport } from "../../testing/made-report.ts";
import { openPage, settle, withPage } from "../../testing/page.tsx";
import { PageError } from "./page-error.tsx";

withPage();

const PATIENCE = { timeout: 10_000 };

async function openWith(machines = [madeMachine("atlas")], sessions = [madeRow("w1", { title: "Port the parser" })]) {
  const page = await openPage("/");
  await act(async () => {
    page.environment.socket.open();
    page.environment.socket.say(madeSnapshot(1, sessions, { machines }));
  });
  await settle();
  return page;
}

describe("what the frame says when not all is well", () => {
  it("the browser is offline, and the page goes on by itself", async () => {
    const page = await openWith();
    page.environment.online = false;
    await act(async () => page.environment.socket.end());
    expect(await screen.findByText("This browser is offline.", {}, PATIENCE)).toBeTruthy();
    expect(screen.getByText(/What you see is from/)).toBeTruthy();
    page.environment.online = true;
    await act(async () => page.environment.wake());
    await act(async () => {
      page.environment.socket.open();
      page.environment.socket.say(madeSnapshot(2, []));
    });
    await settle();
    expect(screen.queryByText("This browser is offline.")).toBeNull();
  });

  it("page and server are of different versions", async () => {
    const page = await openWith();
    await act(async () =>
      page.environment.socket.say({ type: "error", code: "protocol_mismatch", message: "this server speaks 9" }),
    );
    await settle();
    expect(screen.getByText("This page and the server are of different versions.")).toBeTruthy();
    expect(screen.getByRole("button", { name: "Reload" })).toBeTruthy();
  });

  it("the one machine is silent and there was never a session", async () => {
    await openWith([madeMachine("cedar", { state: "silent", lastSeenAt: NOON - 60_000 })], []);
    expect(screen.getByRole("heading", { name: "cedar has gone silent" })).toBeTruthy();
    expect(screen.getByRole("banner").textContent).toContain("cedar silent");
  });

  it("the past is still being read: how far, over all machines", async () => {
    const reading = (doneBytes: number) =>
      madeReport({ behindBytes: 1, behindFiles: 1, backfill: { totalBytes: 200_000_000, doneBytes } });
    await openWith([
      madeMachine("atlas", { report: reading(50_000_000) }),
      madeMachine("birch", { report: reading(100_000_000) }),
    ]);
    expect(within(screen.getByRole("banner")).getByText("Reading the past 150 MB of 400 MB")).toBeTruthy();
  });

  it("an address leads nowhere", async () => {
    const page = await openPage("/nowhere");
    await act(async () => {
      page.environment.socket.open();
      page.environment.socket.say(madeSnapshot(1, []));
    });
    expect(await screen.findByRole("heading", { name: "There is no such page" }, PATIENCE)).toBeTruthy();
    expect(screen.getByRole("link", { name: "To the sessions" }).getAttribute("href")).toBe("/");
  });

  it("a page has a fault, which can be tried again and says what it was", async () => {
    const again = vi.fn();
    render(<PageError error={new ApiError("unreadable", "the answer is odd")} reset={again} />);
    expect(screen.getByRole("alert").textContent).toContain("the answer is odd");
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(again).toHaveBeenCalledOnce();
  });
});
