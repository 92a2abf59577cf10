import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { append, promptLine, Rig, until } from "./testing/rig.ts";

const bare = (lines: readonly string[]) => lines.map((line) => line.replace(/\n$/, ""));
const prompts = (count: number, text = "p") => Array.from({ length: count }, (_, n) => promptLine(`${text}${n}`));

test("lines that stand there at the start and lines appended later all arrive, in order", async () => {
  await using rig = await Rig.start();
  const file = rig.transcript("one");
  const lines = prompts(2);
  append(file, ...lines);
  const monitor = await rig.monitor();
  await monitor.caughtUp();
  expect(rig.server.lines("one")).toEqual(bare(lines));
  const more = promptLine("c");
  append(file, more);
  await until("the appended line", () => rig.server.lines("one").length === 3);
  expect(rig.server.lines("one")[2]).toBe(more.trimEnd());
});

test("a line that is torn, even within a character, waits for its rest", async () => {
  await using rig = await Rig.start();
  const file = rig.transcript("one");
  const line = Buffer.from(promptLine("größer"));
  const cut = line.indexOf("ö") + 1;
  append(file, promptLine("first"));
  const monitor = await rig.monitor();
  await monitor.caughtUp();
  appendFileSync(file, line.subarray(0, cut));
  await until(
    "the torn line is seen",
    () => monitor.report().behindBytes === 0 && rig.server.lines("one").length === 1,
  );
  appendFileSync(file, line.subarray(cut));
  await until("the whole line", () => rig.server.lines("one").length === 2);
  expect(rig.server.lines("one")[1]).toBe(line.toString().trimEnd());
});

test("what a link leads to outside the root is not read, what it leads to inside is", async () => {
  await using rig = await Rig.start();
  const outside = path.join(rig.folder, "outside");
  mkdirSync(outside);
  append(path.join(outside, "secret.jsonl"), promptLine("secret"));
  const project = path.dirname(rig.transcript("one"));
  symlinkSync(path.join(outside, "secret.jsonl"), path.join(project, "linked.jsonl"));
  symlinkSync(outside, path.join(rig.root, "projects", "linked-project"));
  const inside = path.join(rig.root, "kept");
  mkdirSync(inside);
  append(path.join(inside, "two.jsonl"), promptLine("two"));
  symlinkSync(inside, path.join(rig.root, "projects", "inner"));
  append(rig.transcript("one"), promptLine("one"));
  const monitor = await rig.monitor();
  await monitor.caughtUp();
  expect([...rig.server.sources.values()].map(({ key }) => key.session).sort()).toEqual(["one", "two"]);
  append(path.join(outside, "secret.jsonl"), promptLine("more"));
  symlinkSync(path.join(outside, "secret.jsonl"), path.join(project, "later.jsonl"));
  append(rig.transcript("one"), promptLine("one more"));
  await until("the other line", () => rig.server.lines("one").length === 2);
  expect(rig.server.sources.size).toBe(2);
});

test("only what the agent calls a transcript is opened", async () => {
  await using rig = await Rig.start();
  const project = path.dirname(rig.transcript("one"));
  for (const name of ["one.txt", "key.key", ".session-aliases"]) append(path.join(project, name), promptLine("no"));
  mkdirSync(path.join(project, "folder.jsonl"));
  append(rig.transcript("one"), promptLine("one"));
  const monitor = await rig.monitor();
  await monitor.caughtUp();
  expect(rig.server.sources.size).toBe(1);
});

