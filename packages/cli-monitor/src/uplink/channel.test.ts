import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from "node:net";
import type { Presence } from "@agentpane/protocol";
import { expect, test } from "vitest";
import { createLoggers } from "../logger.ts";
import { until } from "../testing/rig.ts";
import { ScriptedChannel } from "../testing/scripted-channel.ts";
import { CHANNEL_TIMING, Channel, type ChannelTiming } from "./channel.ts";

const MACHINE = `m_${"0".repeat(32)}`;
const QUICK: ChannelTiming = {
  channelRetryFirstMs: 5,
  channelRetryMaxMs: 40,
  channelRefusedMs: 20,
  channelOpenMs: 200,
  channelPingMs: 20,
  channelSilentMs: 100,
};

function presence(session: string, said: Partial<Presence> = {}): Presence {
  return {
    root: "/home/dev/.claude",
    session,
    pid: 7,
    procStart: "100",
    life: "alive",
    lifeAt: 1,
    status: "busy",
    waitingFor: null,
    statusAt: 1,
    startedAt: 1,
    kind: null,
    entrypoint: null,
    agentVersion: null,
    name: null,
    ...said,
  };
}

class Line implements AsyncDisposable {
  readonly server: Server;
  readonly far: ScriptedChannel;
  readonly #channels: Channel[] = [];
  /** What the monitor knows. */
  known: Presence[] = [];

  private constructor(server: Server) {
    this.server = server;
    this.far = new ScriptedChannel(server);
  }

