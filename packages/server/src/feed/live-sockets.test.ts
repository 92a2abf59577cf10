import { expect, test } from "vitest";
import { FakeClock } from "../fake-clock.ts";
import { FakeEngine, promptEvent, sessionRow } from "../fake-engine.ts";
import { openSocket, refusedUpgrade, type TestSocket } from "../test-live.ts";
import { type TestServer, testServer } from "../test-server.ts";
import { HELLO_MS } from "./live-socket.ts";
import { MAX_LIVE_SOCKETS } from "./live-sockets.ts";

async function greeted(test: TestServer, token: string): Promise<TestSocket> {
  const socket = await openSocket(test.server.port);
  socket.send({ type: "hello", token });
  await socket.until((frames) => frames.length > 0);
  return socket;
}

/** A change as the API brings it about: the row goes by an admin's call. */
async function change(test: TestServer, id: string): Promise<void> {
  test.engine.rows.set(id, sessionRow(id));
  const answer = await test.call("DELETE", `/api/v1/sessions/${id}`, { token: await test.token("admin") });
  expect(answer.status).toBe(204);
}

test("a page says hello with its token and gets a snapshot, then changes", async () => {
  await using test = await testServer();
  test.engine.rows.set("a", sessionRow("a"));
  const socket = await greeted(test, await test.token("viewer"));
  expect(socket.frames[0]).toMatchObject({ type: "snapshot", n: 0, total: 1, sessions: [{ id: "a" }] });
  await change(test, "b");
  await socket.until((frames) => frames.length > 1);
  expect(socket.frames[1]).toMatchObject({ type: "changes", n: 1, removed: ["b"] });
});

test("a page that comes back resumes where it was", async () => {
  await using test = await testServer();
  const token = await test.token("viewer");
  const first = await greeted(test, token);
  const { epoch } = first.frames[0] as { epoch: string };
  first.ws.close();
  await first.closed;
  await change(test, "missed");
  const second = await openSocket(test.server.port);
  second.send({ type: "hello", token, cursor: { epoch, n: 0 } });
  await second.until((frames) => frames.length > 0);
  expect(second.frames).toMatchObject([{ type: "changes", n: 1, removed: ["missed"] }]);
});

test("a page from before a restart gets a resync and a snapshot", async () => {
  const engine = new FakeEngine();
  engine.rows.set("a", sessionRow("a"));
  await using test = await testServer({ engine });
  const socket = await openSocket(test.server.port);
  const cursor = { epoch: "of another life", n: 7 };
  socket.send({ type: "hello", token: await test.token("viewer"), cursor });
  await socket.until((frames) => frames.length > 1);
  expect(socket.frames).toMatchObject([
    { type: "resync", reason: "epoch" },
    { type: "snapshot", total: 1 },
  ]);
});

test("a page watches a transcript: what is there, then what comes", async () => {
  await using test = await testServer();
  const events = [promptEvent("s", 0), promptEvent("s", 10)];
  test.engine.transcripts.set("s", events);
  const socket = await greeted(test, await test.token("viewer"));
  socket.send({ type: "watch", session: "s", subagent: null, after: "start" });
  await socket.until((frames) => frames.some(({ type }) => type === "events"));
  expect(socket.frames.at(-1)).toMatchObject({ session: "s", events: [{ offset: 0 }, { offset: 10 }], next: "2" });
  events.push(promptEvent("s", 20));
  const grown = { session: "s", subagent: null, next: "3", reset: false };
  test.engine.writer.deleteSession = async () => test.engine.committed({ found: true }, { grown: [grown] });
  await change(test, "anything");
  await socket.until((frames) => frames.filter(({ type }) => type === "events").length > 1);
  expect(socket.frames.at(-1)).toMatchObject({ events: [{ offset: 20 }], next: "3" });
});

test("a socket that says nothing is closed after five seconds", async () => {
  const clock = new FakeClock();
  await using test = await testServer({ clock });
  const socket = await openSocket(test.server.port);
  await clock.advance(HELLO_MS);
  expect(await socket.closed).toEqual({ code: 4401 });
});

test.each([
  ["a token that is none", "hello", 4401, "unauthenticated"],
  ["a monitor's token", "monitor", 4403, "forbidden"],
  ["another frame first", "watch", 4400, "invalid_frame"],
  ["what is no JSON", "{", 4400, "invalid_frame"],
  ["a frame of no known type", '{"type":"dance"}', 4400, "invalid_frame"],
])("%s ends the socket by name", async (_, kind, closeCode, code) => {
  await using test = await testServer();
  const socket = await openSocket(test.server.port);
  if (kind === "hello") socket.send({ type: "hello", token: `ap_v_${"x".repeat(43)}` });
  else if (kind === "monitor") socket.send({ type: "hello", token: await test.token("monitor") });
  else if (kind === "watch") socket.send({ type: "watch", session: "s", subagent: null, after: "start" });
  else socket.send(kind);
  expect(await socket.closed).toEqual({ code: closeCode });
  expect(socket.frames).toMatchObject([{ type: "error", code }]);
});

