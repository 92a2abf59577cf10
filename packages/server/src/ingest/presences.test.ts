import { CHANNEL_LOST_MS, MACHINE_SILENT_MS, type Presence } from "@agentpane/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { ChannelNews } from "../store/contract.ts";
import { answer, human, toolCall } from "../test-lines.ts";
import { changeFrame, fullFrame, type PresenceFrame, presenceOf } from "../test-presence.ts";
import { MACHINE, NOON, OTHER_MACHINE, openTestStore, type TestStore } from "../test-store.ts";
import { TestTranscript } from "../test-transcript.ts";

const SECOND = 1_000;

function news({ type: _type, ...frame }: PresenceFrame, machine = MACHINE, receivedAt = frame.now): ChannelNews {
  return { type: "frame", machine, receivedAt, frame };
}

async function row(store: TestStore, id = "s1") {
  const { sessions } = await store.list();
  return sessions.find((session) => session.id === id);
}

/** A session in the middle of a Bash call, on a machine that is heard of. */
async function working(): Promise<TestStore> {
  const store = await openTestStore();
  await store.commit(
    new TestTranscript("s1").append(human("do it", NOON), toolCall("m1", "c1", "Bash", { command: "npm test" }, NOON)),
  );
  return store;
}

test("a frame's word is in the session's row at once, with what changed for the feed", async () => {
  await using store = await working();
  const waiting = presenceOf("s1", NOON, { status: "waiting", waitingFor: "permission prompt" });
  const { answer: told, changes } = await store.engine.writer.presence(news(fullFrame(1, NOON, [waiting])));
  expect(told).toEqual({ stale: false });
  expect(changes.sessions).toMatchObject([
    { id: "s1", status: "approval", source: "registry", since: NOON, process: { machine: MACHINE, pid: 4711 } },
  ]);
  expect(await row(store)).toEqual(changes.sessions[0]);
  expect((await store.list({ status: "approval" })).total).toBe(1);
});

test("a frame that says what was known changes nothing and tells nobody", async () => {
  await using store = await working();
  const { writer } = store.engine;
  await writer.presence(news(fullFrame(1, NOON, [presenceOf("s1", NOON)])));
  const again = await writer.presence(news(fullFrame(2, NOON + 100, [presenceOf("s1", NOON)])));
  expect(again.changes.sessions).toEqual([]);
});

test("a frame that is not newer is dropped, and one of another start of the monitor is not", async () => {
  await using store = await working();
  const { writer } = store.engine;
  await writer.presence(news(fullFrame(5, NOON, [presenceOf("s1", NOON, { status: "idle" })])));
  for (const seq of [4, 5]) {
    expect((await writer.presence(news(fullFrame(seq, NOON, [])))).answer).toEqual({ stale: true });
  }
  expect(await row(store)).toMatchObject({ status: "ready", source: "registry" });
  const other = fullFrame(1, NOON, [presenceOf("s1", NOON)], "boot-2");
  expect((await writer.presence(news(other))).answer).toEqual({ stale: false });
  expect(await row(store)).toMatchObject({ status: "working", source: "registry" });
});

test("a machine that never registered is told to", async () => {
  await using store = await working();
  const told = store.engine.writer.presence(news(fullFrame(1, NOON, []), OTHER_MACHINE));
  await expect(told).rejects.toMatchObject({ code: "conflict" });
});

test("a process whose session has no line yet waits for it", async () => {
  await using store = await openTestStore();
  const { changes } = await store.engine.writer.presence(news(fullFrame(1, NOON, [presenceOf("s1", NOON)])));
  expect(changes).toMatchObject({ sessions: [], total: 0 });
  const sent = await store.commit(new TestTranscript("s1").append(human("hello", NOON)));
  expect(sent.changes.sessions).toMatchObject([{ status: "working", source: "registry" }]);
});

