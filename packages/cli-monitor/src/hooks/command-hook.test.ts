import { type ChildProcess, spawn } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { connect } from "node:net";
import os from "node:os";
import path from "node:path";
import { claudeCode } from "@agentpane/agents";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createLoggers } from "../logger.ts";
import { until } from "../testing/rig.ts";
import { Squatter } from "../testing/squatter.ts";
import type { HookCall } from "./hook-call.ts";
import { hookFolder, keepPort, readHookKeys } from "./hook-keys.ts";
import { HttpListener, TOKEN_HEADER } from "./http-listener.ts";
import { placeScript } from "./install.ts";
import { hooksStatus, manageHooks } from "./manage.ts";
import { freePort, probePort, probeSocket } from "./probe.ts";
import { SocketListener } from "./socket-listener.ts";
import { socketPlace } from "./socket-place.ts";

const BODY = JSON.stringify({ hook_event_name: "PermissionRequest", secret: "what the agent asks", é: "ü" });
const ALLOW = '{"hookSpecificOutput":{}}';

let folder: string;
let state: string;
let children: ChildProcess[];

beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), "agentpane-hook-")));
  // Another account finds its own folder in it.
  chmodSync(folder, 0o755);
  state = path.join(folder, "state");
  readHookKeys(state);
  placeScript(state);
  children = [];
});
afterEach(() => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

interface Run {
  child: ChildProcess;
  out: string;
  code: number | null;
}

/** Runs the hook as the agent does. */
function hook(): Run {
  const script = path.join(hookFolder(state), "agentpane-hook.mts");
  const env = { ...process.env, CLAUDE_CODE_SESSION_ATTENDED: "1" };
  const child = spawn(process.execPath, [script], { stdio: ["pipe", "pipe", "pipe"], env, cwd: "/" });
  children.push(child);
  const run: Run = { child, out: "", code: null };
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      run.out += text;
    });
  }
  child.once("close", (code) => {
    run.code = code;
  });
  child.stdin?.on("error", () => {});
  child.stdin?.end(BODY);
  return run;
}

function listen(calls: HookCall[]): Promise<SocketListener> {
  const { key } = readHookKeys(state);
  const take = (call: HookCall) => void calls.push(call);
  return SocketListener.start(socketPlace(state), { key, take, log: createLoggers("silent").hooks });
}

function placeAt(socket: string): void {
  writeFileSync(path.join(hookFolder(state), "place.json"), JSON.stringify({ path: socket }));
}

test("the command takes what is asked to the monitor and prints the answer", async () => {
  const calls: HookCall[] = [];
  await using _listener = await listen(calls);
  expect(statSync(socketPlace(state).path).mode & 0o777).toBe(0o600);
  const run = hook();
  await until("the call", () => calls.length === 1);
  expect(calls[0]).toMatchObject({ body: BODY, attended: true });
  expect(run.code).toBeNull();
  expect(await calls[0]?.answer(ALLOW)).toBe(true);
  await until("the end", () => run.code !== null);
  expect(run).toMatchObject({ out: ALLOW, code: 0 });
});

test("a monitor that is not there, or dies meanwhile, leaves the agent's dialog: nothing is printed", async () => {
  const alone = hook();
  await until("the end", () => alone.code !== null);
  expect(alone).toMatchObject({ out: "", code: 0 });
  const calls: HookCall[] = [];
  const listener = await listen(calls);
  const held = hook();
  await until("the call", () => calls.length === 1);
  await listener[Symbol.asyncDispose]();
  await until("the end", () => held.code !== null);
  expect(held).toMatchObject({ out: "", code: 0 });
});

test("an agent that gives up waiting is noticed", async () => {
  const calls: HookCall[] = [];
  await using _listener = await listen(calls);
  const run = hook();
  await until("the call", () => calls.length === 1);
  let hungUp = false;
  calls[0]?.onHungUp(() => {
    hungUp = true;
  });
  run.child.kill("SIGTERM");
  await until("it is noticed", () => hungUp);
  expect(await calls[0]?.answer(ALLOW)).toBe(false);
});

test("a socket in another account's folder is not even connected to", async () => {
  const theirs = path.join(folder, "theirs");
  mkdirSync(theirs, { mode: 0o777 });
  chmodSync(theirs, 0o777);
  const socket = path.join(theirs, "hook.sock");
  await using squatter = await Squatter.start(socket, { folder: theirs, greeting: ALLOW });
  placeAt(socket);
  const run = hook();
  await until("the end", () => run.code !== null);
  expect(run).toMatchObject({ out: "", code: 0 });
  expect(squatter.connections).toBe(0);
});