test("a frame of more than 128 KiB ends the socket and nothing else", async () => {
  await using test = await testServer();
  const token = await test.token("viewer");
  const other = await greeted(test, token);
  const socket = await greeted(test, token);
  socket.send("x".repeat(129 * 1024));
  expect(await socket.closed).toEqual({ code: 1009 });
  await change(test, "a");
  await other.until((frames) => frames.length > 1);
});

test("revoking a token closes its sockets at once", async () => {
  await using test = await testServer();
  const token = await test.token("viewer");
  const socket = await greeted(test, token);
  const other = await greeted(test, await test.token("viewer"));
  await test.call("POST", "/api/v1/logout", { token });
  expect(await socket.closed).toEqual({ code: 4401 });
  expect(other.ws.readyState).toBe(other.ws.OPEN);
});

test("a revoked reader that does not hang up gets nothing more and is cut off", async () => {
  const clock = new FakeClock();
  await using test = await testServer({ clock });
  const token = await test.token("viewer");
  const stubborn = await greeted(test, token);
  stubborn.ws.pause();
  await test.call("POST", "/api/v1/logout", { token });
  await change(test, "secret");
  await clock.advance(2_000);
  stubborn.ws.resume();
  await stubborn.closed;
  expect(stubborn.frames.map(({ type }) => type)).toEqual(["snapshot", "error"]);
});

test("a token that expires, or is revoked in the store, closes its sockets within seconds", async () => {
  const clock = new FakeClock();
  await using test = await testServer({ clock });
  const expiring = await greeted(test, await test.token("viewer", clock.now() + 10_000));
  const revoked = await greeted(test, await test.token("viewer"));
  await clock.advance(9_000);
  expect(expiring.ws.readyState).toBe(expiring.ws.OPEN);
  await test.engine.writer.revokeToken("viewer 2");
  await clock.advance(5_000);
  expect(await expiring.closed).toEqual({ code: 4401 });
  expect(await revoked.closed).toEqual({ code: 4401 });
});

test("500 sockets are taken, the 501st is told to come again, and then has a place", async () => {
  await using test = await testServer();
  const { port } = test.server;
  const sockets = await Promise.all(Array.from({ length: MAX_LIVE_SOCKETS }, () => openSocket(port)));
  const refused = await refusedUpgrade(port);
  expect(refused).toMatchObject({ status: 429, code: "too_many_streams" });
  expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
  sockets[0]?.ws.terminate();
  await sockets[0]?.closed;
  await expect.poll(() => openSocket(port).then(() => "taken", String)).toBe("taken");
  for (const { ws } of sockets) ws.terminate();
});

test.each([
  ["a page elsewhere", { origin: "https://evil.example" }],
  ["a page on another localhost port", { origin: "http://127.0.0.1:3000" }],
  ["a foreign host name", { host: "evil.example" }],
  ["another site", { "sec-fetch-site": "cross-site" }],
  ["another port by name of site", { "sec-fetch-site": "same-site" }],
])("%s cannot open a socket", async (_, headers) => {
  await using test = await testServer();
  const refused = await refusedUpgrade(test.server.port, headers as Record<string, string>);
  expect(refused).toMatchObject({ status: 403, code: "origin_refused" });
});

test("no other path is upgraded", async () => {
  await using test = await testServer();
  const refused = await refusedUpgrade(test.server.port, {}, "/api/v1/other");
  expect(refused).toMatchObject({ status: 404, code: "not_found" });
});

test("no extension is negotiated: deflate would cost a core", async () => {
  await using test = await testServer();
  const socket = await openSocket(test.server.port, { perMessageDeflate: true });
  expect(socket.ws.extensions).toBe("");
});

test("a page that stops reading is dropped to a resync, and one that reads on loses nothing", async () => {
  await using test = await testServer();
  const token = await test.token("viewer");
  const slow = await greeted(test, token);
  const quick = await greeted(test, token);
  slow.ws.pause();
  const admin = await test.token("admin");
  const big = "x".repeat(900_000);
  for (let i = 0; i < 24; i += 1) {
    test.engine.rows.set("big", sessionRow("big"));
    const row = sessionRow("big", `${i} ${big}`);
    test.engine.writer.deleteSession = async () => test.engine.committed({ found: true }, { sessions: [row] });
    await test.call("DELETE", "/api/v1/sessions/big", { token: admin });
    await quick.until((frames) => frames.length >= i + 2);
  }
  slow.ws.resume();
  await slow.until((frames) => frames.at(-1)?.type === "snapshot" && frames.length > 1);
  const types = slow.frames.map(({ type }) => type);
  expect(types.slice(-2)).toEqual(["resync", "snapshot"]);
  expect(slow.frames.at(-2)).toMatchObject({ reason: "slow" });
  expect(types.length).toBeLessThan(24);
});

test("a stopping server says goodbye to its pages", async () => {
  const test = await testServer();
  const socket = await greeted(test, await test.token("viewer"));
  await test[Symbol.asyncDispose]();
  expect(await socket.closed).toEqual({ code: 1001 });
});