test("lines that come later never overturn what the registry said", async () => {
  await using store = await openTestStore();
  const transcript = new TestTranscript("s1").append(human("do it", NOON));
  await store.commit(transcript);
  await store.engine.writer.presence(
    news(fullFrame(1, NOON + 500, [presenceOf("s1", NOON + 500, { status: "idle" })])),
  );
  transcript.append(toolCall("m1", "c1", "Bash", { command: "ls" }, NOON + 300));
  expect((await store.commit(transcript)).changes.sessions).toMatchObject([{ status: "ready", source: "registry" }]);
  transcript.append(answer("m2", "Done.", NOON + 450));
  expect((await store.commit(transcript)).changes.sessions).toMatchObject([{ status: "ready", source: "registry" }]);
});

test("a process that died ends its session, and stays dead when its monitor forgets it or starts anew", async () => {
  await using store = await working();
  const { writer } = store.engine;
  await writer.presence(news(fullFrame(1, NOON, [presenceOf("s1", NOON)])));
  const death = presenceOf("s1", NOON, { life: "dead", lifeAt: NOON + SECOND });
  await writer.presence(news(changeFrame(2, NOON + SECOND, [death])));
  const ended = { status: "ended", source: "registry", since: NOON + SECOND };
  expect(await row(store)).toMatchObject(ended);
  await writer.presence(news(changeFrame(3, NOON + 2 * SECOND, [], [{ session: "s1", pid: 4711 }])));
  await writer.presence(
    news(fullFrame(1, NOON + 3 * SECOND, [presenceOf("s1", NOON, { life: "unproven" })], "boot-2")),
  );
  expect(await row(store)).toMatchObject(ended);
  await store.reopen();
  expect(await row(store)).toMatchObject(ended);
});

test("a session that is resumed lives again, by its registry or by its lines", async () => {
  await using store = await openTestStore();
  const { writer } = store.engine;
  const transcripts = ["s1", "s2"].map((id) => new TestTranscript(id).append(human("do it", NOON)));
  await store.commit(...transcripts);
  const deaths = ["s1", "s2"].map((id, n) => presenceOf(id, NOON, { pid: n + 1, life: "dead", lifeAt: NOON + SECOND }));
  await writer.presence(news(fullFrame(1, NOON + SECOND, deaths)));
  expect([(await row(store))?.status, (await row(store, "s2"))?.status]).toEqual(["ended", "ended"]);
  await writer.presence(news(changeFrame(2, NOON + 9 * SECOND, [presenceOf("s1", NOON + 9 * SECOND, { pid: 7 })])));
  expect(await row(store)).toMatchObject({ status: "working", source: "registry" });
  for (const transcript of transcripts) transcript.append(human("go on", NOON + 9 * SECOND));
  await store.commit(...transcripts);
  expect(await row(store, "s2")).toMatchObject({ status: "working", source: "transcript" });
});

test("the moment between a background shell and its notice is not shown as the person's turn", async () => {
  await using store = await openTestStore();
  const { writer } = store.engine;
  await store.commit(new TestTranscript("s1").append(human("do it", NOON), answer("m1", "Started.", NOON)));
  const seen: string[] = [];
  for (const [seq, status] of (["shell", "idle", "busy", "idle"] as const).entries()) {
    store.clock.now = NOON + 100 * (seq + 1);
    const frame = changeFrame(seq + 1, store.clock.now, [presenceOf("s1", store.clock.now, { status })]);
    const { changes } = await writer.presence(news(frame));
    seen.push(changes.sessions[0]?.status ?? "nothing");
    if (seq === 1) expect(changes.nextAt).toBe(store.clock.now + 300);
  }
  expect(seen).toEqual(["working", "working", "working", "ready"]);
});

