// @vitest-environment happy-dom
import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { madeChanges, madeMachine, madeRow, madeSnapshot, madeText, NOON } from "./testing/made.ts";
import { openPage, settle, withPage } from "./testing/page.tsx";

withPage();

const rows = [
  madeRow("w1", { title: "Port the parser", since: NOON - 300_000 }),
  madeRow("w2", { title: "Cut the image", since: NOON - 200_000 }),
  madeRow("r1", { title: "Move to Node 24", status: "ready", lastWords: { who: "agent", summary: "Done." } }),
  madeRow("e1", { title: null, goal: "An old goal", status: "ended" }),
];

async function openWith(path: string, sessions = rows, options: Parameters<typeof openPage>[1] = {}) {
  const page = await openPage(path, options);
  await act(async () => {
    page.environment.socket.open();
    page.environment.socket.say(madeSnapshot(1, sessions, { machines: [madeMachine("atlas")] }));
  });
  await settle();
  return page;
}

/** For what is loaded on demand. */
const PATIENCE = { timeout: 10_000 };

const titles = () =>
  screen.getAllByRole("listitem").flatMap((item) => [...item.querySelectorAll("a")].map((a) => a.dataset.session));

describe("the page", () => {
  it("without a token says how to get a link", async () => {
    const page = await openPage("/", { token: null });
    expect(screen.getByRole("heading", { name: "This page needs a link" })).toBeTruthy();
    expect(screen.getByText("agentpane link")).toBeTruthy();
    expect(page.environment.sockets).toHaveLength(0);
    await act(() =>
      page.access.signIn("good", async () => ({ token: "t2", role: "admin", name: "", expiresAt: null })),
    );
    await settle();
    expect(page.environment.sockets).toHaveLength(1);
  });

  it("goes back to that page when the token is refused, and says why", async () => {
    const page = await openWith("/");
    await act(async () => page.environment.socket.say({ type: "error", code: "unauthenticated", message: "revoked" }));
    await settle();
    expect(screen.getByRole("alert").textContent).toContain("revoked or has expired");
  });

  it("lists the sessions by need, each row named by what it shows", async () => {
    await openWith("/");
    expect(screen.getAllByRole("heading", { level: 2 }).map((h) => h.textContent)).toEqual([
      expect.stringContaining("Working2"),
      expect.stringContaining("Your turn1"),
      expect.stringContaining("Ended1"),
    ]);
    expect(titles()).toEqual(["w1", "w2", "r1", "e1"]);
    const link = screen.getByRole("link", { name: /Your turn.*Move to Node 24.*shop.*main.*done.*Done\..*atlas/ });
    expect(link.getAttribute("href")).toBe("/sessions/r1");
    expect(screen.getByRole("link", { name: /An old goal/ })).toBeTruthy();
  });

  it("opens a session with Enter, moves with j and k, and gives the focus back with Escape", async () => {
    const user = userEvent.setup();
    const page = await openWith("/");
    await user.keyboard("j");
    await settle();
    expect(document.activeElement?.getAttribute("data-session")).toBe("w1");
    await user.keyboard("jjk");
    await settle();
    expect(document.activeElement?.getAttribute("data-session")).toBe("w2");
    await user.keyboard("{Enter}");
    expect(await screen.findByRole("region", { name: "Session: Cut the image" }, PATIENCE)).toBeTruthy();
    expect(page.router.state.location.pathname).toBe("/sessions/w2");
    await waitFor(() => expect(document.activeElement?.hasAttribute("data-panel-focus")).toBe(true), PATIENCE);
    await user.keyboard("]");
    await settle();
    expect(page.router.state.location.pathname).toBe("/sessions/r1");
    await user.keyboard("{Escape}");
    await waitFor(() => expect(document.activeElement?.getAttribute("data-session")).toBe("r1"), PATIENCE);
    expect(page.router.state.location.pathname).toBe("/");
  });

  it("has one row in the tab order", async () => {
    await openWith("/");
    expect(
      screen.getAllByRole("link").filter((link) => link.dataset.session !== undefined && link.tabIndex === 0),
    ).toHaveLength(1);
  });

  it("filters with a slash, and goes down into what is left", async () => {
    const user = userEvent.setup();
    await openWith("/");
    await user.keyboard("/node");
    await settle();
    expect(titles()).toEqual(["r1"]);
    await user.keyboard("{ArrowDown}");
    await settle();
    expect(document.activeElement?.getAttribute("data-session")).toBe("r1");
    await user.keyboard("{Escape}");
    await settle();
    expect(titles()).toHaveLength(4);
    await user.keyboard("/zebra");
    expect(screen.getByText("No session matches")).toBeTruthy();
  });

  it("never moves a row under the pointer, says what waits, and moves it when the pointer leaves", async () => {
    const user = userEvent.setup();
    const page = await openWith("/");
    const row = screen.getByRole("link", { name: /Cut the image/ });
    await user.hover(row);
    await act(async () => page.environment.timers.advance(200));
    await act(async () =>
      page.environment.socket.say(
        madeChanges(
          2,
          [{ ...(rows[1] as (typeof rows)[0]), status: "approval", since: NOON }, madeRow("n1", { title: "New" })],
          { total: 5 },
        ),
      ),
    );
    await settle();
    expect(titles()).toEqual(["w1", "w2", "r1", "e1"]);
    expect(row.dataset.status).toBe("approval");
    expect(screen.getByRole("button", { name: "2 rows to sort" })).toBeTruthy();
    await user.unhover(row);
    await user.hover(document.body);
    await settle();
    expect(titles()).toEqual(["w2", "w1", "n1", "r1", "e1"]);
  });

  it("tells a reader of the screen when a session begins to need a person", async () => {
    const page = await openWith("/");
    await act(async () => page.environment.timers.advance(200));
    await act(async () =>
      page.environment.socket.say(
        madeChanges(2, [{ ...(rows[0] as (typeof rows)[0]), status: "question" }], { total: 4 }),
      ),
    );
    await settle();
    expect(screen.getAllByRole("status").map((status) => status.textContent)).toContain("Question: Port the parser");
    expect(document.title).toBe("(1) AgentPane");
  });

  it("shows the transcript of the open session and what is added to it", async () => {
    const events = [madeText(0, "First words."), madeText(10, "Second words.")];
    const page = await openWith("/sessions/w1", rows, {
      server: {
        events: ({ place }) => ({
          events: "after" in place ? events.slice(2) : events,
          next: null,
          previous: null,
          end: String(events.length),
        }),
      },
    });
    const log = await screen.findByRole("region", { name: "Transcript: Port the parser" }, PATIENCE);
    expect(log.textContent).toContain("Second words.");
    events.push(madeText(20, "And a third."));
    await act(async () =>
      page.environment.socket.say({
        type: "events",
        session: "w1",
        subagent: null,
        events: events.slice(2),
        next: "3",
      }),
    );
    await settle();
    expect(log.textContent).toContain("And a third.");
  });

  it("opens the transcript of a subagent by its address", async () => {
    const details = new Map([
      [
        "w1",
        {
          agents: [
            {
              id: "a1",
              type: "explore",
              description: "Look around",
              status: "ended",
              since: null,
              activity: null,
              startedAt: null,
              lastActivityAt: null,
              events: 3,
            },
          ],
        },
      ],
    ]) as never;
    const page = await openWith("/sessions/w1?tab=agents", rows, { server: { details } });
    const agents = await screen.findByRole("region", { name: "Agents" }, PATIENCE);
    await userEvent.click(within(agents).getByRole("row", { name: /Look around/ }));
    await settle();
    expect(page.router.state.location.search).toEqual({ agent: "a1" });
    expect(page.server.calls).toContain('events w1 a1 {"before":"end"}');
    expect(screen.getByText("Look around")).toBeTruthy();
  });

  it("says that there is no such session, and stands by the list", async () => {
    await openWith("/sessions/nope");
    expect(await screen.findByRole("heading", { name: "No such session" }, PATIENCE)).toBeTruthy();
    expect(titles()).toHaveLength(4);
  });

  it("says that an open session was deleted, though it was there a moment ago", async () => {
    const page = await openWith("/sessions/w1");
    expect(await screen.findByRole("region", { name: "Session: Port the parser" }, PATIENCE)).toBeTruthy();
    await act(async () => page.environment.timers.advance(200));
    await act(async () => page.environment.socket.say(madeChanges(2, [], { removed: ["w1"], total: 3 })));
    expect(await screen.findByRole("heading", { name: "No such session" }, PATIENCE)).toBeTruthy();
  });

  it("asks for older sessions when the end of the list is near, and lists them", async () => {
    const page = await openPage("/", {
      server: { older: [madeRow("o1", { title: "Older", status: "ended", lastActivityAt: 5 })] },
    });
    await act(async () => {
      page.environment.socket.open();
      page.environment.socket.say(madeSnapshot(1, rows, { total: 5 }));
    });
    await settle();
    await act(async () => page.environment.timers.advance(200));
    await settle();
    expect(page.server.calls).toContain("sessions 0");
    expect(titles()).toEqual(["w1", "w2", "r1", "e1", "o1"]);
  });

  it("says what it sees is from when the server goes, and keeps it", async () => {
    const page = await openWith("/");
    await act(async () => page.environment.socket.end());
    expect(await screen.findByText("The server does not answer.", {}, PATIENCE)).toBeTruthy();
    expect(screen.getByText(/What you see is from/)).toBeTruthy();
    expect(titles()).toHaveLength(4);
    await userEvent.click(screen.getByRole("button", { name: "Try now" }));
    await act(async () => {
      page.environment.socket.open();
      page.environment.socket.say(madeChanges(2, [], { total: 4 }));
    });
    await settle();
    expect(screen.queryByText("The server does not answer.")).toBeNull();
  });

  it("says what to do first: start a monitor, or a session", async () => {
    const none = await openPage("/");
    await act(async () => {
      none.environment.socket.open();
      none.environment.socket.say(madeSnapshot(1, []));
    });
    await settle();
    expect(screen.getByRole("heading", { name: "No monitor is connected" })).toBeTruthy();
    await act(async () => none.environment.timers.advance(200));
    await act(async () => none.environment.socket.say(madeChanges(2, [], { machines: [madeMachine("atlas")] })));
    await settle();
    expect(screen.getByRole("heading", { name: "No session yet" })).toBeTruthy();
    expect(screen.getByRole("heading", { name: "atlas is connected" })).toBeTruthy();
  });

  it("opens the list of keys with a question mark and closes it with Escape", async () => {
    const user = userEvent.setup();
    await openWith("/");
    await user.keyboard("?");
    expect(await screen.findByRole("dialog", { name: "Keys" }, PATIENCE)).toBeTruthy();
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull(), PATIENCE);
  });
});
