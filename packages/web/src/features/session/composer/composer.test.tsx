// @vitest-environment happy-dom
import type { SessionRow } from "@agentpane/protocol";
import { act, fireEvent, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { madeChanges, madeRow, madeSnapshot } from "../../../testing/made.ts";
import { type FakeServer, openPage, settle, withPage } from "../../../testing/page.tsx";

withPage();

const PATIENCE = { timeout: 10_000 };
const TMUX = { reach: { kind: "tmux", reason: null } } as const;

async function openSession(change: Partial<SessionRow>, server: Partial<FakeServer> = {}) {
  const page = await openPage("/sessions/s1", { server });
  const say = async (frame: object) => {
    await act(async () => page.environment.socket.say(frame as never));
    await act(async () => page.environment.timers.advance(200));
    await settle();
  };
  await say(madeSnapshot(1, [madeRow("s1", change)]));
  return { ...page, say };
}

async function field(): Promise<HTMLTextAreaElement> {
  return (await screen.findByLabelText("Words for the agent", {}, PATIENCE)) as HTMLTextAreaElement;
}

async function write(text: string): Promise<HTMLTextAreaElement> {
  const into = await field();
  fireEvent.change(into, { target: { value: text } });
  return into;
}

test("Enter sends, and the page says what became of it as it is told", async () => {
  const { server, say } = await openSession(TMUX);
  const into = await write("run the tests");
  fireEvent.keyDown(into, { key: "Enter" });
  expect(await screen.findByText("Sent", {}, PATIENCE)).toBeTruthy();
  expect(server.calls).toContain("words s1 run the tests");
  expect(into.value).toBe("");
  const report = { id: `i_${"0".repeat(32)}`, session: "s1", state: "taken", reason: null, at: 1 };
  await say({ ...madeChanges(2, []), inputs: [report] });
  expect(await screen.findByText("Taken: it is in the transcript", {}, PATIENCE)).toBeTruthy();
});

test("words that were not sent say why, and stand in the field again", async () => {
  await openSession(TMUX, { outcome: { state: "not_sent", reason: "a dialog is open" } });
  const into = await write("run the tests");
  fireEvent.keyDown(into, { key: "Enter" });
  expect(await screen.findByText("Not sent: a dialog is open", {}, PATIENCE)).toBeTruthy();
  expect(into.value).toBe("run the tests");
});

test("Shift+Enter makes a new line, and sends nothing", async () => {
  const { server } = await openSession(TMUX);
  const into = await write("one");
  fireEvent.keyDown(into, { key: "Enter", shiftKey: true });
  await settle();
  expect(server.calls.filter((call) => call.startsWith("words"))).toEqual([]);
});

test("control characters that were pasted are left out", async () => {
  await openSession(TMUX);
  const into = await write("a\u001b[201~\tb\n\u0007c");
  expect(into.value).toBe("a[201~\tb\nc");
});

test("the arrow up brings back what was sent before", async () => {
  await openSession(TMUX);
  const into = await write("earlier words");
  fireEvent.keyDown(into, { key: "Enter" });
  await screen.findByText("Sent", {}, PATIENCE);
  fireEvent.keyDown(into, { key: "ArrowUp" });
  expect(into.value).toBe("earlier words");
});

test("a turn that runs can be stopped, one that does not cannot", async () => {
  const { server, say } = await openSession({ ...TMUX, status: "working" });
  fireEvent.click(await screen.findByRole("button", { name: "Stop" }, PATIENCE));
  expect(await screen.findByText("Stopped", {}, PATIENCE)).toBeTruthy();
  expect(server.calls).toContain("interrupt s1");
  await say(madeChanges(2, [madeRow("s1", { ...TMUX, status: "ready" })]));
  expect(screen.queryByRole("button", { name: "Stop" })).toBeNull();
});

test("a session out of reach says why, and how it could be reached", async () => {
  const reason = "it runs in a plain terminal: start it in tmux, or with `agentpane run`";
  await openSession({ reach: { kind: "none", reason } });
  expect(await screen.findByText(`Words cannot reach it: ${reason}`, {}, PATIENCE)).toBeTruthy();
  expect(screen.getByText("agentpane run -- claude")).toBeTruthy();
  expect(screen.queryByLabelText("Words for the agent")).toBeNull();
});

test("a viewer is told that it may only read", async () => {
  await openSession(TMUX, { role: "viewer" });
  expect(await screen.findByText(/only lets you read/, {}, PATIENCE)).toBeTruthy();
  expect(screen.queryByLabelText("Words for the agent")).toBeNull();
});