test("a channel that is lost counts for thirty seconds more, then the transcript speaks, and says so", async () => {
  await using store = await working();
  const { writer } = store.engine;
  const waiting = presenceOf("s1", NOON, { status: "waiting", waitingFor: "permission prompt" });
  await writer.presence(news(fullFrame(1, NOON, [waiting])));
  const lost = await writer.presence({ type: "lost", machine: MACHINE, since: NOON });
  expect(lost.changes.sessions).toMatchObject([{ status: "approval" }]);
  store.clock.now = NOON + CHANNEL_LOST_MS - 1;
  const early = await writer.sweep();
  expect(early.answer.nextAt).toBe(NOON + CHANNEL_LOST_MS);
  expect(early.changes.sessions).toEqual([]);
  store.clock.now = NOON + CHANNEL_LOST_MS;
  await store.register(MACHINE);
  const { changes } = await writer.sweep();
  expect(changes.sessions).toMatchObject([{ status: "working", source: "transcript" }]);
  expect(changes.sessions[0]?.sentence).toBe(
    "Bash is running, from the transcript; the monitor's channel is lost since 2026-10-20 12:00 UTC",
  );

  const healed = await writer.presence(news(fullFrame(2, store.clock.now, [waiting])));
  expect(healed.changes.sessions).toMatchObject([{ status: "approval", source: "registry", since: NOON }]);
});

test("a channel that is back within thirty seconds changes no status on the way", async () => {
  await using store = await working();
  const { writer } = store.engine;
  const idle = presenceOf("s1", NOON, { status: "idle" });
  const seen: string[] = [];
  const note = ({ changes }: Awaited<ReturnType<typeof writer.presence>>) =>
    seen.push(...changes.sessions.map(({ status, since, sentence }) => `${status} ${since} ${sentence}`));
  note(await writer.presence(news(fullFrame(1, NOON, [idle]))));
  note(await writer.presence({ type: "lost", machine: MACHINE, since: NOON + SECOND }));
  store.clock.now = NOON + 20 * SECOND;
  note(await writer.presence(news(fullFrame(2, store.clock.now, [idle]))));
  expect(new Set(seen).size).toBe(1);
});

test("a server that starts believes what it had stored for thirty seconds, until the monitor comes", async () => {
  await using store = await working();
  await store.engine.writer.presence(news(fullFrame(1, NOON, [presenceOf("s1", NOON, { status: "idle" })])));
  await store.reopen();
  store.clock.now = NOON + 10 * SECOND;
  await store.engine.writer.presence({ type: "restart" });
  expect(await row(store)).toMatchObject({ status: "ready", source: "registry" });
  store.clock.now += CHANNEL_LOST_MS;
  await store.register(MACHINE);
  expect(await row(store)).toMatchObject({ status: "working", source: "transcript" });
});

test("a monitor that is silent altogether leaves its sessions unknown, but for those that ended, and it heals", async () => {
  await using store = await openTestStore();
  const { writer } = store.engine;
  await store.commit(
    new TestTranscript("s1").append(human("one", NOON)),
    new TestTranscript("s2").append(human("two", NOON)),
  );
  const set = [presenceOf("s1", NOON), presenceOf("s2", NOON, { pid: 2, life: "dead" })];
  await writer.presence(news(fullFrame(1, NOON, set)));
  await writer.presence({ type: "lost", machine: MACHINE, since: NOON });
  store.clock.now = NOON + MACHINE_SILENT_MS;
  await writer.sweep();
  expect(await row(store)).toMatchObject({
    status: "unknown",
    source: "silence",
    sentence: "monitor silent since 2026-10-20 12:00 UTC",
  });
  expect(await row(store, "s2")).toMatchObject({ status: "ended", source: "registry" });
  const { changes } = await writer.presence(news(fullFrame(2, store.clock.now, set)));
  expect(changes.sessions).toMatchObject([{ id: "s1", status: "working", source: "registry" }]);
});

test("a session whose process lives on another machine is believed from there while its own is silent", async () => {
  await using store = await working();
  const { writer } = store.engine;
  store.clock.now = NOON + MACHINE_SILENT_MS;
  await store.register(OTHER_MACHINE);
  await writer.sweep();
  expect(await row(store)).toMatchObject({ status: "unknown" });
  const idle = presenceOf("s1", store.clock.now, { status: "idle" });
  await writer.presence(news(fullFrame(1, store.clock.now, [idle]), OTHER_MACHINE));
  expect(await row(store)).toMatchObject({ status: "ready", process: { machine: OTHER_MACHINE } });
  expect([(await store.list({ status: "ready" })).total, (await store.list({ status: "unknown" })).total]).toEqual([
    1, 0,
  ]);
});

