import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Adapter, claudeCode } from "@agentpane/agents";
import { expect, test } from "vitest";
import { append, promptLine, Rig, until } from "../testing/rig.ts";
import { EVENTS_ONLY, QUICK_PRESENCE, Stage } from "../testing/stage.ts";
import type { ProcessDomain } from "./process-table.ts";

test("an agent that runs already is in the first set", async () => {
  await using stage = await Stage.start();
  const agent = stage.agent("one");
  agent.say({ status: "busy" });
  const monitor = await stage.monitor();
  expect(stage.far.current?.hello).toMatchObject({ token: "secret", machine: monitor.machine });
  expect(stage.far.current?.hello?.bootId).toBe(stage.rig.server.registrations[0]?.bootId);
  expect(stage.far.current?.told[0]?.presences).toMatchObject([
    { root: stage.rig.root, session: "one", pid: agent.pid, procStart: agent.procStart, life: "alive", status: "busy" },
  ]);
});

test("an agent that starts is told at once, also where there was no registry yet", async () => {
  await using stage = await Stage.start();
  await stage.monitor({ timing: EVENTS_ONLY });
  const first = stage.agent("one");
  first.say({ status: "idle" });
  await until("the first agent", () => stage.far.life("one") === "alive");
  stage.agent("two").say({ status: "busy" });
  await until("the second agent", () => stage.far.life("two") === "alive");
  expect(stage.far.presences.get("two")?.status).toBe("busy");
});

test("each state an agent is in is told at once, though it writes in place", async () => {
  await using stage = await Stage.start();
  const agent = stage.agent("one");
  agent.say({ status: "idle" });
  await stage.monitor({ timing: EVENTS_ONLY });
  const states = [
    { status: "busy" },
    { status: "waiting", waitingFor: "permission prompt" },
    { status: "busy", waitingFor: undefined },
    { status: "waiting", waitingFor: "input needed" },
    { status: "shell", waitingFor: undefined },
    { status: "idle" },
  ];
  for (const state of states) {
    agent.say(state);
    await until(`it is told as ${state.status}`, () => {
      const told = stage.far.presences.get("one");
      return told?.status === state.status && told.waitingFor === (state.waitingFor ?? null);
    });
  }
});

test("an entry that is caught half written is read again, and what was known stands meanwhile", async () => {
  await using stage = await Stage.start();
  const agent = stage.agent("one");
  agent.say({ status: "busy" });
  await stage.monitor({ timing: EVENTS_ONLY });
  const whole = readFileSync(agent.file, "utf8");
  writeFileSync(agent.file, whole.slice(0, 40));
  const other = stage.agent("two");
  other.say({});
  await until("something later is told", () => stage.far.life("two") === "alive");
  expect(stage.far.presences.get("one")).toMatchObject({ life: "alive", status: "busy" });
  writeFileSync(agent.file, whole.replace('"busy"', '"idle"'));
  await until("it is read", () => stage.far.presences.get("one")?.status === "idle");
});

test("kill -9 leaves the file behind: dead all the same", async () => {
  await using stage = await Stage.start();
  const agent = stage.agent("one");
  agent.say({ status: "busy" });
  await stage.monitor();
  await agent.kill();
  await until("it is dead", () => stage.far.life("one") === "dead");
  expect(readFileSync(agent.file, "utf8")).toContain('"busy"');
});

test("an agent that says goodbye is dead soon after, without waiting for the next look", async () => {
  await using stage = await Stage.start();
  const agent = stage.agent("one");
  agent.say({ status: "idle" });
  await stage.monitor({ timing: EVENTS_ONLY });
  await agent.exit();
  await until("it is dead", () => stage.far.life("one") === "dead");
});

