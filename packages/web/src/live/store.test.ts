import { describe, expect, it } from "vitest";
import { FakeEnvironment } from "../testing/fake-environment.ts";
import { madeChanges, madeRow, madeSnapshot, madeText, NOON } from "../testing/made.ts";
import { LiveStore } from "./store.ts";

function open() {
  const environment = new FakeEnvironment();
  const refused: string[] = [];
  const store = new LiveStore(environment, {
    token: () => "t",
    onRefused: () => refused.push("token"),
    onSilentFailure: async () => false,
  });
  let told = 0;
  store.subscribe(() => void told++);
  store.start();
  environment.socket.open();
  return { environment, store, refused, told: () => told };
}

const events = (after: string, ...texts: string[]) =>
  ({
    type: "events",
    session: "s1",
    subagent: null,
    next: after,
    events: texts.map((text, index) => madeText(index, text)),
  }) as const;

describe("the live store", () => {
  it("tells the first change at once and what follows within 100 ms together", () => {
    const { environment, store, told } = open();
    environment.socket.say(madeSnapshot(1, [madeRow("a")]));
    expect([told(), store.getSnapshot()]).toEqual([1, 1]);
    for (let n = 2; n < 12; n += 1) environment.socket.say(madeChanges(n, [madeRow("a", { title: String(n) })]));
    expect(told()).toBe(1);
    expect(store.sessions.get("a")?.title).toBe("11");
    environment.timers.advance(100);
    expect([told(), store.getSnapshot()]).toEqual([2, 2]);
  });

  it("tells nobody of a frame that it had already", () => {
    const { environment, told } = open();
    const snapshot = madeSnapshot(1, [madeRow("a")]);
    environment.socket.say(snapshot);
    environment.socket.say(snapshot);
    environment.timers.advance(1000);
    expect(told()).toBe(1);
  });

  it("asks for the next frame after the last one when the socket comes back", () => {
    const { environment } = open();
    environment.socket.say(madeSnapshot(1, []));
    environment.socket.say(madeChanges(4, []));
    environment.socket.end();
    environment.timers.advance(500);
    environment.socket.open();
    expect(environment.socket.sent).toEqual([{ type: "hello", token: "t", cursor: { epoch: "e1", n: 4 } }]);
  });

  it("watches a transcript again from where it was told last", () => {
    const { environment, store } = open();
    const seen: string[] = [];
    store.watch("s1", null, "p0", (frame) => seen.push(frame.next));
    expect(environment.socket.sent).toHaveLength(1);
    environment.socket.say(madeSnapshot(1, []));
    expect(environment.socket.sent[1]).toEqual({ type: "watch", session: "s1", subagent: null, after: "p0" });
    environment.socket.say(events("p1", "x"));
    environment.socket.end();
    environment.timers.advance(500);
    environment.socket.open();
    environment.socket.say(madeChanges(2, []));
    expect(environment.socket.sent[1]).toEqual({ type: "watch", session: "s1", subagent: null, after: "p1" });
    expect(seen).toEqual(["p1"]);
  });

  it("tells a watcher only of its own transcript, and lets it go", () => {
    const { environment, store } = open();
    environment.socket.say(madeSnapshot(1, []));
    const seen: string[] = [];
    const stop = store.watch("s1", "agent", "start", (frame) => seen.push(frame.next));
    environment.socket.say(events("p1", "main"));
    environment.socket.say({ ...events("p2", "agent"), subagent: "agent" });
    expect(seen).toEqual(["p2"]);
    stop();
    environment.socket.say({ ...events("p3", "late"), subagent: "agent" });
    expect(seen).toEqual(["p2"]);
    expect(environment.socket.sent.at(-1)).toEqual({ type: "unwatch", session: "s1", subagent: "agent" });
  });

  it("keeps the server's time, and stops it while the server is away", () => {
    const { environment, store } = open();
    environment.socket.say(madeSnapshot(1, [], { now: NOON + 5_000 }));
    environment.timers.advance(2_000);
    expect(store.clock.now()).toBe(NOON + 7_000);
    environment.socket.end();
    environment.timers.advance(400);
    expect(store.clock.now()).toBe(NOON + 7_000);
    environment.timers.advance(100);
    environment.socket.open();
    environment.socket.say(madeChanges(2, [], { now: NOON + 7_500 }));
    expect(store.clock.now()).toBe(NOON + 7_500);
  });

  it("hands a refused token on, and only that", () => {
    const first = open();
    first.environment.socket.say({ type: "error", code: "unauthenticated", message: "revoked" });
    expect(first.refused).toEqual(["token"]);
    const second = open();
    second.environment.socket.say("nonsense");
    expect(second.refused).toEqual([]);
  });
});
