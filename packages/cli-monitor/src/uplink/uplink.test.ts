import { renameSync, statSync, writeFileSync } from "node:fs";
import type { AgentPaneError } from "@agentpane/protocol";
import { expect, test } from "vitest";
import { append, promptLine, Rig, until } from "../testing/rig.ts";
import { ScriptedChannel } from "../testing/scripted-channel.ts";

const bare = (lines: readonly string[]) => lines.map((line) => line.trimEnd());
const prompts = (count: number) => Array.from({ length: count }, (_, n) => promptLine(`p${n}`));
const isIngest = (path: string) => path.endsWith("/ingest");

test("a server that is not there yet is waited for", async () => {
  await using rig = await Rig.start();
  append(rig.transcript("one"), promptLine("a"));
  let refused = 4;
  rig.server.script = ({ path }) => (path.endsWith("/register") && refused-- > 0 ? { status: 503 } : null);
  const monitor = await rig.monitor();
  await monitor.caughtUp();
  expect(rig.server.lines("one")).toHaveLength(1);
  expect(rig.server.registrations).toHaveLength(1);
});

test.each([500, 502, 507])("a body answered with %d is sent again, and counted once", async (status) => {
  await using rig = await Rig.start();
  const lines = prompts(3);
  append(rig.transcript("one"), ...lines);
  let failures = 3;
  rig.server.script = ({ path }) => (isIngest(path) && failures-- > 0 ? { status } : null);
  const monitor = await rig.monitor();
  await monitor.caughtUp();
  expect(rig.server.lines("one")).toEqual(bare(lines));
});

test("a body whose answer is lost after the commit is not committed twice", async () => {
  await using rig = await Rig.start();
  const lines = prompts(3);
  append(rig.transcript("one"), ...lines);
  let cut = true;
  rig.server.script = ({ path }) => {
    if (!isIngest(path) || !cut) return null;
    cut = false;
    return "cut";
  };
  const monitor = await rig.monitor();
  await monitor.caughtUp();
  expect(cut).toBe(false);
  expect(rig.server.lines("one")).toEqual(bare(lines));
  expect(rig.server.registrations).toHaveLength(1);
  append(rig.transcript("one"), promptLine("next"));
  await until("the next line", () => rig.server.lines("one").length === 4);
});

test("a server that never answers is given up on after the time limit and asked again", async () => {
  await using rig = await Rig.start();
  append(rig.transcript("one"), promptLine("a"));
  let hangs = 2;
  rig.server.script = ({ path }) => (isIngest(path) && hangs-- > 0 ? "hang" : null);
  const monitor = await rig.monitor({ timing: { ingestTimeoutMs: 30 } });
  await monitor.caughtUp();
  expect(rig.server.lines("one")).toHaveLength(1);
});

test("five failures in a row open the breaker: nothing is sent until the server shows that it is ready", async () => {
  await using rig = await Rig.start();
  append(rig.transcript("one"), promptLine("a"));
  let isReady = false;
  const tries = () => rig.server.paths.filter(isIngest).length;
  rig.server.script = ({ path }) => (isReady ? null : isIngest(path) || path === "/readyz" ? { status: 500 } : null);
  const monitor = await rig.monitor();
  await until(
    "the server is asked whether it is ready",
    () => rig.server.paths.filter((p) => p === "/readyz").length > 20,
  );
  expect(tries()).toBe(5);
  isReady = true;
  await monitor.caughtUp();
  expect(rig.server.lines("one")).toHaveLength(1);
});

test.each([
  [429, "rate_limited"],
  [503, "store_busy"],
])("%d with Retry-After is obeyed and is no failure", async (status, code) => {
  await using rig = await Rig.start();
  append(rig.transcript("one"), promptLine("a"));
  let first: number | null = null;
  let second = 0;
  rig.server.script = ({ path }) => {
    if (!isIngest(path)) return null;
    if (first !== null) {
      second = performance.now();
      return null;
    }
    first = performance.now();
    return { status, code, retryAfter: "0.2" };
  };
  const monitor = await rig.monitor();
  await monitor.caughtUp();
  expect(second - (first ?? second)).toBeGreaterThanOrEqual(195);
});

test("a body that is too large is sent in halves", async () => {
  await using rig = await Rig.start();
  for (let n = 0; n < 16; n += 1) append(rig.transcript(`s${n}`), promptLine("a"));
  rig.server.script = ({ ingest }) =>
    ingest !== null && ingest.segments.length > 3 ? { status: 413, code: "body_too_large" } : null;
  const monitor = await rig.monitor();
  await monitor.caughtUp();
  expect(rig.server.sources.size).toBe(16);
});

test("a single segment that is too large is cut between its lines", async () => {
  await using rig = await Rig.start();
  const lines = prompts(16);
  append(rig.transcript("one"), ...lines);
  rig.server.script = ({ ingest }) =>
    ingest?.segments.some(({ lines: count }) => count > 3) ? { status: 413, code: "body_too_large" } : null;
  const monitor = await rig.monitor();
  await monitor.caughtUp();
  expect(rig.server.lines("one")).toEqual(bare(lines));
});