test("a listener that cannot prove itself is told nothing and allows nothing", async () => {
  const socket = path.join(hookFolder(state), "other.sock");
  placeAt(socket);
  for (const greeting of [
    "",
    `${JSON.stringify({ proof: "0".repeat(64), nonce: "0".repeat(32) })}\n${ALLOW}`,
    ALLOW,
    "\n",
  ]) {
    // The same account, so that the file's owner does not give it away; only the proof does.
    const heard: string[] = [];
    const { createServer } = await import("node:net");
    const server = createServer((peer) => {
      peer.setEncoding("utf8").on("data", (text: string) => void heard.push(text));
      peer.on("error", () => {});
      peer.end(greeting);
    });
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    chmodSync(socket, 0o600);
    const run = hook();
    await until("the end", () => run.code !== null);
    expect(run).toMatchObject({ out: "", code: 0 });
    expect(heard.join("")).not.toContain("what the agent asks");
    await new Promise((resolve) => server.close(resolve));
  }
});

test("a caller that cannot prove itself opens no request", async () => {
  const calls: HookCall[] = [];
  await using _listener = await listen(calls);
  const { path: socket } = socketPlace(state);
  const words = [
    `${BODY}\n`,
    `${JSON.stringify({ nonce: "0".repeat(32) })}\n${JSON.stringify({ proof: "0".repeat(64), bytes: 2 })}\n{}`,
    `${"x".repeat(5_000)}`,
  ];
  for (const said of words) {
    const peer = connect(socket);
    peer.on("error", () => {});
    peer.write(said);
    peer.resume();
    await new Promise((resolve) => peer.once("close", resolve));
  }
  expect(calls).toEqual([]);
});

test("a folder of the socket that is another's is refused by the monitor", async () => {
  const theirs = path.join(folder, "theirs");
  writeFileSync(theirs, "");
  const { key } = readHookKeys(state);
  const options = { key, take: () => {}, log: createLoggers("silent").hooks };
  await expect(SocketListener.start({ path: path.join(theirs, "s"), folder: theirs }, options)).rejects.toThrow();
});

test("a port that another has is told no secret, and given up for another when the hook is installed", async () => {
  const root = path.join(folder, "config");
  mkdirSync(root);
  const port = await freePort();
  keepPort(state, port);
  const options = { state, roots: [root], format: claudeCode.hook, othersCanLogIn: false };
  expect((await hooksStatus(options)).reason).toContain("No monitor listens");
  await using squatter = await Squatter.start(port, { greeting: "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}" });
  const before = readHookKeys(state);
  expect(await probePort(before)).toBe("foreign");
  expect((await hooksStatus(options)).reason).toContain(`port ${port}`);
  await manageHooks(options, "install", false);
  const after = readHookKeys(state);
  expect(after).toEqual({ ...before, port: after.port });
  expect(after.port).not.toBe(port);
  expect(readFileSync(path.join(root, "settings.json"), "utf8")).toContain(`127.0.0.1:${after.port}/`);
  await until("the squatter says so", () => squatter.connections > 1);
  expect(squatter.heard).toContain("/agentpane/alive");
  for (const secret of [before.token, before.key]) expect(squatter.heard).not.toContain(secret);
});

test("the monitor's own port and socket prove themselves", async () => {
  const log = createLoggers("silent").hooks;
  const { token } = readHookKeys(state);
  await using listener = await HttpListener.start(null, { token, noAnswer: "{}", take: () => {}, log });
  expect(await probePort(keepPort(state, listener.port))).toBe("ours");
  expect(await probePort({ ...readHookKeys(state), token: "0".repeat(64) })).toBe("foreign");
  const { path: socket } = socketPlace(state);
  expect(await probeSocket(socket, readHookKeys(state))).toBe("nobody");
  await using _socket = await listen([]);
  expect(await probeSocket(socket, readHookKeys(state))).toBe("ours");
  expect(await probeSocket(socket, { ...readHookKeys(state), key: "0".repeat(64) })).toBe("foreign");
});

test("who connects to the port and does not ask is cut off, and a call that is held is not", async () => {
  const log = createLoggers("silent").hooks;
  const { token } = readHookKeys(state);
  const calls: HookCall[] = [];
  const take = (call: HookCall) => void calls.push(call);
  await using listener = await HttpListener.start(null, { token, noAnswer: "{}", take, log, callMs: 50 });
  const url = `http://127.0.0.1:${listener.port}/agentpane/permission-request`;
  const held = fetch(url, { method: "POST", headers: { [TOKEN_HEADER]: token }, body: BODY });
  await until("the call", () => calls.length === 1);
  const head = `POST /agentpane/permission-request HTTP/1.1\r\nHost: 127.0.0.1:${listener.port}\r\n`;
  const sayings = ["", "POST /agent", `${head}${TOKEN_HEADER}: ${token}\r\nContent-Length: 100\r\n\r\n{`];
  const gone = sayings.map((said) => {
    const peer = connect(listener.port, "127.0.0.1");
    peer.on("error", () => {});
    peer.resume();
    if (said !== "") peer.write(said);
    return new Promise((resolve) => peer.once("close", resolve));
  });
  await Promise.all(gone);
  expect(calls).toHaveLength(1);
  await calls[0]?.answer(ALLOW);
  expect(await (await held).text()).toBe(ALLOW);
});
