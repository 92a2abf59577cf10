// @vitest-environment happy-dom
import { act, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { MACHINE_ID, madeChanges, madeMachine, madeRow, madeSnapshot, NOON } from "../../testing/made.ts";
import { openPage, settle, withPage } from "../../testing/page.tsx";

withPage();

const working = [madeRow("w1", { title: "Port the parser" }), madeRow("w2", { title: "Cut the image" })];
const atlas = madeMachine("atlas", { id: MACHINE_ID });

async function openAt(path: string) {
  const page = await openPage(path);
  let n = 1;
  const say = async (frame: Parameters<typeof page.environment.socket.say>[0]) => {
    await act(async () => page.environment.timers.advance(1_000));
    await act(async () => page.environment.socket.say(frame));
    await act(async () => page.environment.timers.advance(1_000));
    await settle();
  };
  // A page that is loaded on demand is drawn when it has come.
  await screen.findByRole("main", {}, { timeout: 10_000 });
  await act(async () => page.environment.socket.open());
  await say(madeSnapshot(n, working, { machines: [atlas] }));
  const change = (...args: [Parameters<typeof madeChanges>[1], Parameters<typeof madeChanges>[2]?]) => {
    n += 1;
    return say(madeChanges(n, args[0], { total: 2, ...args[1] }));
  };
  return { ...page, change };
}

const toasts = () => document.querySelectorAll("[data-toast]");
const need = (index: number) => ({ ...(working[index] as (typeof working)[0]), status: "approval" as const });

describe("toasts", () => {
  it("say that a session needs a person who looks at another page, and lead there", async () => {
    const page = await openAt("/machines");
    expect(toasts()).toHaveLength(0);
    await page.change([need(0)]);
    const news = screen.getByRole("region", { name: "News" });
    const link = within(news).getByRole("link", { name: /Port the parser.*Needs approval in shop/ });
    await userEvent.click(link);
    await settle();
    expect(page.router.state.location.pathname).toBe("/sessions/w1");
    expect(toasts()).toHaveLength(0);
  });

  it("speak of several sessions in one", async () => {
    const page = await openAt("/machines");
    await page.change([need(0)]);
    await page.change([need(1)]);
    expect(toasts()).toHaveLength(1);
    const news = screen.getByRole("region", { name: "News" });
    await userEvent.click(within(news).getByRole("link", { name: /2 sessions need you/ }));
    await settle();
    expect(page.router.state.location.pathname).toBe("/");
  });

  it("say nothing of the session that is open", async () => {
    const page = await openAt("/sessions/w1");
    await page.change([need(0)]);
    expect(toasts()).toHaveLength(0);
  });

  it("say nothing of a session that had waited long before the page heard of it", async () => {
    const page = await openAt("/machines");
    await page.change([{ ...need(0), since: NOON - 3_600_000 }]);
    expect(toasts()).toHaveLength(0);
  });

  it("go when the session no longer waits", async () => {
    const page = await openAt("/machines");
    await page.change([need(0)]);
    expect(toasts()).toHaveLength(1);
    await page.change([working[0] as (typeof working)[0]]);
    expect(toasts()).toHaveLength(0);
  });

  it("say that a machine went silent, and are closed with their button", async () => {
    const page = await openAt("/");
    await page.change([], { machines: [{ ...atlas, state: "silent" }] });
    expect(screen.getByRole("link", { name: /atlas has gone silent/ }).getAttribute("href")).toBe(
      `/machines/${MACHINE_ID}`,
    );
    expect(screen.getAllByRole("status").map((status) => status.textContent)).toContain("atlas has gone silent");
    await userEvent.click(screen.getByRole("button", { name: "Dismiss" }));
    expect(toasts()).toHaveLength(0);
  });

  it("say nothing of a machine to who looks at the machines", async () => {
    const page = await openAt("/machines");
    await page.change([], { machines: [{ ...atlas, state: "silent" }] });
    expect(toasts()).toHaveLength(0);
  });

  it("say that the server is back", async () => {
    const page = await openAt("/");
    await act(async () => page.environment.socket.end());
    await act(async () => page.environment.timers.advance(20_000));
    expect(toasts()).toHaveLength(0);
    await act(async () => page.environment.socket.open());
    await page.change([]);
    expect(document.querySelector('[data-toast="back"]')?.textContent).toContain("The server is back");
  });
});