test("a pid that passed to another process does not keep the session alive", async () => {
  await using stage = await Stage.start();
  const agent = stage.agent("one");
  agent.say({ status: "busy" });
  await stage.monitor();
  // No test can have a pid given out twice, so the stand-in is a process with another start than the entry says.
  const standIn = stage.agent("stand-in");
  const text = readFileSync(agent.file, "utf8").replace(`"pid":${agent.pid}`, `"pid":${standIn.pid}`);
  writeFileSync(standIn.file, text.replace(/"procStart":"[^"]*"/, '"procStart":"1"').replace('"one"', '"two"'));
  await until("the entry is told", () => stage.far.life("two") !== undefined);
  expect(stage.far.life("two")).toBe("unproven");
});

test("a session whose process was seen is dead once another process has its pid", async () => {
  await using stage = await Stage.start();
  const agent = stage.agent("one");
  agent.say({ status: "busy" });
  await stage.rig.stop(await stage.monitor());
  // As if the process that the first monitor saw had been another one.
  stage.rewriteSeen(`"procStart":"${agent.procStart}"`, '"procStart":"1"');
  agent.say({ sessionId: "two" });
  await stage.monitor();
  expect(stage.far.life("one")).toBe("dead");
  expect(stage.far.life("two")).toBe("alive");
});

test("/clear moves the process to a new session", async () => {
  await using stage = await Stage.start();
  const agent = stage.agent("one");
  agent.say({ status: "idle" });
  await stage.monitor({ timing: EVENTS_ONLY });
  agent.say({ sessionId: "two" });
  await until("the new session lives", () => stage.far.life("two") === "alive");
  expect(stage.far.life("one")).toBe("moved");
  expect(stage.far.presences.get("one")?.pid).toBe(agent.pid);
});

test("an agent that is killed while no monitor runs is dead to the next one, with its file and without", async () => {
  await using stage = await Stage.start();
  const [killed, left, stays] = [stage.agent("killed"), stage.agent("left"), stage.agent("stays")];
  for (const agent of [killed, left, stays]) agent.say({ status: "busy" });
  const first = await stage.monitor();
  await stage.rig.stop(first);
  await killed.kill();
  await left.exit();
  await stage.monitor();
  expect(stage.far.current?.told[0]?.presences.map(({ session, life }) => [session, life]).sort()).toEqual([
    ["killed", "dead"],
    ["left", "dead"],
    ["stays", "alive"],
  ]);
});

test.each([
  ["boot", (domain: ProcessDomain) => JSON.stringify(domain.boot)],
  ["pid namespace", (domain: ProcessDomain) => JSON.stringify(domain.pidNamespace)],
])("what was seen in another %s is no evidence", async (_what, own) => {
  await using stage = await Stage.start();
  const agent = stage.agent("one");
  agent.say({ status: "busy", pidDomain: undefined });
  await stage.rig.stop(await stage.monitor());
  await agent.kill();
  stage.rewriteSeen(own(stage.domain), '"another"');
  await stage.monitor();
  expect(stage.far.life("one")).toBe("unproven");
});

test("a process in another pid namespace is neither alive nor dead to this monitor", async () => {
  await using stage = await Stage.start();
  const inner = await stage.container();
  const file = path.join(stage.rig.root, "sessions", `${inner.pid}.json`);
  mkdirSync(path.dirname(file));
  const domain = `linux:${"0".repeat(32)}:${inner.pidNamespace}`;
  const entry = { pid: inner.pid, sessionId: "inner", procStart: inner.procStart, pidDomain: domain, status: "busy" };
  writeFileSync(file, JSON.stringify(entry));
  await stage.monitor();
  expect(stage.far.presences.get("inner")).toMatchObject({ life: "unproven", status: "busy" });
  await inner.end();
  // Its own monitor would say so; whatever this one looks at, it must not.
  const agent = stage.agent("outer");
  agent.say({ status: "busy" });
  await until("the other one lives", () => stage.far.life("outer") === "alive");
  await agent.kill();
  await until("the other one is dead", () => stage.far.life("outer") === "dead");
  expect(stage.far.life("inner")).toBe("unproven");
});

test("a registry file of a process that no monitor saw proves nothing", async () => {
  await using stage = await Stage.start();
  const agent = stage.agent("one");
  agent.say({ status: "busy" });
  await agent.kill();
  await stage.monitor();
  expect(stage.far.life("one")).toBe("unproven");
});

test("keys beside the registry are never read", async () => {
  await using stage = await Stage.start();
  const agent = stage.agent("one");
  agent.say({ status: "idle" });
  const key = path.join(stage.rig.root, "sessions", `${agent.pid}.${"a".repeat(64)}.key`);
  writeFileSync(key, '{"peerToken":"very private"}');
  const read: string[] = [];
  const adapter: Adapter = {
    ...claudeCode,
    readRegistry(bytes) {
      read.push(bytes.toString());
      return claudeCode.readRegistry(bytes);
    },
  };
  await stage.monitor({ adapter });
  writeFileSync(key, '{"peerToken":"very private too"}');
  agent.say({ status: "busy" });
  await until("it is told", () => stage.far.presences.get("one")?.status === "busy");
  expect(read.length).toBeGreaterThan(1);
  expect(read.filter((text) => text.includes("private"))).toEqual([]);
});

test("two roots are both watched, and one that comes later is found", async () => {
  await using stage = await Stage.start();
  const later = path.join(stage.rig.folder, "later");
  stage.agent("one").say({ status: "idle" });
  await stage.monitor({ roots: [stage.rig.root, later] });
  expect(stage.far.life("one")).toBe("alive");
  stage.agent("two", later).say({ status: "busy" });
  await until("the other root's agent", () => stage.far.life("two") === "alive");
  expect(stage.far.presences.get("two")?.root).toBe(later);
});

test("a registry folder that is made anew is watched anew", async () => {
  await using stage = await Stage.start();
  const agent = stage.agent("one");
  agent.say({ status: "idle" });
  await stage.monitor();
  rmSync(path.join(stage.rig.root, "sessions"), { recursive: true });
  await until("its state is unknown", () => stage.far.presences.get("one")?.status === null);
  agent.say({ status: "busy" });
  await until("it is back", () => stage.far.presences.get("one")?.status === "busy");
  agent.say({ status: "idle" });
  await until("and followed", () => stage.far.presences.get("one")?.status === "idle");
});

test("what happens while the channel is lost is in the set of the next one", async () => {
  await using stage = await Stage.start();
  const agent = stage.agent("one");
  agent.say({ status: "busy" });
  await stage.monitor();
  stage.far.refuses = 503;
  stage.far.current?.socket.terminate();
  await until("it dials in vain", () => stage.far.upgrades > 2);
  agent.say({ status: "waiting", waitingFor: "permission prompt" });
  stage.far.refuses = null;
  await until("it is back", () => stage.far.presences.get("one")?.status === "waiting");
  expect(stage.far.current?.told[0]?.full).toBe(true);
});

test("without a channel the transcripts travel all the same", async () => {
  await using rig = await Rig.start();
  append(rig.transcript("one"), promptLine("hello"));
  const monitor = await rig.monitor({ timing: QUICK_PRESENCE });
  await monitor.caughtUp();
  expect(rig.server.lines("one")).toHaveLength(1);
  await rig.stop(monitor);
  expect(rig.server.goodbyes).toBe(1);
});
