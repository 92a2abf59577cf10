import { PROTOCOL_VERSION } from "@agentpane/protocol";
import { expect, test } from "vitest";
import { FakeClock } from "../fake-clock.ts";
import { type FakeEngine, MACHINE } from "../fake-engine.ts";
import { openChannel, refusedUpgrade, type TestChannel } from "../test-live.ts";
import { changeFrame, fullFrame, presenceOf } from "../test-presence.ts";
import { type TestServer, testServer } from "../test-server.ts";
import { MAX_FRAME_BYTES } from "./channels.ts";
import { DEAD_MS, HELLO_MS, PING_MS } from "./machine-socket.ts";

const OTHER = `m_${"2".repeat(32)}`;
const NOW = 1_800_000_000_000;

function hello(token: string, changes: object = {}): string {
  const frame = { type: "hello", token, protocol: PROTOCOL_VERSION, machine: MACHINE, bootId: "boot-1", ...changes };
  return JSON.stringify(frame);
}

/** A monitor's token, bound to `machine`. */
async function monitorToken(test: TestServer, machine: string | null = MACHINE): Promise<string> {
  const token = await test.token("monitor");
  const added = [...test.engine.tokens.values()].at(-1);
  if (added === undefined) throw new Error("no token");
  added.machine = machine;
  return token;
}

async function greeted(test: TestServer, token: string): Promise<TestChannel> {
  const channel = await openChannel(test.server.port);
  channel.send(hello(token));
  await channel.until((frames) => frames.length > 0);
  expect(channel.frames[0]).toMatchObject({ type: "welcome" });
  return channel;
}

async function told(test: TestServer, count: number): Promise<FakeEngine["news"]> {
  await expect.poll(() => test.engine.news.length).toBeGreaterThanOrEqual(count);
  return test.engine.news;
}

test("a server that starts says that no channel is there yet, before it takes any", async () => {
  await using test = await testServer();
  expect(test.engine.news).toEqual([{ type: "restart" }]);
});

test("a monitor is welcomed with the server's time, and its frames reach the writer with the time they came", async () => {
  const clock = new FakeClock();
  await using test = await testServer({ clock });
  const channel = await greeted(test, await monitorToken(test));
  expect(channel.frames[0]).toEqual({ type: "welcome", now: NOW });
  const presence = presenceOf("s1", NOW);
  channel.send(fullFrame(1, NOW - 500, [presence]));
  channel.send(changeFrame(2, NOW - 400, [], [{ session: "s1", pid: 4711 }]));
  const [, full, change] = await told(test, 3);
  const said = { bootId: "boot-1", gone: [], full: true, seq: 1, now: NOW - 500, presences: [presence] };
  expect(full).toEqual({ type: "frame", machine: MACHINE, receivedAt: NOW, frame: said });
  expect(change).toMatchObject({ type: "frame", frame: { full: false, gone: [{ session: "s1", pid: 4711 }] } });
});

test.each<[string, (token: string) => string, string, number]>([
  ["an unknown token", () => hello(`apm_${"x".repeat(43)}`), "unauthenticated", 4401],
  ["another machine than its token's", (token) => hello(token, { machine: OTHER }), "machine_mismatch", 4403],
  ["a newer protocol", (token) => hello(token, { protocol: 2 }), "protocol_mismatch", 4400],
  ["an older protocol, in whatever form", () => '{"type":"hi","protocol":0}', "protocol_mismatch", 4400],
  ["no hello first", () => JSON.stringify(fullFrame(1, NOW, [])), "invalid_frame", 4400],
  ["no JSON", () => "hello", "invalid_frame", 4400],
])("%s is refused by name", async (_what, first, code, closeCode) => {
  await using test = await testServer();
  const channel = await openChannel(test.server.port);
  channel.send(first(await monitorToken(test)));
  expect((await channel.closed).code).toBe(closeCode);
  expect(channel.frames).toMatchObject([{ type: "error", code }]);
  expect(test.engine.news).toEqual([{ type: "restart" }]);
});

test("a viewer's token opens no channel, and a monitor that never registered is told to", async () => {
  await using test = await testServer();
  for (const [token, code] of [
    [await test.token("admin"), "forbidden"],
    [await monitorToken(test, null), "conflict"],
  ] as const) {
    const channel = await openChannel(test.server.port);
    channel.send(hello(token));
    await channel.closed;
    expect(channel.frames).toMatchObject([{ type: "error", code }]);
  }
});

test.each([
  ["a change before the whole set", changeFrame(1, NOW, [])],
  ["a frame of another start of the monitor", fullFrame(1, NOW, [], "boot-2")],
])("%s is refused, and the channel ends", async (_what, frame) => {
  await using test = await testServer();
  const channel = await greeted(test, await monitorToken(test));
  channel.send(frame);
  expect((await channel.closed).code).toBe(4400);
  expect(channel.frames.at(-1)).toMatchObject({ type: "error", code: "invalid_frame" });
});

