import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { claudeCode } from "./index.ts";

const FOLDER = path.join(import.meta.dirname, "../../../../fixtures/claude-code-registry/2.1.330");
const read = (name: string) => claudeCode.readRegistry(readFileSync(path.join(FOLDER, `${name}.json`)));
const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));
const LEAST = { pid: 7, sessionId: "s" };

test("only sessions/<pid>.json names an entry, and never a key", () => {
  expect(claudeCode.registryName("sessions/4711.json")).toBe(4711);
  const others = [
    "sessions/4711.0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.key",
    "sessions/4711.json.key",
    "sessions/4711.key",
    "sessions/x/4711.json",
    "sessions/0.json",
    "sessions/04711.json",
    "sessions/-1.json",
    "sessions/control.key",
    "projects/4711.json",
    "4711.json",
  ];
  expect(others.filter((name) => claudeCode.registryName(name) !== null)).toEqual([]);
});

test("an entry says which session a process runs, since when, and what it does", () => {
  expect(read("waiting-permission-prompt")).toEqual({
    pid: 17145,
    session: "577e26f4-3187-4510-8564-f4e4749bee1c",
    procStart: "566776",
    pidNamespace: "pid:[4026531836]",
    status: "waiting",
    waitingFor: "permission prompt",
    statusAt: 1795340528185,
    startedAt: 1795340516237,
    writtenAt: 1795340528185,
    kind: "interactive",
    entrypoint: "cli",
    agentVersion: "2.1.330",
    name: "shop-de",
  });
});

test.each([
  ["starting", null, null],
  ["idle", "idle", null],
  ["busy", "busy", null],
  ["shell", "shell", null],
  ["waiting-permission-prompt", "waiting", "permission prompt"],
  ["waiting-plan", "waiting", "permission prompt"],
  ["waiting-subagent-permission", "waiting", "permission prompt"],
  ["waiting-input-needed", "waiting", "input needed"],
  ["waiting-dialog-open", "waiting", "dialog open"],
  ["busy-compacting", "busy", null],
  ["busy-retrying", "busy", null],
  ["idle-after-error", "idle", null],
  ["print-starting", null, null],
  ["print-busy", "busy", null],
  ["killed", "busy", null],
])("the client's own entry %s is read as %s, %s", (name, status, waitingFor) => {
  expect(read(name)).toMatchObject({ status, waitingFor });
});

test("every recorded entry is read, but for the one that was caught half written", () => {
  const names = readdirSync(FOLDER).map((file) => path.basename(file, ".json"));
  expect(names.length).toBeGreaterThan(20);
  expect(names.filter((name) => read(name) === null)).toEqual(["torn.made"]);
});

test("/clear changes the session and keeps the process", () => {
  const [before, after] = [read("renamed"), read("cleared-at-once")];
  expect(after?.session).not.toBe(before?.session);
  expect(after).toMatchObject({ pid: before?.pid, procStart: before?.procStart, statusAt: before?.statusAt });
  expect(after?.writtenAt).toBeGreaterThan(before?.writtenAt ?? 0);
});

test("a container's entry names another pid namespace", () => {
  expect(read("foreign-namespace")).toMatchObject({ pid: 1, pidNamespace: "pid:[4026532247]" });
});

test("fields that are not known change nothing, and missing ones are null", () => {
  expect(claudeCode.readRegistry(bytes({ ...LEAST, peerProtocol: 9, more: { a: [1] } }))).toEqual({
    pid: 7,
    session: "s",
    procStart: "",
    pidNamespace: null,
    status: null,
    waitingFor: null,
    statusAt: null,
    startedAt: null,
    writtenAt: null,
    kind: null,
    entrypoint: null,
    agentVersion: null,
    name: null,
  });
});

test("a status that is not known here counts as none", () => {
  const entry = claudeCode.readRegistry(bytes({ ...LEAST, status: "dreaming", waitingFor: "x", statusUpdatedAt: 5 }));
  expect(entry).toMatchObject({ status: null, waitingFor: null, statusAt: null });
});

test("Windows names the start of a process in a field of its own", () => {
  expect(claudeCode.readRegistry(bytes({ ...LEAST, procStartFt: "133700000000000000" }))?.procStart).toBe(
    "133700000000000000",
  );
});

test.each([
  ["nothing", ""],
  ["half of it", '{"pid":7,"sess'],
  ["a list", "[]"],
  ["null", "null"],
  ["no session", '{"pid":7}'],
  ["no pid", '{"sessionId":"s"}'],
  ["pid 0", '{"pid":0,"sessionId":"s"}'],
  ["a pid that is text", '{"pid":"7","sessionId":"s"}'],
  ["a session that is too long", JSON.stringify({ pid: 7, sessionId: "s".repeat(201) })],
])("%s is no entry", (_what, text) => {
  expect(claudeCode.readRegistry(Buffer.from(text))).toBeNull();
});

test("values beyond what the protocol carries are left out", () => {
  const entry = claudeCode.readRegistry(
    bytes({
      ...LEAST,
      status: "busy",
      statusUpdatedAt: 1e300,
      startedAt: -5,
      procStart: "9".repeat(65),
      name: "n".repeat(5_000),
    }),
  );
  expect(entry).toMatchObject({ statusAt: null, startedAt: null, procStart: "", name: "n".repeat(300) });
});
