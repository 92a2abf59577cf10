// @vitest-environment happy-dom
import type { Finding } from "@agentpane/protocol";
import { act, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { madeCall, madeRow, madeSnapshot, madeText } from "../../testing/made.ts";
import { openPage, settle, withPage } from "../../testing/page.tsx";

withPage();

const events = [
  madeText(10, "hello"),
  ...madeCall(20, "Bash", { command: "npm test" }, { text: "fine" }),
  madeText(40, "bye"),
].map((event) => ({ ...event, place: `1.1.${event.offset.toString(36)}.0` }));

function finding(offset: number): Finding {
  const place = `1.1.${offset.toString(36)}.0`;
  return { place, offset, index: 0, kind: "text", at: null, times: 1, before: "", match: "x", after: "" };
}

async function open(path: string) {
  const page = await openPage(path, {
    server: {
      events: () => ({ events, next: null, previous: null, end: "1.1" }),
      find: (q) => ({
        findings: q === "x" ? [finding(10), finding(40)] : [],
        next: null,
        searchedBytes: 1,
        totalBytes: 1,
      }),
    },
  });
  await act(async () => {
    page.environment.socket.open();
    page.environment.socket.say(madeSnapshot(1, [madeRow("s1")]));
  });
  await settle();
  await screen.findByText("bye");
  return page;
}

describe("an open transcript", () => {
  it("is a feed of things with names, places and addresses", async () => {
    const page = await open("/sessions/s1");
    const feed = screen.getByRole("feed", { name: "Transcript: Title of s1" });
    const articles = [...feed.querySelectorAll("article")];
    expect(articles.map((one) => one.getAttribute("aria-label"))).toEqual([
      "Agent: hello",
      "Bash: npm test",
      "Agent: bye",
    ]);
    expect(articles.map((one) => one.getAttribute("aria-posinset"))).toEqual(["1", "2", "3"]);
    expect(articles[1]?.querySelector("a.when")?.getAttribute("href")).toBe("/sessions/s1?event=1.1.k.0");
    await userEvent.click(articles[1]?.querySelector("a.when") as Element);
    await waitFor(() => expect(page.router.state.location.search).toMatchObject({ event: "1.1.k.0" }));
    expect(articles[1]?.getAttribute("aria-current")).toBe("location");
  });

  it("reads around the event of its address, and marks it", async () => {
    const page = await open("/sessions/s1?event=1.1.14.0");
    expect(page.server.calls).toContain('events s1 null {"around":"1.1.14.0"}');
    expect(screen.getByRole("article", { current: "location" } as never).getAttribute("aria-label")).toBe("Agent: bye");
  });

  it("copies with c what the event in view says, as its own button does", async () => {
    await open("/sessions/s1");
    const written: string[] = [];
    const clipboard = { writeText: async (text: string) => void written.push(text) };
    vi.spyOn(navigator, "clipboard", "get").mockReturnValue(clipboard as unknown as Clipboard);
    const call = screen.getByRole("article", { name: "Bash: npm test" });
    call.querySelector<HTMLElement>("button")?.focus();
    await userEvent.keyboard("c");
    expect(written).toEqual(["npm test"]);
  });

  it("finds with f, goes from place to place, and gives the focus back", async () => {
    const page = await open("/sessions/s1");
    await userEvent.keyboard("f");
    const field = await screen.findByRole("textbox", { name: "Find in this session" });
    await userEvent.type(field, "x");
    const outcome = () => page.container.querySelector("search [role=status]")?.textContent;
    await waitFor(() => expect(outcome()).toBe("2 places"));
    await userEvent.keyboard("{Enter}");
    const first = outcome();
    await userEvent.keyboard("{Shift>}{Enter}{/Shift}");
    expect([first, outcome()].sort()).toEqual(["1 of 2", "2 of 2"]);
    const place = outcome() === "1 of 2" ? "1.1.a.0" : "1.1.14.0";
    await waitFor(() => expect(page.router.state.location.search).toMatchObject({ event: place }));
    await userEvent.clear(field);
    await userEvent.type(field, "none");
    await waitFor(() => expect(outcome()).toBe("Nothing found"));
    await userEvent.keyboard("{Escape}");
    expect(screen.queryByRole("textbox", { name: "Find in this session" })).toBeNull();
    expect(document.activeElement?.getAttribute("aria-label")).toBe("Transcript: Title of s1");
    // The session is still open: Escape closed the search and no more.
    expect(page.router.state.location.pathname).toBe("/sessions/s1");
  });
});
