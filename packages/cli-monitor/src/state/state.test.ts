import { spawn } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { machineIdentity } from "./machine-identity.ts";
import { processStart } from "./process-identity.ts";
import { lockFile, RootLocks, runningHolder, runningMonitor } from "./root-lock.ts";
import { openStateFolder, refuseOpenPath } from "./state-folder.ts";

const HERE = "a".repeat(64);
const ELSEWHERE = "b".repeat(64);
/** An account that no one of the tests' own is. */
const OTHER_UID = 54_321;
let folder: string;

beforeEach(() => {
  folder = path.join(mkdtempSync(path.join(os.tmpdir(), "agentpane-state-")), "state");
});
afterEach(() => {
  rmSync(path.dirname(folder), { recursive: true });
});

test("a machine keeps its random id, in a file that nobody else can read", () => {
  const first = machineIdentity(folder, HERE);
  expect(first.id).toMatch(/^m_[0-9a-f]{32}$/);
  expect(machineIdentity(folder, HERE)).toEqual(first);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(path.join(folder, "machine.json")).mode & 0o777).toBe(0o600);
});

test("a state folder that others can read is closed to them", () => {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  machineIdentity(folder, HERE);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

test("a state folder that cannot be made is refused with what to do", () => {
  mkdirSync(path.dirname(folder), { recursive: true });
  writeFileSync(folder, "");
  expect(() => openStateFolder(path.join(folder, "state"))).toThrow("Name another with AGENTPANE_STATE");
});

/** A folder that another account has: made here where this test may, else the system's own. */
function theirFolder(): string {
  if (process.getuid?.() !== 0) return "/";
  const theirs = path.join(path.dirname(folder), "theirs");
  mkdirSync(theirs, { mode: 0o755 });
  chownSync(theirs, OTHER_UID, OTHER_UID);
  return theirs;
}

test("a state folder of another account is refused, also behind a link, and keeps its mode", () => {
  const theirs = theirFolder();
  const { mode } = statSync(theirs);
  expect(() => openStateFolder(theirs)).toThrow("belongs to another user");
  symlinkSync(theirs, folder);
  expect(() => machineIdentity(folder, HERE)).toThrow("belongs to another user");
  expect(statSync(theirs).mode).toBe(mode);
});

test("a state folder that is a link of one's own is followed", () => {
  const real = path.join(path.dirname(folder), "real");
  mkdirSync(real, { mode: 0o755 });
  symlinkSync(real, folder);
  expect(machineIdentity(folder, HERE).id).toMatch(/^m_/);
  expect(statSync(real).mode & 0o777).toBe(0o700);
});

test("a folder is open where others may replace it or what is above it", () => {
  openStateFolder(folder);
  refuseOpenPath(folder);
  const above = path.dirname(folder);
  chmodSync(above, 0o777);
  expect(() => refuseOpenPath(folder)).toThrow(above);
  // As /tmp is: nobody can replace what is another's.
  chmodSync(above, 0o1777);
  refuseOpenPath(folder);
});

test("a home that was copied to another host gets another id, and so does a broken file", () => {
  const first = machineIdentity(folder, HERE);
  const other = machineIdentity(folder, ELSEWHERE);
  expect(other.id).not.toBe(first.id);
  expect(machineIdentity(folder, ELSEWHERE)).toEqual(other);
  writeFileSync(path.join(folder, "machine.json"), "{");
  expect(machineIdentity(folder, ELSEWHERE).id).not.toBe(other.id);
});

test("a root is locked by one monitor at a time, and free again when that ends", () => {
  openStateFolder(folder);
  const locks = RootLocks.take(folder, ["/r", "/s"], "http://a");
  expect(() => RootLocks.take(folder, ["/q", "/s"], "http://a")).toThrow(/pid \d+\) already watches \/s/);
  expect(existsSync(lockFile(folder, "/q"))).toBe(false);
  expect(runningHolder(folder, "/r")?.pid).toBe(process.pid);
  locks[Symbol.dispose]();
  expect(runningHolder(folder, "/r")).toBeNull();
  RootLocks.take(folder, ["/s"], "http://a")[Symbol.dispose]();
});

test("a second monitor of the same user is refused whatever it would watch, and told how to watch both", () => {
  openStateFolder(folder);
  const first = RootLocks.take(folder, ["/r"], "http://a");
  expect(() => RootLocks.take(folder, ["/s", "/t"], "http://a")).toThrow(
    `Your monitor (pid ${process.pid}) already runs here, for /r, and one watches all roots. Stop it with \`cli-monitor stop\`, and start it with --root /r --root /s --root /t.`,
  );
  expect(runningMonitor(folder)?.root).toBe("/r");
  expect(runningHolder(folder, "/s")).toBeNull();
  first[Symbol.dispose]();
  expect(runningMonitor(folder)).toBeNull();
  RootLocks.take(folder, ["/s"], "http://a")[Symbol.dispose]();
});

async function endedPid(): Promise<number> {
  const child = spawn(process.execPath, ["-e", ""], { stdio: "ignore" });
  await new Promise((resolve) => child.once("exit", resolve));
  return child.pid as number;
}

test.each<[string, () => Promise<object | string>]>([
  ["a dead pid", async () => ({ pid: await endedPid(), processStart: "x" })],
  ["a pid that another process has now", async () => ({ pid: process.pid, processStart: "another boot 123" })],
  ["a torn file", async () => '{"pid":'],
])("the stale lock of %s is taken over", async (_name, content) => {
  openStateFolder(folder);
  const stale = await content();
  const text =
    typeof stale === "string" ? stale : JSON.stringify({ ...stale, startedAt: 1, root: "/r", server: "http://a" });
  writeFileSync(lockFile(folder, "/r"), text);
  const locks = RootLocks.take(folder, ["/r"], "http://a");
  const holder = JSON.parse(readFileSync(lockFile(folder, "/r"), "utf8"));
  expect(holder).toMatchObject({ pid: process.pid, processStart: processStart(process.pid) });
  locks[Symbol.dispose]();
  expect(existsSync(lockFile(folder, "/r"))).toBe(false);
});

test.each([
  ["names a dead pid", true],
  ["is empty", false],
])("a takeover that was killed half way stops nobody: its guard %s", async (_name, named) => {
  openStateFolder(folder);
  const dead = { pid: await endedPid(), processStart: "x", startedAt: 1, root: "/r", server: "http://a" };
  const lock = lockFile(folder, "/r");
  writeFileSync(lock, JSON.stringify(dead));
  writeFileSync(`${lock}.takeover`, named ? JSON.stringify(dead) : "");
  const longAgo = new Date(Date.now() - 60_000);
  if (!named) utimesSync(`${lock}.takeover`, longAgo, longAgo);
  const locks = RootLocks.take(folder, ["/r"], "http://a");
  expect(runningHolder(folder, "/r")?.pid).toBe(process.pid);
  expect(existsSync(`${lock}.takeover`)).toBe(false);
  locks[Symbol.dispose]();
});

test("of several monitors that find the same stale lock, exactly one takes it", async () => {
  openStateFolder(folder);
  const stale = { pid: await endedPid(), processStart: "x", startedAt: 1, root: "/r", server: "http://a" };
  writeFileSync(lockFile(folder, "/r"), JSON.stringify(stale));
  const script = `
    import { RootLocks } from ${JSON.stringify(new URL("./root-lock.ts", import.meta.url).href)};
    try { RootLocks.take(${JSON.stringify(folder)}, ["/r"], "http://a"); console.log("taken"); }
    catch (error) { console.log(error.code); }
    process.stdin.resume();
    process.stdin.on("end", () => process.exit(0));
  `;
  const children = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["pipe", "pipe", "inherit"] }),
  );
  const words = await Promise.all(
    children.map(
      (child) => new Promise<string>((resolve) => child.stdout.once("data", (data) => resolve(`${data}`.trim()))),
    ),
  );
  for (const child of children) child.stdin.end();
  await Promise.all(children.map((child) => new Promise((resolve) => child.once("close", resolve))));
  expect(words.sort()).toEqual(["monitor_running", "monitor_running", "monitor_running", "taken"]);
});