test("times are the server's, whatever the monitor's clock says", async () => {
  await using store = await working();
  const hourAhead = NOON + 3_600_000;
  const told = fullFrame(1, hourAhead, [presenceOf("s1", hourAhead - 2 * SECOND, { status: "idle" })]);
  await store.engine.writer.presence(news(told, MACHINE, NOON));
  expect(await row(store)).toMatchObject({ status: "ready", since: NOON - 2 * SECOND });
});

test("a deleted session has no processes, and none that is told later brings it back", async () => {
  await using store = await working();
  const { writer } = store.engine;
  await writer.presence(news(fullFrame(1, NOON, [presenceOf("s1", NOON)])));
  await writer.deleteSession("s1");
  const { changes } = await writer.presence(news(fullFrame(2, NOON, [presenceOf("s1", NOON, { status: "idle" })])));
  expect(changes).toMatchObject({ sessions: [], total: 0 });
});

interface Scenario {
  frames: { told: { pid: number; life: Partial<Presence> }[]; full: boolean }[];
  /** Whether the next step is a frame or a line. */
  order: boolean[];
  /** The frame that is told again, late. */
  again: number;
}

test("news and lines in any order, late ones told again, give the same session", async () => {
  const lines = [
    human("do it", NOON),
    toolCall("m1", "c1", "Bash", { command: "ls" }, NOON + SECOND),
    answer("m2", "Done.", NOON + 2 * SECOND),
  ];
  const life = fc.constantFrom<Partial<Presence>[]>(
    { status: "busy" },
    { status: "idle", statusAt: NOON + SECOND },
    { status: "waiting", waitingFor: "permission prompt", statusAt: NOON + SECOND },
    { status: null, statusAt: null },
    { life: "dead", lifeAt: NOON + 1_500 },
    { life: "moved", lifeAt: NOON + 1_500 },
    { life: "unproven" },
  );
  const told = fc.array(fc.record({ pid: fc.integer({ min: 1, max: 2 }), life }), { maxLength: 3 });
  const frames = fc.array(fc.record({ told, full: fc.boolean() }), { minLength: 1, maxLength: 4 });
  const scenario: fc.Arbitrary<Scenario> = fc.record({
    frames,
    order: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
    again: fc.nat(3),
  });
  const play = async ({ frames: all, order, again }: Scenario) => {
    await using store = await openTestStore();
    const transcript = new TestTranscript("s1").append(...lines);
    const wire = all.map(({ told: some, full }, index) => {
      const presences = some.map(({ pid, life: changes }) => presenceOf("s1", NOON, { pid, ...changes }));
      return full || index === 0
        ? fullFrame(index + 1, NOON, presences)
        : changeFrame(index + 1, NOON, presences, [{ session: "s1", pid: 3 }]);
    });
    let next = 0;
    for (const takesFrame of [...order, ...Array(wire.length).fill(true)]) {
      const frame = wire[next];
      if (takesFrame && frame !== undefined) {
        await store.engine.writer.presence(news(frame));
        next += 1;
        const late = wire[Math.min(again, next - 1)];
        if (late !== undefined) await store.engine.writer.presence(news(late));
      } else if (transcript.sent < transcript.bytes.length) {
        await store.send([transcript.next(1)]);
      }
    }
    await store.send([transcript.next()]);
    store.clock.now = NOON + 5 * SECOND;
    return JSON.stringify(await row(store));
  };
  await fc.assert(
    fc.asyncProperty(scenario, async (one) => {
      const plain = await play({ ...one, order: Array(12).fill(false), again: 0 });
      expect(await play(one)).toBe(plain);
    }),
    { numRuns: 25 },
  );
}, 120_000);