test("a page is refused before anything is said, as are other hosts", async () => {
  await using test = await testServer();
  const { port } = test.server;
  const ownPage = { origin: `http://127.0.0.1:${port}` };
  for (const headers of [ownPage, { "sec-fetch-site": "same-origin" }, { host: "evil.example" }]) {
    const refused = await refusedUpgrade(port, { host: `127.0.0.1:${port}`, ...headers }, "/api/v1/channel");
    expect(refused).toMatchObject({ status: 403, code: "origin_refused" });
  }
});

test("a socket that says nothing is let go after five seconds", async () => {
  const clock = new FakeClock();
  await using test = await testServer({ clock });
  const channel = await openChannel(test.server.port);
  await clock.advance(HELLO_MS);
  expect((await channel.closed).code).toBe(4401);
});

test("a channel that closes is lost since its last word, and a newer one replaces it", async () => {
  const clock = new FakeClock();
  await using test = await testServer({ clock });
  const token = await monitorToken(test);
  const first = await greeted(test, token);
  first.send(fullFrame(1, NOW, []));
  await told(test, 2);
  const second = await greeted(test, token);
  expect((await first.closed).code).toBe(4409);
  expect(first.frames.at(-1)).toMatchObject({ type: "error", code: "conflict" });
  second.send(fullFrame(2, NOW, []));
  expect((await told(test, 3)).map(({ type }) => type)).toEqual(["restart", "frame", "frame"]);
  second.ws.terminate();
  expect((await told(test, 4)).at(-1)).toEqual({ type: "lost", machine: MACHINE, since: NOW });
});

test("a monitor that no longer answers pings is gone after fifteen seconds", async () => {
  const clock = new FakeClock();
  await using test = await testServer({ clock });
  const channel = await greeted(test, await monitorToken(test));
  channel.ws.pause();
  for (let waited = 0; waited < DEAD_MS; waited += PING_MS) await clock.advance(PING_MS);
  expect((await told(test, 2)).at(-1)).toEqual({ type: "lost", machine: MACHINE, since: NOW });
});

test("a monitor that answers pings stays, however little it has to say", async () => {
  const clock = new FakeClock();
  await using test = await testServer({ clock });
  const channel = await greeted(test, await monitorToken(test));
  for (let pings = 1; pings <= 5; pings++) {
    const pinged = new Promise((resolve) => channel.ws.once("ping", resolve));
    await clock.advance(PING_MS);
    await pinged;
    // The answer to the ping is on its way before this frame, so what follows it was heard after it.
    channel.send(fullFrame(pings, clock.now(), []));
    await told(test, 1 + pings);
  }
  expect(test.engine.news.filter(({ type }) => type === "lost")).toEqual([]);
});

test("a frame that the store cannot take ends the channel without a word, so that the monitor comes back at once", async () => {
  await using test = await testServer();
  const channel = await greeted(test, await monitorToken(test));
  test.engine.beforePresence = async () => {
    test.engine.beforePresence = async () => {};
    throw new Error("the store broke");
  };
  channel.send(fullFrame(1, NOW, []));
  expect((await channel.closed).code).toBe(1011);
  expect(channel.frames.map(({ type }) => type)).not.toContain("error");
  expect((await told(test, 2)).at(-1)).toMatchObject({ type: "lost", machine: MACHINE });
});

test("a channel that is lost while the store fails is told as lost once it works again", async () => {
  const clock = new FakeClock();
  await using test = await testServer({ clock });
  const channel = await greeted(test, await monitorToken(test));
  let failures = 0;
  test.engine.beforePresence = async () => {
    failures += 1;
    if (failures === 1) throw new Error("the store broke");
  };
  channel.ws.terminate();
  await expect.poll(() => failures).toBe(1);
  await clock.advance(5_000);
  expect((await told(test, 2)).at(-1)).toEqual({ type: "lost", machine: MACHINE, since: NOW });
});

test("frames are taken one after the other, in their order", async () => {
  await using test = await testServer();
  const channel = await greeted(test, await monitorToken(test));
  let running = 0;
  let most = 0;
  test.engine.beforePresence = async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
  };
  channel.send(fullFrame(1, NOW, []));
  for (let seq = 2; seq <= 50; seq++) channel.send(changeFrame(seq, NOW, []));
  const news = await told(test, 51);
  const seqs = news.map((one) => (one.type === "frame" ? one.frame.seq : 0));
  expect(seqs).toEqual(Array.from({ length: 51 }, (_, seq) => seq));
  expect(most).toBe(1);
});

test("a token that is revoked takes its channel along", async () => {
  await using test = await testServer();
  const channel = await greeted(test, await monitorToken(test));
  const [id] = test.engine.tokens.keys();
  await test.server.access.revoke(id ?? "");
  expect((await channel.closed).code).toBe(4401);
});

test("a frame over sixteen mebibytes ends the channel", async () => {
  await using test = await testServer();
  const channel = await greeted(test, await monitorToken(test));
  channel.send("x".repeat(MAX_FRAME_BYTES + 1));
  expect((await channel.closed).code).toBe(1009);
  expect(test.engine.news.filter(({ type }) => type === "frame")).toEqual([]);
});