test.each([
  ["the segment's answer", "answer"],
  ["the whole body's answer", "body"],
])("an event that the server finds invalid is set aside alone, its line kept: told by %s", async (_name, how) => {
  await using rig = await Rig.start();
  const lines = prompts(20);
  const bad = promptLine("the bad one");
  const file = rig.transcript("one");
  append(file, ...lines.slice(0, 13));
  const offset = statSync(file).size;
  append(file, bad, ...lines.slice(13));
  append(rig.transcript("two"), ...prompts(3));
  const breaks = (segment: { events: { kind: string; summary?: string }[] }) =>
    segment.events.some((event) => event.kind === "prompt" && event.summary === "the bad one");
  if (how === "answer") rig.server.refuses = (segment) => (breaks(segment) ? "summary: is bad" : null);
  else
    rig.server.script = ({ ingest }) =>
      ingest?.segments.some(breaks) ? { status: 400, code: "invalid_request" } : null;
  const monitor = await rig.monitor();
  await monitor.caughtUp();
  expect(rig.server.lines("one")).toEqual(bare([...lines.slice(0, 13), bad, ...lines.slice(13)]));
  expect(rig.server.lines("two")).toHaveLength(3);
  const events = rig.server.source("one")?.generations.get(1)?.events ?? [];
  expect(events.filter(({ kind }) => kind === "malformed")).toMatchObject([
    { offset, reason: expect.stringContaining("refused by the server") },
  ]);
  expect(events.filter(({ kind }) => kind === "prompt")).toHaveLength(20);
});

test("usage that the server finds invalid is left out, the line kept", async () => {
  await using rig = await Rig.start();
  const usage = { input_tokens: 1, output_tokens: 2 };
  const message = { id: "msg_1", role: "assistant", model: "claude-x", content: [{ type: "text", text: "hi" }], usage };
  append(
    rig.transcript("one"),
    promptLine("a"),
    `${JSON.stringify({ type: "assistant", uuid: "u", timestamp: "2026-01-01T00:00:00.000Z", message })}\n`,
    promptLine("b"),
  );
  rig.server.refuses = (segment) => (segment.copies.length > 0 ? "copies: bad" : null);
  const monitor = await rig.monitor();
  await monitor.caughtUp();
  expect(rig.server.lines("one")).toHaveLength(3);
  expect(rig.server.source("one")?.generations.get(1)?.copies).toBe(0);
});

test("a source of which the server takes nothing is set aside with a warning, the others go on", async () => {
  await using rig = await Rig.start();
  append(rig.transcript("one"), promptLine("a"));
  append(rig.transcript("two"), promptLine("b"));
  rig.server.refuses = (segment) => (segment.source.session === "one" ? "path: is bad" : null);
  const monitor = await rig.monitor();
  await monitor.caughtUp();
  expect(rig.server.lines("two")).toHaveLength(1);
  expect(monitor.report().warnings).toMatchObject([{ code: "line_refused" }]);
});

test("facts about a subagent that the server finds invalid do not keep its lines back", async () => {
  await using rig = await Rig.start();
  const file = rig.transcript("one", { subagent: "a" });
  const meta = file.replace(".jsonl", ".meta.json");
  writeFileSync(meta, JSON.stringify({ agentType: "bad" }));
  append(file, promptLine("a"));
  rig.server.refuses = (segment) => (segment.meta === undefined ? null : "meta: is bad");
  const monitor = await rig.monitor();
  await monitor.caughtUp();
  expect(rig.server.lines("one", "a")).toHaveLength(1);
  writeFileSync(`${meta}.next`, JSON.stringify({ agentType: "bad", finished: true }));
  renameSync(`${meta}.next`, meta);
  append(file, promptLine("b"));
  await until("the second line", () => rig.server.lines("one", "a").length === 2);
  expect(monitor.report().warnings).toEqual([]);
});

test("nothing more is sent of a session that a person deleted", async () => {
  await using rig = await Rig.start();
  append(rig.transcript("one"), promptLine("a"));
  append(rig.transcript("two"), promptLine("b"));
  const monitor = await rig.monitor();
  await monitor.caughtUp();
  rig.server.deleted.add("one");
  append(rig.transcript("one"), promptLine("refused once"));
  const sentOf = (session: string) =>
    rig.server.ingests.flatMap(({ segments }) => segments).filter(({ source }) => source.session === session).length;
  await until("the refused line", () => sentOf("one") === 2);
  await monitor.caughtUp();
  append(rig.transcript("one"), promptLine("not even sent"));
  append(rig.transcript("two"), promptLine("c"));
  await until("the other session's line", () => rig.server.lines("two").length === 2);
  expect(sentOf("one")).toBe(2);
});