test("subagents are sources of their own and carry what their parent said of them", async () => {
  await using rig = await Rig.start();
  append(rig.transcript("one"), promptLine("one"));
  const monitor = await rig.monitor();
  await monitor.caughtUp();
  const file = rig.transcript("one", { subagent: "a1" });
  const meta = file.replace(".jsonl", ".meta.json");
  writeFileSync(meta, JSON.stringify({ agentType: "Explore", description: "look", toolUseId: "t1" }));
  append(file, promptLine("sub"));
  await until("the subagent", () => rig.server.lines("one", "a1").length === 1);
  expect(rig.server.source("one", "a1")?.meta).toMatchObject({ type: "Explore", call: "t1" });
  const next = `${meta}.tmp.1`;
  writeFileSync(next, JSON.stringify({ agentType: "Explore", description: "look", toolUseId: "t1", finished: true }));
  renameSync(next, meta);
  await until("that it finished", () => rig.server.source("one", "a1")?.meta?.finished === true);
  append(file, promptLine("sub 2"));
  await until("the second line", () => rig.server.lines("one", "a1").length === 2);
});

test("a root that does not exist yet is awaited", async () => {
  await using rig = await Rig.start();
  const root = path.join(rig.folder, "later");
  const monitor = await rig.monitor({ roots: [root] });
  await monitor.caughtUp();
  expect(monitor.report().warnings).toMatchObject([{ code: "root_missing" }]);
  append(rig.transcript("one", { root }), promptLine("one"));
  await until("its first line", () => rig.server.lines("one").length === 1);
  append(rig.transcript("one", { root }), promptLine("two"));
  await until("its second line", () => rig.server.lines("one").length === 2);
  expect(monitor.report().warnings).toEqual([]);
});

test("the scan finds what no event told of", async () => {
  await using rig = await Rig.start();
  const sessions = Array.from({ length: 300 }, (_, n) => `s${n}`);
  for (const session of sessions) append(rig.transcript(session, { subagent: "a" }), promptLine("x"));
  // The first is the longest silent and so the one whose folder is not watched.
  const oldest = rig.transcript("s0", { subagent: "a" });
  utimesSync(oldest, 1_000_000, 1_000_000);
  const monitor = await rig.monitor({ timing: { scanMs: 100 } });
  await monitor.caughtUp();
  expect(rig.server.sources.size).toBe(300);
  expect(monitor.report().foldersWatched).toBeLessThan(530);
  append(oldest, promptLine("y"));
  await until("the line in the folder that is not watched", () => rig.server.lines("s0", "a").length === 2);
});

test("a restart with nothing changed sends nothing", async () => {
  await using rig = await Rig.start();
  for (const session of ["one", "two", "three"]) append(rig.transcript(session), ...prompts(3));
  // Older than a clock tick, so that the proofs can be trusted.
  for (const session of ["one", "two", "three"]) utimesSync(rig.transcript(session), 1_700_000_000, 1_700_000_000);
  const first = await rig.monitor();
  await first.caughtUp();
  await rig.stop(first);
  const before = rig.server.ingests.length;
  const second = await rig.monitor();
  await second.caughtUp();
  expect(second.report()).toMatchObject({ filesKnown: 3, behindBytes: 0, lines: { total: 0 } });
  expect(rig.server.ingests.length).toBe(before);
});

test("a line of 20 MB is read through, told by its place and size, and the rest goes on", async () => {
  await using rig = await Rig.start();
  const file = rig.transcript("one");
  append(file, promptLine("before"));
  const offset = statSync(file).size;
  append(file, `${"x".repeat(20_000_000)}\n`, promptLine("after"));
  const monitor = await rig.monitor();
  await monitor.caughtUp();
  expect(rig.server.lines("one")).toHaveLength(2);
  const events = rig.server.source("one")?.generations.get(1)?.events ?? [];
  expect(events.filter(({ kind }) => kind === "malformed")).toMatchObject([
    { offset, bytes: 20_000_000, reason: "longer than 16 MiB" },
  ]);
  expect(rig.server.source("one")?.offset).toBe(statSync(file).size);
});

