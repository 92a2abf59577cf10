// @vitest-environment happy-dom
import { type DecisionBody, decisionSubject, type RequestRow } from "@agentpane/protocol";
import { act, fireEvent, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { madeChanges, madeMachine, madeRequest, madeRow, madeSnapshot, NOON } from "../../testing/made.ts";
import { type FakeServer, openPage, settle, withPage } from "../../testing/page.tsx";

withPage();

const PATIENCE = { timeout: 10_000 };

/** What is on screen is decided by the test. */
const sights: FakeSight[] = [];
class FakeSight {
  readonly marks: Element[] = [];
  readonly #tell: (entries: { target: Element; isIntersecting: boolean }[]) => void;
  constructor(tell: (entries: { target: Element; isIntersecting: boolean }[]) => void) {
    this.#tell = tell;
    sights.push(this);
  }
  observe(mark: Element): void {
    this.marks.push(mark);
  }
  unobserve(): void {}
  disconnect(): void {}
  show(marks: Element[]): void {
    this.#tell(marks.map((target) => ({ target, isIntersecting: true })));
  }
}

beforeEach(() => {
  sights.length = 0;
  vi.stubGlobal("IntersectionObserver", FakeSight);
});
afterEach(() => vi.unstubAllGlobals());

async function seeAll(): Promise<void> {
  await act(async () => {
    for (const sight of sights) sight.show(sight.marks);
  });
}

async function openRequests(requests: RequestRow[], server: Partial<FakeServer> = {}) {
  const page = await openPage("/requests", { server });
  const say = async (...frames: object[]) => {
    await act(async () => {
      for (const frame of frames) page.environment.socket.say(frame as never);
    });
    await act(async () => page.environment.timers.advance(200));
    await settle();
  };
  await act(async () => page.environment.socket.open());
  await say(
    madeSnapshot(1, [madeRow("s1", { title: "Fix the flaky test" })], { machines: [madeMachine("atlas")], requests }),
  );
  await screen.findByRole("heading", { name: "Requests", level: 1 }, PATIENCE);
  return { ...page, say };
}

function decisions(page: { server: FakeServer }): string[] {
  return page.server.calls.filter((call) => call.startsWith("decide"));
}

describe("the page of requests", () => {
  it("shows all that waits, the longest first, and speaks with its keys to one of them", async () => {
    const old = madeRequest("1", { openedAt: NOON - 600_000, summary: "old", inputJson: '{"command":"make old"}' });
    const young = madeRequest("2", { inputJson: '{"command":"make young"}' });
    const page = await openRequests([young, old]);
    const cards = screen.getAllByRole("article");
    expect(cards.map((card) => card.dataset.request)).toEqual([old.id, young.id]);
    expect(cards.map((card) => card.getAttribute("aria-current"))).toEqual(["true", null]);
    expect(cards[0]?.textContent).toContain("Fix the flaky test");
    expect(cards[0]?.textContent).toContain("make old");
    fireEvent.keyDown(window, { key: "j" });
    await settle();
    fireEvent.keyDown(window, { key: "d" });
    await settle();
    await expect.poll(() => decisions(page)).toEqual([`decide ${young.id} {"type":"deny","words":"","stop":false}`]);
  });

  it("allows only once all of the input was on screen, under a digest of exactly what was shown", async () => {
    const bodies: DecisionBody[] = [];
    const row = madeRequest("1");
    const page = await openRequests([row], { decide: (_id, body) => void bodies.push(body) });
    expect(screen.getByRole<HTMLButtonElement>("button", { name: /^Allow/ }).disabled).toBe(true);
    fireEvent.keyDown(window, { key: "a" });
    await settle();
    expect(decisions(page)).toEqual([]);
    await seeAll();
    fireEvent.keyDown(window, { key: "a" });
    await settle();
    await expect.poll(() => decisions(page)).toEqual([`decide ${row.id} {"type":"allow"}`]);
    const subject = decisionSubject({
      request: row.id,
      machine: row.machine.id,
      session: row.session,
      subagent: null,
      tool: "Bash",
      inputJson: row.inputJson ?? "",
      suggestions: [],
      plan: null,
      decision: { type: "allow" },
    });
    const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(subject));
    const hex = [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    await expect.poll(() => bodies[0]?.digest).toBe(hex);
  });

  it("asks a second time for what settings call dangerous, and offers no always for it", async () => {
    const suggestions = [{ json: "{}", words: "Accept edits for this session" }];
    const row = madeRequest("1", { inputJson: '{"command":"sudo rm -rf /"}', suggestions });
    const page = await openRequests([row]);
    await seeAll();
    expect(screen.queryByRole("button", { name: /always/ })).toBeNull();
    fireEvent.keyDown(window, { key: "a" });
    await settle();
    expect(decisions(page)).toEqual([]);
    fireEvent.keyDown(window, { key: "a" });
    await settle();
    await expect.poll(() => decisions(page)).toEqual([`decide ${row.id} {"type":"allow"}`]);
  });

  it("says what always would add, and adds it on A", async () => {
    const suggestions = [
      { json: '{"a":1}', words: "Allow npm test here" },
      { json: '{"b":1}', words: "Accept edits" },
    ];
    const row = madeRequest("1", { suggestions });
    const page = await openRequests([row]);
    await seeAll();
    expect(screen.getByText("Allow npm test here")).toBeDefined();
    fireEvent.keyDown(window, { key: "A" });
    await settle();
    await expect.poll(() => decisions(page)).toEqual([`decide ${row.id} {"type":"allow","always":[0,1]}`]);
  });

  it("runs another input where it was edited, shows the difference, and looks again whether that is dangerous", async () => {
    const row = madeRequest("1");
    const page = await openRequests([row]);
    await seeAll();
    fireEvent.click(screen.getByRole("button", { name: "Edit" }));
    const field = screen.getByRole("textbox", { name: "What is to run instead" });
    fireEvent.change(field, { target: { value: "npm test -- --run auth" } });
    await settle();
    expect(screen.getByText("Your change")).toBeDefined();
    fireEvent.change(field, { target: { value: "rm -rf build" } });
    await settle();
    fireEvent.click(screen.getByRole("button", { name: /^Allow/ }));
    await settle();
    expect(decisions(page)).toEqual([]);
    fireEvent.click(screen.getByRole("button", { name: /^Press again/ }));
    await settle();
    await expect
      .poll(() => decisions(page))
      .toEqual([`decide ${row.id} {"type":"allow","updatedInputJson":"{\\"command\\":\\"rm -rf build\\"}"}`]);
  });

  it("denies with the words that were written", async () => {
    const row = madeRequest("1");
    const page = await openRequests([row]);
    const field = screen.getByRole("textbox", { name: "Say why, or what to do instead" });
    fireEvent.keyDown(window, { key: "r" });
    expect(document.activeElement).toBe(field);
    fireEvent.change(field, { target: { value: " use vitest " } });
    fireEvent.keyDown(field, { key: "Enter" });
    await settle();
    await expect
      .poll(() => decisions(page))
      .toEqual([`decide ${row.id} {"type":"deny","words":"use vitest","stop":false}`]);
  });

  it("answers questions: one choice, several, own words", async () => {
    const options = [{ label: "Auth", description: "Login" }, { label: "Logs" }];
    const questions = [
      { question: "Which database?", options: [{ label: "PostgreSQL" }, { label: "SQLite" }] },
      { question: "Which features?", multiSelect: true, options },
      { question: "Anything else?", options: [{ label: "No" }] },
    ];
    const row = madeRequest("1", {
      kind: "question",
      tool: "AskUserQuestion",
      inputJson: JSON.stringify({ questions }),
    });
    const page = await openRequests([row]);
    const send = screen.getByRole<HTMLButtonElement>("button", { name: /^Send answer/ });
    expect(send.disabled).toBe(true);
    fireEvent.click(screen.getByRole("radio", { name: /SQLite/ }));
    fireEvent.click(screen.getByRole("checkbox", { name: /Auth/ }));
    fireEvent.click(screen.getByRole("checkbox", { name: /Logs/ }));
    const last = screen.getByRole("group", { name: /Anything else/ });
    fireEvent.click(within(last).getByRole("radio", { name: "Another answer" }));
    fireEvent.change(within(last).getByRole("textbox"), { target: { value: "Use tabs" } });
    await settle();
    fireEvent.click(send);
    await settle();
    const answers = [
      { question: "Which database?", choices: ["SQLite"], other: null },
      { question: "Which features?", choices: ["Auth", "Logs"], other: null },
      { question: "Anything else?", choices: [], other: "Use tabs" },
    ];
    await expect
      .poll(() => decisions(page))
      .toEqual([`decide ${row.id} ${JSON.stringify({ type: "answer", answers })}`]);
  });

  it("approves a plan that was read, and keeps planning with words", async () => {
    const plan = { path: "/home/dev/.claude/plans/a.md", text: "# The plan\n\n1. Measure" };
    const row = madeRequest("1", { kind: "plan", tool: "ExitPlanMode", inputJson: "{}", plan });
    const page = await openRequests([row]);
    await seeAll();
    expect(await screen.findByText("Measure", {}, PATIENCE)).toBeDefined();
    await seeAll();
    fireEvent.click(screen.getByRole("button", { name: /^Approve, accept edits/ }));
    await settle();
    await expect.poll(() => decisions(page)).toEqual([`decide ${row.id} {"type":"approve","acceptEdits":true}`]);
  });

  it("cannot approve a plan whose text is not there", async () => {
    const row = madeRequest("1", { kind: "plan", tool: "ExitPlanMode", inputJson: "{}" });
    await openRequests([row]);
    await seeAll();
    expect(screen.getByRole<HTMLButtonElement>("button", { name: /ask for each edit/ }).disabled).toBe(true);
  });

  it("shows what has no ink as escapes, and fields that no form shows", async () => {
    const input = { command: "ls\u202e -la", run_in_background: true };
    await openRequests([madeRequest("1", { inputJson: JSON.stringify(input) })]);
    const card = screen.getByRole("article");
    expect(card.textContent).toContain("ls\\u202e -la");
    expect(card.textContent).toContain("run_in_background");
  });

  it("asks for what is too large for the feed", async () => {
    const row = madeRequest("1", { inputJson: null });
    const page = await openRequests([row]);
    expect(await screen.findByText("the whole command", {}, PATIENCE)).toBeDefined();
    expect(page.server.calls).toContain(`request ${row.id}`);
  });

  it("lets a viewer look and decide nothing", async () => {
    const page = await openRequests([madeRequest("1")], { role: "viewer" });
    await seeAll();
    expect(screen.queryByRole("button", { name: /^Allow/ })).toBeNull();
    fireEvent.keyDown(window, { key: "a" });
    fireEvent.keyDown(window, { key: "d" });
    await settle();
    expect(decisions(page)).toEqual([]);
  });

  it("says who was first when a decision comes too late", async () => {
    const decide = () => {
      throw new Error("Ana allowed it 2 s ago.");
    };
    await openRequests([madeRequest("1")], { decide });
    fireEvent.keyDown(window, { key: "d" });
    await settle();
    expect((await screen.findByRole("alert", {}, PATIENCE)).textContent).toBe("Ana allowed it 2 s ago.");
  });

  it("lets a request go that was answered elsewhere, and says by whom", async () => {
    const row = madeRequest("1");
    const page = await openRequests([row]);
    const closing = {
      state: "answered",
      at: NOON,
      who: "terminal",
      name: null,
      how: "allowed in the terminal",
      outcome: "allowed",
    } as const;
    await page.say(madeChanges(2, [], { requests: [{ ...row, state: "answered", closing }] }));
    expect(screen.queryByRole("article")).toBeNull();
    expect(screen.getAllByRole("status").map((status) => status.textContent)).toContain(
      "npm test: allowed in the terminal",
    );
    const settled = within(screen.getByRole("region", { name: "Settled" }));
    expect(settled.getByText("Allowed")).toBeDefined();
    expect(settled.getByText("the terminal")).toBeDefined();
  });

  it("offers no decision while the server is away", async () => {
    const page = await openRequests([madeRequest("1")]);
    await seeAll();
    await screen.findByRole("button", { name: /^Deny d/ }, PATIENCE);
    await act(async () => page.environment.socket.end());
    await screen.findByText(/The server does not answer now/, {}, PATIENCE);
    expect(screen.queryByRole("button", { name: /^Deny/ })).toBeNull();
    fireEvent.keyDown(window, { key: "d" });
    await settle();
    expect(decisions(page)).toEqual([]);
  });

  it("says how to get requests at all where none waits", async () => {
    await openRequests([], { role: "viewer" });
    expect(await screen.findByText("agentpane hooks install", {}, PATIENCE)).toBeDefined();
  });
});
