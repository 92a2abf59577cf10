import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AgentPaneError } from "@agentpane/protocol";
import { expect, onTestFinished, test } from "vitest";
import { FakeEngine } from "./fake-engine.ts";
import { openStoreAccess } from "./offline.ts";
import { type Server, startServer } from "./server.ts";
import { readServerFile } from "./server-file.ts";
import { httpCall, testServer } from "./test-server.ts";

function dataFolder(): string {
  const path = mkdtempSync(join(tmpdir(), "agentpane-data-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function start(dataDir: string, options: object = {}, engine = new FakeEngine()): Promise<Server> {
  const all = { dataDir, version: "9.9.9", port: 0, logLevel: "silent" as const, ...options };
  return startServer(all, { openEngine: async () => engine });
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "started",
    (error: unknown) => (error instanceof AgentPaneError ? error.code : String(error)),
  );
}

test("a running server is found through a file that its owner alone can read, and leaves none behind", async () => {
  const dataDir = dataFolder();
  const path = join(dataDir, "server.json");
  const server = await start(dataDir);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const file = readServerFile(dataDir);
  expect(file).toMatchObject({ pid: process.pid, port: server.port, version: "9.9.9" });
  const me = await httpCall(server.port, "GET", "/api/v1/me", { token: file?.control });
  expect(me.json).toMatchObject({ role: "admin" });
  await server[Symbol.asyncDispose]();
  expect(existsSync(path)).toBe(false);
});

test("the file of a server that died, or that is no file of ours, is no server", () => {
  const dataDir = dataFolder();
  const path = join(dataDir, "server.json");
  // No process has this number: it is above every system's limit.
  const dead = { pid: 999_999_999, host: "127.0.0.1", port: 1, startedAt: 1, version: "1", control: "x" };
  for (const text of [JSON.stringify(dead), "{", "null", ""]) {
    writeFileSync(path, text);
    expect(readServerFile(dataDir)).toBeNull();
  }
});

test.each(["0.0.0.0", "::", "192.168.1.5", "example.org", ""])("it does not listen on %j", async (host) => {
  const engine = new FakeEngine();
  expect(await codeOf(start(dataFolder(), { host }, engine))).toBe("address_refused");
});

test.each(["127.0.0.1", "localhost", "::1", "[::1]"])("it listens on %s", async (host) => {
  await using server = await start(dataFolder(), { host });
  const answer = await fetch(`${server.address}/readyz`);
  expect(answer.status).toBe(200);
});

test("a port that is taken is named, and the store is closed again", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  onTestFinished(() => void other.close());
  const { port } = other.address() as { port: number };
  const engine = new FakeEngine();
  const dataDir = dataFolder();
  expect(await codeOf(start(dataDir, { port }, engine))).toBe("port_in_use");
  expect(engine.disposed).toBe(true);
  expect(existsSync(join(dataDir, "server.json"))).toBe(false);
});

test("a store that cannot be opened says so by its own code", async () => {
  const failing = startServer(
    { dataDir: dataFolder(), version: "9.9.9", port: 0, logLevel: "silent" },
    { openEngine: () => Promise.reject(new AgentPaneError("store_newer", "newer")) },
  );
  expect(await codeOf(failing)).toBe("store_newer");
});

test("a call that runs while the server stops is answered", async () => {
  const test = await testServer();
  const token = await test.token("viewer");
  const inside = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  test.engine.beforeSessions = () => {
    inside.resolve();
    return held.promise;
  };
  const running = test.call("GET", "/api/v1/sessions", { token });
  await inside.promise;
  const stopped = test[Symbol.asyncDispose]();
  expect(test.engine.disposed).toBe(false);
  held.resolve();
  expect((await running).status).toBe(200);
  await stopped;
  expect(test.engine.disposed).toBe(true);
});

test("a call that hangs does not keep the server from stopping", async () => {
  const test = await testServer();
  const token = await test.token("viewer");
  const inside = Promise.withResolvers<void>();
  test.engine.beforeSessions = () => {
    inside.resolve();
    return new Promise(() => {});
  };
  const hanging = test.call("GET", "/api/v1/sessions", { token }).catch((error: Error) => error.message);
  await inside.promise;
  await test[Symbol.asyncDispose]();
  expect(await hanging).toMatch(/hang up|ECONNRESET/);
});

test("tokens can be made where no server runs, and are good once one does", async () => {
  const dataDir = dataFolder();
  const offline = await openStoreAccess(dataDir);
  const made = await offline.add("script", "viewer", null);
  expect((await offline.list()).map(({ name }) => name)).toEqual(["script"]);
  await offline[Symbol.asyncDispose]();
  await using server = await startServer({ dataDir, version: "9.9.9", port: 0, logLevel: "silent" });
  const me = await httpCall(server.port, "GET", "/api/v1/me", { token: made.token });
  expect(me.json).toMatchObject({ name: "script", role: "viewer" });
  // While a server has the store, nobody opens it beside it.
  expect(await codeOf(openStoreAccess(dataDir))).toBe("store_locked");
});

test("log lines go to a file that its owner alone can read", async () => {
  const dataDir = dataFolder();
  const logFile = join(dataDir, "agentpane.log");
  const server = await start(dataDir, { logLevel: "info", logFile });
  await server[Symbol.asyncDispose]();
  expect(readFileSync(logFile, "utf8")).toContain('"listening"');
  expect(statSync(logFile).mode & 0o777).toBe(0o600);
});
