import type { MonitorReport } from "@agentpane/protocol";
import { MACHINE_SILENT_MS } from "@agentpane/protocol";
import { expect, test } from "vitest";
import { goodbye, human, turnEnd } from "../test-lines.ts";
import { MACHINE, NOON, OTHER_MACHINE, openTestStore, registerBodyOf, type TestStore } from "../test-store.ts";
import { ingestBody, TestTranscript } from "../test-transcript.ts";

const TOKEN = `token of ${MACHINE}`;

const REPORT: MonitorReport = {
  uptimeMs: 1,
  roots: [{ path: "/home/dev/.claude", present: true }],
  filesKnown: 3,
  foldersWatched: 2,
  behindBytes: 0,
  behindFiles: 0,
  backfill: null,
  lines: { total: 5, slow: 0, malformed: 0 },
  unknownTypes: {},
  warnings: [],
  residentBytes: 1,
};

async function addToken(store: TestStore, id: string, expiresAt: number | null = null): Promise<void> {
  const secretSha256 = Buffer.from(id).toString("hex").padEnd(64, "0").slice(0, 64);
  await store.engine.writer.addToken({ id, name: id, role: "monitor", secretSha256, createdAt: NOON, expiresAt });
}

function beat(store: TestStore, bootId = "boot-1", token = TOKEN) {
  return store.engine.writer.heartbeat(token, { machine: MACHINE, bootId, report: REPORT });
}

test("the first register binds the token, and another machine with it is refused", async () => {
  await using store = await openTestStore();
  expect(await store.engine.reader.tokens()).toMatchObject([{ id: TOKEN, machine: MACHINE }]);
  const other = store.engine.writer.register(TOKEN, registerBodyOf(OTHER_MACHINE));
  await expect(other).rejects.toMatchObject({ code: "machine_mismatch" });
  expect(await store.engine.reader.machines()).toHaveLength(1);
});

test("a machine's id from another host is refused: a copied home is another machine", async () => {
  await using store = await openTestStore();
  await addToken(store, "copied");
  const copied = store.engine.writer.register("copied", registerBodyOf(MACHINE, { hostSha256: "f".repeat(64) }));
  await expect(copied).rejects.toMatchObject({ code: "machine_mismatch" });
});

test("a new token can be made for a known machine", async () => {
  await using store = await openTestStore();
  await addToken(store, "second");
  await store.engine.writer.register("second", registerBodyOf(MACHINE, { bootId: "boot-2", name: "renamed" }));
  expect(await store.engine.reader.machines()).toMatchObject([{ id: MACHINE, name: "renamed", state: "connected" }]);
  expect((await beat(store, "boot-2", "second")).answer).toEqual({ known: true });
});

test("what an earlier start had under way when it died is refused once its successor has registered", async () => {
  await using store = await openTestStore();
  const transcript = new TestTranscript("s1").append(human("hello", 0));
  const segment = transcript.next();
  const bodyOf = (bootId: string) => ingestBody([segment], { manifest: { bootId } });
  await store.engine.writer.register(TOKEN, registerBodyOf(MACHINE, { bootId: "boot-2" }));
  const late = store.engine.writer.ingest(MACHINE, bodyOf("boot-1"));
  await expect(late).rejects.toMatchObject({ code: "conflict" });
  expect((await store.engine.reader.sessions({ limit: 10, offset: 0 })).total).toBe(0);
  const { answer } = await store.engine.writer.ingest(MACHINE, bodyOf("boot-2"));
  expect(answer.answers).toMatchObject([{ result: "committed" }]);
});

test("a token that is unknown, expired or revoked registers nobody", async () => {
  await using store = await openTestStore();
  await addToken(store, "expiring", NOON + 1000);
  await addToken(store, "revoked");
  await store.engine.writer.revokeToken("revoked");
  store.clock.now = NOON + 1000;
  for (const token of ["nobody's", "expiring", "revoked"]) {
    const registered = store.engine.writer.register(token, registerBodyOf(OTHER_MACHINE));
    await expect(registered).rejects.toMatchObject({ code: "unauthenticated" });
  }
});

test("another protocol is refused, and the message says which side to update", async () => {
  await using store = await openTestStore();
  const newer = store.engine.writer.register(TOKEN, registerBodyOf(MACHINE, { protocol: 2 }));
  await expect(newer).rejects.toMatchObject({
    code: "protocol_mismatch",
    message: expect.stringContaining("update the server"),
  });
});

test("a heartbeat carries the monitor's report, and one of a start that did not register asks for it", async () => {
  await using store = await openTestStore();
  store.clock.now += 5000;
  const { answer, changes } = await beat(store);
  expect(answer).toEqual({ known: true });
  expect(changes.machines).toMatchObject([{ id: MACHINE, lastSeenAt: NOON + 5000, report: { filesKnown: 3 } }]);
  expect(await store.engine.reader.machines()).toEqual(changes.machines);
  expect((await beat(store, "boot-of-another-start")).answer).toEqual({ known: false });
});

