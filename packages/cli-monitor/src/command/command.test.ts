import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { processStart } from "../state/process-identity.ts";
import { append, promptLine, until } from "../testing/rig.ts";
import { ScriptedServer } from "../testing/scripted-server.ts";
import { EXIT } from "./exit-codes.ts";

const BIN = fileURLToPath(new URL("../../bin/cli-monitor.js", import.meta.url));
const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));

let folder: string;
let server: ScriptedServer;
let children: ChildProcess[];

beforeEach(async () => {
  folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), "agentpane-command-")));
  mkdirSync(path.join(folder, "config", "projects", "p"), { recursive: true });
  writeFileSync(path.join(folder, "token"), "secret\n", { mode: 0o600 });
  server = await ScriptedServer.start();
  children = [];
});
afterEach(async () => {
  await command("stop");
  for (const child of children) if (child.exitCode === null) child.kill("SIGKILL");
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

function environment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const { AGENTPANE_TOKEN: _token, ...env } = process.env;
  const config = path.join(folder, "config");
  return { ...env, HOME: folder, CLAUDE_CONFIG_DIR: config, AGENTPANE_STATE: path.join(folder, "state"), ...more };
}

function start(
  args: string[],
  options: { env?: NodeJS.ProcessEnv; ipc?: boolean; program?: string } = {},
): ChildProcess {
  const child = spawn(process.execPath, [options.program ?? BIN, ...args], {
    env: environment(options.env),
    stdio: ["ignore", "pipe", "pipe", ...(options.ipc ? (["ipc"] as const) : [])],
  });
  children.push(child);
  return child;
}

interface Ended {
  code: number | null;
  output: string;
}

async function ending(child: ChildProcess): Promise<Ended> {
  let output = "";
  const read = async (stream: Readable | null) => {
    for await (const data of stream ?? []) output += data;
  };
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  await Promise.all([read(child.stdout), read(child.stderr)]);
  return { code: await exited, output };
}

const command = (...args: string[]) => ending(start(args));
const reporting = () => ["--server", server.url, "--token-file", path.join(folder, "token")];
const pidIn = (output: string) => Number(/pid (\d+)/.exec(output)?.[1]);

test("a detached monitor is started once, told of, and really ended", async () => {
  expect(await command("status")).toMatchObject({ code: EXIT.notRunning });
  const started = await command("start", "--detach", ...reporting());
  expect(started.code).toBe(EXIT.ok);
  const pid = pidIn(started.output);
  append(path.join(folder, "config", "projects", "p", "one.jsonl"), promptLine("a"));
  await until("the line", () => server.lines("one").length === 1);

  const again = await command("start", "--detach", ...reporting());
  expect(again.code).toBe(EXIT.alreadyRunning);
  const inFront = await command("start", ...reporting());
  expect(inFront.code).toBe(EXIT.alreadyRunning);
  const status = await command("status", "--json");
  expect(JSON.parse(status.output)).toMatchObject({ running: true, pid, connected: true });
  expect((await command("status")).output).toMatch(/^running {3}pid \d+, for \d+ s$/m);

  expect(await command("stop")).toMatchObject({ code: EXIT.ok });
  expect(processStart(pid)).toBeNull();
  expect(server.goodbyes).toBe(1);
  expect(await command("stop")).toMatchObject({ code: EXIT.notRunning });
  expect(await command("status")).toMatchObject({ code: EXIT.notRunning });
});

test("the death of a detached monitor right after its start is told, with the log that says why", async () => {
  writeFileSync(path.join(folder, "token"), "wrong", { mode: 0o600 });
  const { code, output } = await command("start", "--detach", ...reporting());
  expect(code).toBe(EXIT.startFailed);
  const log = /Its log: (.+)/.exec(output)?.[1] ?? "";
  expect(readFileSync(log, "utf8")).toContain("unauthenticated");
});

test("a detached monitor whose server is away runs and says so", async () => {
  const away = await ScriptedServer.start();
  const { url } = away;
  await away[Symbol.asyncDispose]();
  const args = ["--server", url, "--token-file", path.join(folder, "token")];
  const { code, output } = await command("start", "--detach", ...args);
  expect(code).toBe(EXIT.ok);
  expect(output).toContain("not reached yet");
  expect((await command("status")).code).toBe(EXIT.ok);
});

test("a monitor that was killed leaves a lock that the next one takes over", async () => {
  const pid = pidIn((await command("start", "--detach", ...reporting())).output);
  process.kill(pid, "SIGKILL");
  await until("it has ended", () => processStart(pid) === null);
  const next = await command("start", "--detach", ...reporting());
  expect(next.code).toBe(EXIT.ok);
  expect(pidIn(next.output)).not.toBe(pid);
});

test.each<[string, () => Promise<Ended>, number]>([
  ["no token", () => command("start", "--server", server.url), EXIT.usage],
  ["an unknown flag", () => command("start", "--tokn", "x"), EXIT.usage],
  ["an address that is none", () => command("start", "--server", "nowhere"), EXIT.usage],
  ["help", () => command("--help"), EXIT.ok],
  ["the version", () => command("version"), EXIT.ok],
])("exit code for %s", async (_name, ended, code) => {
  expect((await ended()).code).toBe(code);
});

test("in the foreground it ends by name when the server refuses the token", async () => {
  const file = path.join(folder, "token");
  writeFileSync(file, "wrong", { mode: 0o600 });
  const { code, output } = await command("start", ...reporting());
  expect(code).toBe(EXIT.refused);
  expect(output).toContain("unauthenticated");
});

test.each(["SIGTERM", "SIGINT"] as const)("%s ends it with a goodbye", async (signal) => {
  const child = start(["start", ...reporting()], { program: MAIN });
  const ended = ending(child);
  await until("it is registered", () => server.registrations.length === 1);
  child.kill(signal);
  expect((await ended).code).toBe(EXIT.ok);
  expect(server.goodbyes).toBe(1);
});

test("it ends when the channel to its parent closes", async () => {
  const child = start(["start", ...reporting()], { program: MAIN, ipc: true });
  const ended = ending(child);
  await until("it is registered", () => server.registrations.length === 1);
  child.disconnect();
  expect((await ended).code).toBe(EXIT.ok);
});

test("it ends when the parent that it was told of is gone", async () => {
  const parent = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
  const child = start(["start", ...reporting()], { program: MAIN, env: { AGENTPANE_PARENT_PID: String(parent.pid) } });
  const ended = ending(child);
  await until("it is registered", () => server.registrations.length === 1);
  parent.kill("SIGKILL");
  expect((await ended).code).toBe(EXIT.ok);
});
