import type { ChannelServerFrame, LiveServerFrame } from "@agentpane/protocol";
import { expect, test } from "vitest";
import { human } from "../test-lines.ts";
import { type RealServer, realServer } from "../test-requests.ts";
import { MACHINE, OTHER_MACHINE } from "../test-store.ts";
import { ingestBody, TestTranscript } from "../test-transcript.ts";

const DEADLINE = { timeout: 25_000 };
const TERMINAL = `t_${"a".repeat(32)}`;
const data = Buffer.from("words").toString("base64");

/** A session, and what of terminals reaches its monitor. */
async function stage(real: RealServer) {
  const monitor = await real.monitor(MACHINE);
  const transcript = new TestTranscript("s1").append(human("hello", Date.now()));
  await real.server.engine.writer.ingest(MACHINE, ingestBody([transcript.next()]));
  const heard: ChannelServerFrame[] = [];
  monitor.channel.ws.on("message", (text) => {
    const frame = JSON.parse(String(text)) as ChannelServerFrame;
    if (frame.type.startsWith("terminal.")) heard.push(frame);
  });
  return { monitor, heard };
}

function has(type: LiveServerFrame["type"]): (frames: LiveServerFrame[]) => boolean {
  return (frames) => frames.some((frame) => frame.type === type);
}

test("a terminal goes from its monitor to the page that looks, and what an approver types goes back and is written down", async () => {
  await using real = await realServer();
  const { monitor, heard } = await stage(real);
  const page = await real.page("approver");
  page.send({ type: "terminal.open", terminal: TERMINAL, session: "s1" });
  await expect.poll(() => heard, DEADLINE).toMatchObject([{ type: "terminal.open", session: "s1", by: "approver" }]);
  monitor.channel.send({ type: "terminal.screen", terminal: TERMINAL, cols: 80, rows: 24, data });
  await page.until(has("terminal.screen"));
  page.send({ type: "terminal.claim", terminal: TERMINAL, take: false });
  page.send({ type: "terminal.input", terminal: TERMINAL, data });
  await expect.poll(() => heard.map(({ type }) => type), DEADLINE).toContain("terminal.input");
  page.send({ type: "terminal.close", terminal: TERMINAL });
  const token = await real.token("admin");
  await expect
    .poll(async () => (await real.call("GET", "/audit?session=s1", { token })).json.entries, DEADLINE)
    .toMatchObject([
      { action: "terminal.input", actor: "approver", from: "127.0.0.1", details: { typed: "words" } },
      { action: "terminal.claim", actor: "approver" },
    ]);
});

test("a viewer may look and not type, another page has no part in it, and neither has another machine", async () => {
  await using real = await realServer();
  const { heard } = await stage(real);
  const viewer = await real.page("viewer");
  viewer.send({ type: "terminal.open", terminal: TERMINAL, session: "s1" });
  await expect.poll(() => heard.length, DEADLINE).toBe(1);
  viewer.send({ type: "terminal.input", terminal: TERMINAL, data });
  await viewer.until(has("terminal.refused"));
  viewer.send({ type: "terminal.claim", terminal: TERMINAL, take: true });
  await viewer.until((frames) => frames.filter(({ type }) => type === "terminal.refused").length === 2);
  expect(viewer.frames.find(({ type }) => type === "terminal.refused")).toMatchObject({
    terminal: TERMINAL,
    code: "forbidden",
  });
  const other = await real.page("approver");
  other.send({ type: "terminal.input", terminal: TERMINAL, data });
  const stranger = await real.monitor(OTHER_MACHINE);
  stranger.channel.send({ type: "terminal.screen", terminal: TERMINAL, cols: 80, rows: 24, data });
  viewer.send({ type: "terminal.close", terminal: TERMINAL });
  await expect.poll(() => heard.at(-1)?.type, DEADLINE).toBe("terminal.close");
  expect(heard.map(({ type }) => type)).toEqual(["terminal.open", "terminal.close"]);
  const told = viewer.frames.map(({ type }) => type);
  expect(told).not.toContain("terminal.screen");
  // Which a page would take for the end of its token.
  expect(told).not.toContain("error");
});

test("a page that opens many terminals at once gets no more than it may", async () => {
  await using real = await realServer();
  const { heard } = await stage(real);
  const viewer = await real.page("viewer");
  const ids = Array.from({ length: 40 }, (_, n) => `t_${n.toString(16).padStart(32, "0")}`);
  for (const terminal of ids) viewer.send({ type: "terminal.open", terminal, session: "s1" });
  // One that is open already is not another's either.
  viewer.send({ type: "terminal.open", terminal: ids[0] ?? "", session: "s1" });
  const refused = () => viewer.frames.filter(({ type }) => type === "terminal.closed");
  await expect.poll(() => refused().length, DEADLINE).toBe(33);
  await expect.poll(() => heard.length, DEADLINE).toBe(8);
});