test("a machine's token speaks for no other machine", async () => {
  await using store = await openTestStore();
  await store.register(OTHER_MACHINE);
  const { writer } = store.engine;
  const body = { machine: OTHER_MACHINE, bootId: "boot-1" };
  await expect(writer.heartbeat(TOKEN, { ...body, report: REPORT })).rejects.toMatchObject({
    code: "machine_mismatch",
  });
  await expect(writer.deregister(TOKEN, body)).rejects.toMatchObject({ code: "machine_mismatch" });
  expect(await store.engine.reader.machines()).toMatchObject([{ state: "connected" }, { state: "connected" }]);
});

test("a goodbye is for its own start of the monitor", async () => {
  await using store = await openTestStore();
  await store.engine.writer.deregister(TOKEN, { machine: MACHINE, bootId: "an-older-start" });
  expect(await store.engine.reader.machines()).toMatchObject([{ state: "connected" }]);
  const { changes } = await store.engine.writer.deregister(TOKEN, { machine: MACHINE, bootId: "boot-1" });
  expect(changes.machines).toMatchObject([{ id: MACHINE, state: "left" }]);
  expect((await beat(store)).answer).toEqual({ known: false });
  await store.register(MACHINE);
  expect(await store.engine.reader.machines()).toMatchObject([{ state: "connected" }]);
});

test("a silent machine makes its own sessions unknown, but for those that ended, and heals by itself", async () => {
  await using store = await openTestStore();
  await store.register(OTHER_MACHINE);
  await store.commit(
    new TestTranscript("running").append(human("go", NOON)),
    new TestTranscript("over").append(human("go", NOON), turnEnd(NOON)),
    new TestTranscript("ended").append(human("go", NOON), goodbye()),
  );
  await store.send([new TestTranscript("elsewhere").append(human("go", NOON)).next()], OTHER_MACHINE);
  const { answer } = await store.engine.writer.sweep();
  expect(answer.nextAt).toBe(NOON + MACHINE_SILENT_MS);

  store.clock.now = NOON + MACHINE_SILENT_MS;
  await store.send([], OTHER_MACHINE);
  const statuses = async () => Object.fromEntries((await store.list()).sessions.map((row) => [row.id, row.status]));
  const silent = { running: "unknown", over: "unknown", ended: "ended", elsewhere: "working" };
  expect(await statuses()).toEqual(silent);
  expect((await store.list({ status: "unknown" })).total).toBe(2);
  expect((await store.list({ status: "working" })).sessions.map(({ id }) => id)).toEqual(["elsewhere"]);
  const swept = await store.engine.writer.sweep();
  expect(swept.changes.machines).toMatchObject([{ id: MACHINE, state: "silent" }]);
  expect(swept.changes.sessions.map(({ id, status }) => [id, status]).sort()).toEqual([
    ["over", "unknown"],
    ["running", "unknown"],
  ]);
  expect(swept.changes.sessions[0]).toMatchObject({
    since: NOON,
    source: "silence",
    sentence: "monitor silent since 2026-10-20 12:00 UTC",
  });
  expect((await store.engine.writer.sweep()).changes.sessions).toEqual([]);

  store.clock.now += 1000;
  const back = await beat(store);
  expect(back.changes.machines).toMatchObject([{ id: MACHINE, state: "connected" }]);
  expect(back.changes.sessions.map(({ id, status }) => [id, status]).sort()).toEqual([
    ["over", "ready"],
    ["running", "working"],
  ]);
  expect(await statuses()).toEqual({ running: "working", over: "ready", ended: "ended", elsewhere: "working" });
});

test("segments are a sign of life too", async () => {
  await using store = await openTestStore();
  const transcript = new TestTranscript("s1").append(human("go", NOON));
  await store.commit(transcript);
  store.clock.now = NOON + MACHINE_SILENT_MS;
  await store.engine.writer.sweep();
  store.clock.now += 1000;
  const { changes } = await store.commit(transcript.append(human("more", NOON + 31_000)));
  expect(changes.machines).toMatchObject([{ id: MACHINE, state: "connected" }]);
  expect(changes.sessions).toMatchObject([{ id: "s1", status: "working" }]);
});

test("a machine says how many sessions it has, and a new one is told", async () => {
  await using store = await openTestStore();
  const first = await store.commit(new TestTranscript("s1").append(human("go", NOON)));
  expect(first.changes.machines).toMatchObject([{ id: MACHINE, sessions: 1 }]);
  await store.commit(new TestTranscript("s2").append(human("go", NOON)));
  expect(await store.engine.reader.machines()).toMatchObject([{ id: MACHINE, sessions: 2 }]);
});
