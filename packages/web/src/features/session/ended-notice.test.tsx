// @vitest-environment happy-dom
import { act, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { madeChanges, madeRow, madeSnapshot } from "../../testing/made.ts";
import { openPage, settle, withPage } from "../../testing/page.tsx";

withPage();

async function openWith(status: "working" | "ended") {
  const page = await openPage("/sessions/s1", {});
  await act(async () => {
    page.environment.socket.open();
    page.environment.socket.say(madeSnapshot(1, [madeRow("s1", { status })]));
  });
  await settle();
  return page;
}

const said = () => screen.queryByText("It ended while you were looking.");

describe("a session that ends while it is open", () => {
  it("says so where a listener hears it, and can be closed", async () => {
    const page = await openWith("working");
    expect(await screen.findByRole("region", { name: "Session: Title of s1" })).toBeTruthy();
    expect(said()).toBeNull();
    await act(async () => page.environment.timers.advance(200));
    await act(async () => {
      page.environment.socket.say(madeChanges(2, [madeRow("s1", { status: "ended" })]));
    });
    const words = await screen.findByText("It ended while you were looking.");
    const notice = words.closest("[role=status]") as HTMLElement;
    await userEvent.click(within(notice).getByRole("button", { name: "Close" }));
    await settle();
    expect(page.router.state.location.pathname).toBe("/");
  });

  it("says nothing of one that had ended before", async () => {
    await openWith("ended");
    expect(screen.getAllByText("Title of s1").length).toBeGreaterThan(0);
    expect(said()).toBeNull();
  });
});
