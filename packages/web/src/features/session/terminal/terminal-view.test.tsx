// @vitest-environment happy-dom
import { act, fireEvent, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { madeRow, madeSnapshot } from "../../../testing/made.ts";
import { type FakeServer, openPage, settle, withPage } from "../../../testing/page.tsx";

withPage();

const PATIENCE = { timeout: 10_000 };
/** What programs ask of a terminal: its kind, place, modes, colours, name, size, settings, the clipboard, focus, the mouse. */
const QUERIES = [
  "\x1b[c\x1b[>c\x1b[=c\x1b[5n\x1b[6n\x1b[?6n\x1b[?15n\x1b[?25n\x1b[?26n\x1b[?53n",
  '\x1b[?1$p\x1b[4$p\x1bP$qm\x1b\\\x1bP$q"p\x1b\\\x1bP+q544e\x1b\\\x1b[>q\x1b[x\x1b[?u',
  "\x1b]4;1;?\x07\x1b]10;?\x07\x1b]11;?\x07\x1b]12;?\x07\x1b]52;c;?\x07",
  "\x1b[14t\x1b[16t\x1b[18t\x1b[19t\x1b[20t\x1b[21t\x05\x1bZ",
  "\x1b[?1004h\x1b[?1000h\x1b[?1003h\x1b[?1006h\x1b[?2004h\x1b[?1h",
];

async function openTerminal(server: Partial<FakeServer> = {}) {
  const page = await openPage("/sessions/s1?tab=terminal", { server });
  const say = async (frame: object) => {
    await act(async () => page.environment.socket.say(frame as never));
    await act(async () => page.environment.timers.advance(200));
    await settle();
  };
  await say(madeSnapshot(1, [madeRow("s1", { reach: { kind: "pty", reason: null } })]));
  const sent = () => page.environment.socket.sent;
  const opened = () => sent().find((frame) => frame.type === "terminal.open");
  await expect.poll(opened, PATIENCE).toBeDefined();
  const terminal = opened()?.terminal ?? "";
  const typed = () =>
    sent()
      .map((frame) => (frame.type === "terminal.input" ? atob(frame.data) : ""))
      .join("");
  return { ...page, say, sent, terminal, typed };
}

const base64 = (text: string) => btoa(text);

test("the terminal is shown as it is, and follows what comes", async () => {
  const { say, terminal } = await openTerminal();
  await say({ type: "terminal.screen", terminal, cols: 40, rows: 5, data: base64("hello from afar") });
  expect(await screen.findByText("hello from afar", {}, PATIENCE)).toBeTruthy();
  await say({ type: "terminal.data", terminal, data: base64("\r\nand more") });
  expect(await screen.findByText("and more", {}, PATIENCE)).toBeTruthy();
});

test("output that asks a terminal everything types nothing; a key and a paste do", async () => {
  const { say, terminal, typed } = await openTerminal();
  await say({ type: "terminal.screen", terminal, cols: 40, rows: 5, data: base64("ready") });
  await say({ type: "terminal.writer", terminal, name: "Ana", mine: true });
  const field = await screen.findByLabelText("Type into the terminal", {}, PATIENCE);
  for (const query of QUERIES) await say({ type: "terminal.data", terminal, data: base64(query) });
  await say({ type: "terminal.data", terminal, data: base64("\r\nasked all") });
  await screen.findByText("asked all", {}, PATIENCE);
  fireEvent.mouseDown(screen.getByText("asked all"));
  fireEvent.blur(field);
  fireEvent.focus(field);
  expect(typed()).toBe("");
  fireEvent.keyDown(field, { key: "ArrowUp" });
  fireEvent.paste(field, { clipboardData: { getData: () => "two\nlines" } });
  expect(typed()).toBe("\x1bOA\x1b[200~two\nlines\x1b[201~");
});

test("one at a time types: who does is named, and may be taken over", async () => {
  const { say, terminal, sent } = await openTerminal();
  await say({ type: "terminal.screen", terminal, cols: 40, rows: 5, data: base64("ready") });
  await say({ type: "terminal.writer", terminal, name: "Ana", mine: false });
  expect(await screen.findByText("Ana types", {}, PATIENCE)).toBeTruthy();
  expect(screen.queryByLabelText("Type into the terminal")).toBeNull();
  fireEvent.click(await screen.findByRole("button", { name: "Take over" }, PATIENCE));
  expect(sent().at(-1)).toEqual({ type: "terminal.claim", terminal, take: true });
});

test("a viewer may look, and finds nothing to type with", async () => {
  const { say, terminal } = await openTerminal({ role: "viewer" });
  await say({ type: "terminal.screen", terminal, cols: 40, rows: 5, data: base64("ready") });
  expect(await screen.findByText("Your link only lets you look.", {}, PATIENCE)).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Type here" })).toBeNull();
});

test("a terminal that is gone says why, and can be opened again", async () => {
  const { say, terminal, sent } = await openTerminal();
  await say({ type: "terminal.closed", terminal, reason: "`agentpane run` has ended" });
  expect(await screen.findByText("Not shown: `agentpane run` has ended", {}, PATIENCE)).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Open again" }));
  await expect.poll(() => sent().filter(({ type }) => type === "terminal.open").length, PATIENCE).toBe(2);
});

test("what was refused is said where it was typed, and the page stays connected", async () => {
  const { say, terminal } = await openTerminal();
  await say({ type: "terminal.screen", terminal, cols: 40, rows: 5, data: base64("ready") });
  await say({ type: "terminal.refused", terminal, code: "forbidden", message: "This needs the role approver." });
  expect(await screen.findByText("Not typed: This needs the role approver.", {}, PATIENCE)).toBeTruthy();
  await say({ type: "terminal.data", terminal, data: base64("\r\nand it goes on") });
  expect(await screen.findByText("and it goes on", {}, PATIENCE)).toBeTruthy();
});