test("a valid line too large for a body travels in parts and arrives whole", async () => {
  await using rig = await Rig.start();
  const file = rig.transcript("one");
  // Random letters, so that compression does not make it fit.
  const noise = Buffer.alloc(9_000_000);
  for (let n = 0; n < noise.byteLength; n += 1) noise[n] = Math.floor(Math.random() * 256);
  const line = promptLine(noise.toString("base64"));
  append(file, promptLine("before"), line, promptLine("after"));
  const monitor = await rig.monitor();
  await monitor.caughtUp();
  expect(rig.server.lines("one")[1]).toBe(line.trimEnd());
  expect(rig.server.lines("one")).toHaveLength(3);
  expect(rig.server.ingests.flatMap(({ parts }) => parts).length).toBeGreaterThan(1);
  for (const { bodyBytes } of rig.server.ingests) expect(bodyBytes).toBeLessThanOrEqual(5 * 1024 * 1024);
});

test("many files are sent in few bodies, never more than four at once", async () => {
  await using rig = await Rig.start();
  for (let n = 0; n < 200; n += 1) append(rig.transcript(`s${n}`), ...prompts(5));
  const monitor = await rig.monitor();
  await monitor.caughtUp();
  expect(rig.server.sources.size).toBe(200);
  expect(rig.server.ingests.length).toBeLessThan(20);
  expect(rig.server.maxInFlight).toBeLessThanOrEqual(4);
});

test("the newest file is read first", async () => {
  await using rig = await Rig.start();
  const line = promptLine("x".repeat(300_000));
  for (const [n, session] of ["old", "older", "newest", "oldest"].entries()) {
    append(rig.transcript(session), line);
    const age = [200, 300, 100, 400][n] as number;
    utimesSync(rig.transcript(session), Date.now() / 1000 - age, Date.now() / 1000 - age);
  }
  const monitor = await rig.monitor();
  await monitor.caughtUp();
  const order = rig.server.ingests.flatMap(({ segments }) => segments.map(({ source }) => source.session));
  expect(order).toEqual(["newest", "old", "older", "oldest"]);
});

test("a live line does not wait for the past", async () => {
  await using rig = await Rig.start();
  const noise = () => Buffer.from(crypto.getRandomValues(new Uint8Array(60_000))).toString("base64");
  for (let n = 0; n < 60; n += 1) append(rig.transcript(`past${n}`), promptLine(noise()));
  append(rig.transcript("live"), promptLine("before"));
  utimesSync(rig.transcript("live"), 1_000_000, 1_000_000);
  const held = Promise.withResolvers<void>();
  const isLive = new Set<string>();
  rig.server.hold = () => held.promise;
  await rig.monitor();
  await until("all places of backfill are taken", () => rig.server.inFlight === 3);
  rig.server.script = ({ ingest }) => {
    for (const { source } of ingest?.segments ?? []) isLive.add(source.session);
    return null;
  };
  append(rig.transcript("live"), promptLine("now"));
  await until("the live line has the fourth", () => rig.server.inFlight === 4);
  held.resolve();
  await until("the live line", () => rig.server.lines("live").length === 2);
  expect(isLive.has("live")).toBe(true);
});

test("it says goodbye when it ends", async () => {
  await using rig = await Rig.start();
  const monitor = await rig.monitor();
  await monitor.caughtUp();
  await rig.stop(monitor);
  expect(rig.server.goodbyes).toBe(1);
});

test("no text of a transcript and no token stands in what it logs", async () => {
  await using rig = await Rig.start();
  append(rig.transcript("one"), promptLine("a very private thing"));
  const { createLoggers } = await import("./logger.ts");
  const { openSync, closeSync } = await import("node:fs");
  const log = path.join(rig.folder, "log");
  const descriptor = openSync(log, "a");
  const monitor = await rig.monitor({ loggers: createLoggers("trace", descriptor) });
  await monitor.caughtUp();
  rig.server.token = "another";
  append(rig.transcript("one"), promptLine("another private thing"));
  await until("the refusal is logged", () => readFileSync(log, "utf8").includes("unauthenticated"));
  await rig.stop(monitor);
  closeSync(descriptor);
  const text = readFileSync(log, "utf8");
  expect(text).not.toContain("private");
  expect(text).not.toContain('"secret"');
  expect(text).not.toContain("Bearer");
});
