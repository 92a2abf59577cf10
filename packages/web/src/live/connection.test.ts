import type { FeedCursor, LiveServerFrame } from "@agentpane/protocol";
import { describe, expect, it } from "vitest";
import { FakeEnvironment } from "../testing/fake-environment.ts";
import { madeChanges, madeRow, madeSnapshot } from "../testing/made.ts";
import { LiveConnection } from "./connection.ts";

function connect(options: { token?: string | null; cursor?: FeedCursor | null; answers?: boolean } = {}) {
  const environment = new FakeEnvironment();
  const frames: LiveServerFrame[] = [];
  const told = { greeted: 0, silentFailures: 0 };
  const connection = new LiveConnection(environment, {
    token: () => (options.token === undefined ? "t" : options.token),
    cursor: () => options.cursor ?? null,
    onFrame: (frame) => frames.push(frame),
    onGreeted: () => void told.greeted++,
    onSilentFailure: async () => {
      told.silentFailures += 1;
      return options.answers ?? false;
    },
  });
  connection.connect();
  return { environment, connection, frames, told };
}

describe("the live connection", () => {
  it("greets first and is live with the first frame", () => {
    const { environment, connection, told } = connect();
    expect(connection.getSnapshot().kind).toBe("connecting");
    environment.socket.open();
    expect(environment.socket.sent).toEqual([{ type: "hello", token: "t" }]);
    expect(connection.getSnapshot().kind).toBe("connecting");
    environment.socket.say(madeSnapshot(1, []));
    expect(connection.getSnapshot().kind).toBe("live");
    expect(told.greeted).toBe(1);
  });

  it("sends nothing but the greeting before the server answered it", () => {
    const { environment, connection } = connect();
    environment.socket.open();
    expect(connection.send({ type: "unwatch", session: "s", subagent: null })).toBe(false);
    environment.socket.say(madeSnapshot(1, []));
    expect(connection.send({ type: "unwatch", session: "s", subagent: null })).toBe(true);
    expect(environment.socket.sent).toHaveLength(2);
  });

  it("resumes where it was", () => {
    const cursor = { epoch: "e1", n: 7 };
    const { environment } = connect({ cursor });
    environment.socket.open();
    expect(environment.socket.sent[0]).toEqual({ type: "hello", token: "t", cursor });
  });

  it("comes back after pauses that double up to fifteen seconds, each shortened by chance", () => {
    const { environment, connection } = connect();
    environment.socket.open();
    environment.socket.say(madeSnapshot(1, []));
    const pauses: number[] = [];
    for (let i = 0; i < 8; i += 1) {
      const before = environment.sockets.length;
      environment.socket.end();
      const state = connection.getSnapshot();
      if (state.kind !== "away" || state.nextTryAt === null) throw new Error(`is ${state.kind}`);
      const pause = state.nextTryAt - environment.timers.now();
      pauses.push(pause);
      environment.timers.advance(pause - 1);
      expect(environment.sockets).toHaveLength(before);
      environment.timers.advance(1);
      expect(environment.sockets).toHaveLength(before + 1);
    }
    expect(pauses).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
    environment.jitter = 0;
    environment.socket.end();
    const state = connection.getSnapshot();
    expect(state.kind === "away" && (state.nextTryAt ?? 0) - environment.timers.now()).toBe(7500);
  });

  it("begins with the short pause again once it was live", () => {
    const { environment, connection } = connect();
    for (let i = 0; i < 4; i += 1) {
      environment.socket.end();
      environment.timers.advance(20_000);
    }
    environment.socket.open();
    environment.socket.say(madeSnapshot(1, []));
    environment.socket.end();
    const state = connection.getSnapshot();
    expect(state.kind === "away" && (state.nextTryAt ?? 0) - environment.timers.now()).toBe(500);
  });

  it("tells a browser without network from a server that is away", () => {
    const { environment, connection } = connect();
    environment.online = false;
    environment.socket.end();
    expect(connection.getSnapshot().kind).toBe("offline");
    environment.online = true;
    environment.wake();
    expect(environment.sockets).toHaveLength(2);
  });

  it("tries at once when the computer wakes, but leaves a live connection alone", () => {
    const { environment } = connect();
    environment.socket.open();
    environment.socket.say(madeSnapshot(1, []));
    environment.wake();
    expect(environment.sockets).toHaveLength(1);
    environment.socket.end();
    environment.wake();
    expect(environment.sockets).toHaveLength(2);
    environment.timers.advance(60_000);
    expect(environment.sockets).toHaveLength(2);
  });

  it("stops for good when the token is refused", () => {
    const { environment, connection } = connect();
    environment.socket.open();
    environment.socket.say({ type: "error", code: "unauthenticated", message: "unknown token" });
    expect(connection.getSnapshot()).toEqual({ kind: "refused", reason: "token", message: "unknown token" });
    environment.socket.end();
    environment.timers.advance(60_000);
    expect(environment.sockets).toHaveLength(1);
  });

  it("says that the versions differ when it cannot read a frame", () => {
    for (const text of ["{", '{"type":"weather"}', '{"type":"snapshot","n":-1}']) {
      const { environment, connection, frames } = connect();
      environment.socket.open();
      environment.socket.say(text);
      expect(connection.getSnapshot(), text).toMatchObject({ kind: "refused", reason: "version" });
      expect(frames).toEqual([]);
    }
  });

  it("does not listen to a socket that it gave up", () => {
    const { environment, connection, frames } = connect();
    const first = environment.socket;
    first.open();
    connection.connect();
    expect(first.closedByPage).toBe(true);
    first.say(madeSnapshot(1, [madeRow("late")]));
    first.end();
    environment.socket.open();
    environment.socket.say(madeChanges(2, []));
    expect(frames.map((frame) => frame.type)).toEqual(["changes"]);
    expect(environment.sockets).toHaveLength(2);
  });

  it("asks why over HTTP when a socket ended without a word", () => {
    const { environment, told } = connect();
    environment.socket.end();
    expect(told.silentFailures).toBe(1);
    environment.timers.advance(1000);
    environment.socket.open();
    environment.socket.say(madeSnapshot(1, []));
    environment.socket.end();
    expect(told.silentFailures).toBe(1);
  });

  it("tells a server that is gone from one that answers but takes no socket", async () => {
    for (const answers of [true, false]) {
      const { environment, connection } = connect({ answers });
      environment.socket.end();
      await Promise.resolve();
      expect(connection.getSnapshot()).toMatchObject({ kind: "away", answers });
    }
  });

  it("leaves no timer behind when it is disposed of", () => {
    const { environment, connection } = connect();
    environment.socket.end();
    expect(environment.timers.waiting).toBe(1);
    connection[Symbol.dispose]();
    expect(environment.timers.waiting).toBe(0);
  });
});