test("a server whose store was replaced gets everything again", async () => {
  await using rig = await Rig.start();
  const lines = prompts(3);
  append(rig.transcript("one"), ...lines);
  append(rig.transcript("two"), ...lines);
  const monitor = await rig.monitor();
  await monitor.caughtUp();
  rig.server.sources.clear();
  const more = promptLine("more");
  append(rig.transcript("one"), more);
  await until("all lines of the first", () => rig.server.lines("one").length === 4);
  expect(rig.server.lines("one")).toEqual(bare([...lines, more]));
});

test("a server that was put back to an older state is brought up to date from there", async () => {
  await using rig = await Rig.start();
  const lines = prompts(3);
  append(rig.transcript("one"), ...lines);
  const monitor = await rig.monitor();
  await monitor.caughtUp();
  const saved = structuredClone([...rig.server.sources]);
  const more = prompts(2);
  append(rig.transcript("one"), more[0] as string);
  await until("the fourth line", () => rig.server.lines("one").length === 4);
  rig.server.sources.clear();
  for (const [id, source] of saved) rig.server.sources.set(id, source);
  append(rig.transcript("one"), more[1] as string);
  await until("all lines", () => rig.server.lines("one").length === 5);
  expect(rig.server.lines("one")).toEqual(bare([...lines, ...more]));
  expect(rig.server.registrations).toHaveLength(2);
});

test("parts that the server lost are sent again", async () => {
  await using rig = await Rig.start();
  const noise = Buffer.from(crypto.getRandomValues(new Uint8Array(65_536))).toString("base64");
  const line = promptLine(Array.from({ length: 64 }, (_, n) => `${n}${shuffled(noise)}`).join(""));
  append(rig.transcript("one"), line);
  let lost = 0;
  rig.server.refuses = () => null;
  rig.server.script = ({ ingest }) => {
    if (ingest?.parts.length && lost < 1) {
      lost += 1;
      ingest.parts.length = 0;
    }
    return null;
  };
  const monitor = await rig.monitor();
  await monitor.caughtUp();
  expect(lost).toBe(1);
  expect(rig.server.lines("one")).toEqual([line.trimEnd()]);
});

function shuffled(text: string): string {
  const letters = [...text];
  for (let n = letters.length - 1; n > 0; n -= 1) {
    const other = Math.floor(Math.random() * (n + 1));
    [letters[n], letters[other]] = [letters[other] as string, letters[n] as string];
  }
  return letters.join("");
}

test("a heartbeat that the server does not know makes the monitor register again", async () => {
  await using rig = await Rig.start();
  const monitor = await rig.monitor();
  await monitor.caughtUp();
  let unknown = true;
  rig.server.script = ({ path }) => {
    if (!path.endsWith("/heartbeat") || !unknown) return null;
    unknown = false;
    return { status: 404, code: "not_found" };
  };
  await until("the second registration", () => rig.server.registrations.length === 2);
  await until("a heartbeat", () => rig.server.reports.length > 0);
});

test.each(["unauthenticated", "machine_mismatch", "protocol_mismatch", "forbidden"] as const)(
  "%s at the start is told by name",
  async (code) => {
    await using rig = await Rig.start();
    rig.server.script = () => ({ status: code === "unauthenticated" ? 401 : 403, code });
    const refusal = Promise.withResolvers<AgentPaneError>();
    await rig.monitor({ onRefused: refusal.resolve });
    expect((await refusal.promise).code).toBe(code);
  },
);

test("a token that is revoked while it runs is told, and work goes on when it is good again", async () => {
  await using rig = await Rig.start();
  const refusal = Promise.withResolvers<AgentPaneError>();
  const monitor = await rig.monitor({ onRefused: refusal.resolve });
  await monitor.caughtUp();
  rig.server.token = "another";
  append(rig.transcript("one"), promptLine("a"));
  expect((await refusal.promise).code).toBe("unauthenticated");
  rig.server.token = "secret";
  await until("the line", () => rig.server.lines("one").length === 1);
});

test("a monitor whose server hangs still ends within five seconds", async () => {
  await using rig = await Rig.start();
  append(rig.transcript("one"), promptLine("a"));
  rig.server.script = ({ path }) => (path.endsWith("/register") ? null : "hang");
  const monitor = await rig.monitor();
  await until("the body is on its way", () => rig.server.paths.some(isIngest));
  const stopping = rig.stop(monitor).then(() => "ended");
  const deadline = new Promise((resolve) => setTimeout(() => resolve("too late"), 5_000));
  expect(await Promise.race([stopping, deadline])).toBe("ended");
});

test("a channel that breaks while nothing else is on its way: the server is asked whether it is ready, at once", async () => {
  await using rig = await Rig.start();
  const far = new ScriptedChannel(rig.server.http);
  await rig.monitor();
  await until("the channel is open", () => far.current?.told.length === 1);
  expect(rig.server.paths).not.toContain("/readyz");
  far.refuses = 503;
  far.current?.socket.terminate();
  await until("it is asked", () => rig.server.paths.includes("/readyz"));
  far.refuses = null;
  await until("the channel is open anew", () => far.openings.length === 2);
  far[Symbol.dispose]();
});
