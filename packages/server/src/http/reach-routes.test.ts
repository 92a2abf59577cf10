import type { ChannelServerFrame, InputReport } from "@agentpane/protocol";
import { expect, test } from "vitest";
import { human } from "../test-lines.ts";
import { fullFrame, presenceOf } from "../test-presence.ts";
import { type RealServer, realServer, type ScriptedMonitor } from "../test-requests.ts";
import { MACHINE } from "../test-store.ts";
import { ingestBody, TestTranscript } from "../test-transcript.ts";

const DEADLINE = { timeout: 25_000 };
const SESSION = "s1";

type Asked = Extract<ChannelServerFrame, { type: "input" | "interrupt" }>;

interface Stage {
  monitor: ScriptedMonitor;
  transcript: TestTranscript;
  /** What reached the monitor, whose answers are `outcome`. */
  asked: Asked[];
  outcome: Pick<InputReport, "state" | "reason"> | null;
}

async function grow(real: RealServer, { transcript }: Pick<Stage, "transcript">, text: string, n: number) {
  transcript.append(human(text, Date.now() + n));
  await real.server.engine.writer.ingest(MACHINE, ingestBody([transcript.next()]));
}

/** A session of one line, whose process lives and can be reached. */
async function stage(real: RealServer): Promise<Stage> {
  const monitor = await real.monitor(MACHINE);
  const transcript = new TestTranscript(SESSION);
  const made: Stage = { monitor, transcript, asked: [], outcome: { state: "sent", reason: null } };
  await grow(real, made, "hello", 1);
  monitor.channel.ws.on("message", (data) => {
    const frame = JSON.parse(String(data)) as ChannelServerFrame;
    if (frame.type !== "input" && frame.type !== "interrupt") return;
    made.asked.push(frame);
    if (made.outcome === null) return;
    const report = { id: frame.input, session: frame.session, ...made.outcome, at: Date.now() };
    monitor.channel.send({ type: "input.report", now: Date.now(), report });
  });
  const presence = presenceOf(SESSION, Date.now(), { reach: { kind: "tmux", reason: null } });
  monitor.channel.send(fullFrame(Date.now() + 1_000, Date.now(), [presence]));
  await expect.poll(() => rowOf(real), DEADLINE).toMatchObject({ reach: { kind: "tmux" } });
  return made;
}

async function rowOf(real: RealServer): Promise<unknown> {
  return (await real.call("GET", `/sessions/${SESSION}`, { token: await real.token("viewer") })).json;
}

async function send(real: RealServer, text: string, role: "viewer" | "approver" | "admin" = "approver") {
  const token = await real.token(role, role);
  return real.call("POST", `/sessions/${SESSION}/input`, { token, json: { text } });
}

test("words go to the session's monitor, and are taken once their line is in the transcript", async () => {
  await using real = await realServer();
  const made = await stage(real);
  const page = await real.page("viewer");
  const answer = await send(real, "run the tests\nand fix them");
  expect(answer.status).toBe(200);
  expect(answer.json).toMatchObject({ session: SESSION, state: "sent", reason: null });
  expect(made.asked).toMatchObject([{ type: "input", session: SESSION, text: "run the tests\nand fix them" }]);
  await grow(real, made, "run the tests\nand fix them", 2);
  await page.until((frames) =>
    frames.some(
      (frame) =>
        frame.type === "changes" &&
        frame.inputs?.some(({ id, state }) => id === answer.json.id && state === "taken") === true,
    ),
  );
});

test("who sent which words from where, and what became of them, is in the audit", async () => {
  await using real = await realServer();
  const made = await stage(real);
  made.outcome = { state: "not_sent", reason: "somebody's draft stands in its input line" };
  const { json } = await send(real, "stop that");
  expect(json).toMatchObject(made.outcome);
  const audit = await real.call("GET", `/audit?session=${SESSION}`, { token: await real.token("admin") });
  expect(audit.json.entries).toMatchObject([
    { action: "input.result", actor: "approver", details: { id: json.id, ...made.outcome } },
    { action: "input", actor: "approver", from: "127.0.0.1", details: { id: json.id, text: "stop that" } },
  ]);
});

test("a turn is interrupted through the monitor", async () => {
  await using real = await realServer();
  const made = await stage(real);
  const token = await real.token("approver");
  const answer = await real.call("POST", `/sessions/${SESSION}/interrupt`, { token, json: {} });
  expect(answer.json).toMatchObject({ state: "sent" });
  expect(made.asked).toMatchObject([{ type: "interrupt", session: SESSION }]);
});

test("without the monitor's channel nothing is sent, and the answer says so", async () => {
  await using real = await realServer();
  const made = await stage(real);
  made.monitor.channel.ws.terminate();
  await expect
    .poll(async () => (await send(real, "hello")).json, DEADLINE)
    .toMatchObject({ state: "not_sent", reason: "the monitor of its machine is not connected" });
});

test("a monitor that is lost before it answers leaves the outcome open, and says nothing of a success", async () => {
  await using real = await realServer();
  const made = await stage(real);
  made.outcome = null;
  const answer = send(real, "hello");
  await expect.poll(() => made.asked.length, DEADLINE).toBe(1);
  made.monitor.channel.ws.terminate();
  expect((await answer).json).toMatchObject({ state: "not_seen" });
});

test("a viewer, a monitor and a page of another origin cannot send words", async () => {
  await using real = await realServer();
  const made = await stage(real);
  expect((await send(real, "hello", "viewer")).json.error.code).toBe("forbidden");
  const monitor = await real.token("monitor", "another monitor");
  const path = `/sessions/${SESSION}/input`;
  expect((await real.call("POST", path, { token: monitor, json: { text: "x" } })).status).toBe(403);
  const token = await real.token("approver");
  const headers = { origin: "https://evil.example", "sec-fetch-site": "cross-site" };
  expect((await real.call("POST", path, { token, json: { text: "x" }, headers })).json.error.code).toBe(
    "origin_refused",
  );
  expect(made.asked).toEqual([]);
});

test("text that a terminal could take for keys, none and too much are refused before they reach any", async () => {
  await using real = await realServer();
  const made = await stage(real);
  const pasteEnd = "a\u001b[201~\rrm -rf /";
  for (const text of [pasteEnd, "\u001b", "a\u009b201~", "a\u0007", "a\u2028b", "", "x".repeat(100_001)]) {
    expect((await send(real, text)).json.error.code).toBe("invalid_request");
  }
  expect(made.asked).toEqual([]);
});

test("100,000 characters reach the monitor whole", async () => {
  await using real = await realServer();
  const made = await stage(real);
  const text = "x".repeat(100_000);
  expect((await send(real, text)).json.state).toBe("sent");
  expect(made.asked).toMatchObject([{ text }]);
});

test("words for a session that nobody knows are not found", async () => {
  await using real = await realServer();
  const token = await real.token("approver");
  const answer = await real.call("POST", "/sessions/nobody/input", { token, json: { text: "hello" } });
  expect(answer.json.error.code).toBe("not_found");
});