  static async start(): Promise<Line> {
    const server = createServer((_request, response) => response.writeHead(404).end());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new Line(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  channel(timing: Partial<ChannelTiming> = {}, port = this.port): Channel {
    const channel = new Channel({
      server: new URL(`http://127.0.0.1:${port}`),
      token: "secret",
      machine: MACHINE,
      bootId: "boot",
      presences: () => this.known,
      timing: { ...QUICK, ...timing },
      log: createLoggers("silent").uplink,
    });
    this.#channels.push(channel);
    return channel;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const channel of this.#channels) await channel[Symbol.asyncDispose]();
    this.far[Symbol.dispose]();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

test("it says who it is, then all it knows, then each change", async () => {
  await using line = await Line.start();
  line.known = [presence("one"), presence("two")];
  const channel = line.channel();
  channel.connect();
  await until("the set", () => line.far.current?.told.length === 1);
  channel.tell({ changed: [presence("one", { status: "idle" })], gone: [{ session: "two", pid: 7 }] });
  await until("the change", () => line.far.current?.told.length === 2);
  expect(line.far.current?.hello).toEqual({
    type: "hello",
    token: "secret",
    protocol: 1,
    machine: MACHINE,
    bootId: "boot",
  });
  expect(line.far.current?.told).toMatchObject([
    { seq: 1, bootId: "boot", full: true, gone: [], presences: [{ session: "one" }, { session: "two" }] },
    { seq: 2, full: false, gone: [{ session: "two", pid: 7 }], presences: [{ session: "one", status: "idle" }] },
  ]);
});

test("nothing of a machine is told before the server has welcomed it", async () => {
  await using line = await Line.start();
  line.far.answer = null;
  const channel = line.channel({ channelOpenMs: 5_000, channelSilentMs: 5_000 });
  channel.connect();
  await until("the hello", () => line.far.current?.hello != null);
  channel.tell({ changed: [presence("one")], gone: [] });
  line.known = [presence("one")];
  line.far.current?.socket.send(JSON.stringify({ type: "welcome", now: 0 }));
  await until("the set", () => line.far.current?.told.length === 1);
  expect(line.far.current?.told).toMatchObject([{ full: true, presences: [{ session: "one" }] }]);
});

test("frames are not compressed, though the server could", async () => {
  await using line = await Line.start();
  line.channel().connect();
  await until("it is open", () => line.far.current?.told.length === 1);
  expect(line.far.current?.socket.extensions).toBe("");
});

test("after a lost connection the whole set replaces what was missed, and numbers go on", async () => {
  await using line = await Line.start();
  line.known = [presence("one")];
  const channel = line.channel();
  channel.connect();
  await until("it is open", () => channel.isOpen);
  // Away for as long as this takes, or it might be back before anybody looked.
  line.far.refuses = 503;
  line.far.current?.socket.terminate();
  await until("it is lost", () => !channel.isOpen);
  line.known = [presence("two")];
  channel.tell({ changed: [presence("two")], gone: [{ session: "one", pid: 7 }] });
  line.far.refuses = null;
  await until("it is back", () => line.far.openings.length === 2 && line.far.current?.told.length === 1);
  expect(line.far.current?.told).toMatchObject([{ seq: 2, full: true, presences: [{ session: "two" }] }]);
});

test("a server that is away is found when it is back", async () => {
  await using line = await Line.start();
  line.far.refuses = 503;
  const channel = line.channel();
  channel.connect();
  await until("some tries", () => line.far.upgrades > 3);
  line.far.refuses = null;
  await until("it is open", () => channel.isOpen);
});

test("a server that answers on the other lane is dialled at once, however long the next try is away", async () => {
  await using line = await Line.start();
  const channel = line.channel({ channelRetryFirstMs: 5, channelRetryMaxMs: 3_600_000 });
  line.far.refuses = 503;
  channel.connect();
  // From here on each wait is twice the one before.
  await until("a long wait", () => line.far.upgrades > 7);
  line.far.refuses = null;
  await until("it is open", () => {
    channel.serverAnswers();
    return channel.isOpen;
  });
});

test("a server that refuses the channel is not dialled for every answer on the other lane", async () => {
  await using line = await Line.start();
  const channel = line.channel({ channelRetryFirstMs: 1, channelRefusedMs: 3_600_000 });
  line.far.refuses = 404;
  channel.connect();
  await until("the refusal", () => line.far.upgrades === 1);
  line.far.refuses = null;
  const calls = setInterval(() => channel.serverAnswers(), 1);
  const other = line.channel();
  other.connect();
  await until("another channel is open", () => other.isOpen);
  clearInterval(calls);
  expect(channel.isOpen).toBe(false);
});

test.each([404, 401, 403])("a server that answers %d is asked again, slowly", async (status) => {
  await using line = await Line.start();
  line.far.refuses = status;
  const channel = line.channel({ channelRetryFirstMs: 60_000, channelRetryMaxMs: 60_000 });
  channel.connect();
  await until("it is asked again", () => line.far.upgrades > 2);
  line.far.refuses = null;
  await until("it is open", () => channel.isOpen);
});

test("a server without sockets at all is tolerated", async () => {
  await using line = await Line.start();
  line.server.removeAllListeners("upgrade");
  let asked = 0;
  line.server.on("request", () => {
    asked += 1;
  });
  line.channel().connect();
  await until("it is asked again", () => asked > 2);
});

test("a refusal by frame closes the channel, and it is asked again, slowly", async () => {
  await using line = await Line.start();
  line.far.answer = { type: "error", code: "unauthenticated", message: "no" };
  const channel = line.channel({ channelRetryFirstMs: 60_000, channelRetryMaxMs: 60_000 });
  channel.connect();
  await until("two refusals", () => line.far.openings.length > 1);
  expect(line.far.openings[0]?.told).toEqual([]);
  line.far.answer = { type: "welcome", now: 0 };
  await until("it is open", () => channel.isOpen);
});

test("frames that are not known here are passed over", async () => {
  await using line = await Line.start();
  const channel = line.channel();
  channel.connect();
  await until("it is open", () => line.far.current?.told.length === 1);
  for (const odd of ["{", '"x"', '{"type":"decision","id":1}']) line.far.current?.socket.send(odd);
  channel.tell({ changed: [presence("one")], gone: [] });
  await until("the change", () => line.far.current?.told.length === 2);
  expect(line.far.openings).toHaveLength(1);
});

test("parts send frames once the whole set is told, and take those of the server by their type", async () => {
  await using line = await Line.start();
  const channel = line.channel();
  const said: string[] = [];
  channel.onOpened(() => said.push(`opened ${channel.isOpen}`));
  channel.onLost(() => said.push("lost"));
  channel.on("approvers", ({ present }) => said.push(`approvers ${present}`));
  expect(channel.send({ type: "request.held", now: 1, ids: [] })).toBe(false);
  channel.connect();
  await until("it is open", () => line.far.current?.told.length === 1);
  expect(channel.send({ type: "request.held", now: 2, ids: [] })).toBe(true);
  await until("the frame", () => line.far.framesOf("request.held").length === 1);
  line.far.send({ type: "interrupt", input: `i_${"0".repeat(32)}`, session: "one" });
  line.far.send({ type: "approvers", present: true });
  await until("it is taken", () => said.length === 2);
  line.far.current?.socket.terminate();
  await until("it is open anew", () => said.length === 4);
  expect(said).toEqual(["opened true", "approvers true", "lost", "opened true"]);
});

test("a server that never welcomes is left and asked again", async () => {
  await using line = await Line.start();
  line.far.answer = null;
  line.channel({ channelOpenMs: 30, channelSilentMs: 10_000 }).connect();
  await until("another try", () => line.far.openings.length > 1);
});

test("a socket that is open on our side alone is noticed and replaced", async () => {
  await using line = await Line.start();
  // A line that can be cut without either end hearing of it.
  const pipes: [Socket, Socket][] = [];
  const proxy = createTcpServer((near) => {
    const far = connect(line.port, "127.0.0.1");
    pipes.push([near, far]);
    near.pipe(far).pipe(near);
    near.on("error", () => far.destroy());
    far.on("error", () => near.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const channel = line.channel({}, (proxy.address() as AddressInfo).port);
  channel.connect();
  await until("it is open", () => channel.isOpen);
  const [near, far] = pipes[0] as [Socket, Socket];
  near.unpipe(far);
  far.unpipe(near);
  near.resume();
  far.resume();
  await until("it is open anew", () => line.far.openings.length === 2 && channel.isOpen);
  await channel[Symbol.asyncDispose]();
  for (const [one, other] of pipes) {
    one.destroy();
    other.destroy();
  }
  await new Promise((resolve) => proxy.close(resolve));
});

test("a half-open socket is noticed within 15 s", () => {
  // Silence is looked for at each ping.
  expect(CHANNEL_TIMING.channelSilentMs + CHANNEL_TIMING.channelPingMs).toBeLessThanOrEqual(15_000);
});

test("a channel on which nothing happens stays open", async () => {
  await using line = await Line.start();
  const channel = line.channel();
  channel.connect();
  let pings = 0;
  await until("it is open", () => channel.isOpen);
  line.far.current?.socket.on("ping", () => {
    pings += 1;
  });
  await until("many pings", () => pings > 10);
  expect(line.far.openings).toHaveLength(1);
});

test("closing ends it for good, also while the server does not answer", async () => {
  await using line = await Line.start();
  const channel = line.channel();
  channel.connect();
  await until("it is open", () => channel.isOpen);
  const socket = line.far.current?.socket;
  let code = 0;
  socket?.on("close", (given) => {
    code = given;
  });
  await channel[Symbol.asyncDispose]();
  await until("the far end heard", () => code === 1000);
  channel.connect();
  channel.tell({ changed: [presence("one")], gone: [] });
  const hung = createTcpServer();
  await new Promise<void>((resolve) => hung.listen(0, "127.0.0.1", resolve));
  const dialing = line.channel({ channelOpenMs: 60_000 }, (hung.address() as AddressInfo).port);
  dialing.connect();
  await dialing[Symbol.asyncDispose]();
  await new Promise((resolve) => hung.close(resolve));
  expect(line.far.openings).toHaveLength(1);
});
