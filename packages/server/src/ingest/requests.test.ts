import type { AgentRequest, RequestClosing } from "@agentpane/protocol";
import { expect, test } from "vitest";
import type { RequestNews } from "../store/contract.ts";
import { human, toolCall } from "../test-lines.ts";
import { presenceOf } from "../test-presence.ts";
import { decisionOn, requestOf } from "../test-requests.ts";
import { MACHINE, NOON, OTHER_MACHINE, openTestStore, type TestStore } from "../test-store.ts";
import { TestTranscript } from "../test-transcript.ts";
import { CLAIM_MS } from "./claims.ts";
import { WITHDRAW_AFTER_MS } from "./requests.ts";

const ID = requestOf(1).id;
const ALLOW = { type: "allow" as const };
/** The monitor's clock, which goes a minute wrong. */
const SKEW = 60_000;

type Said = RequestNews extends infer News
  ? News extends RequestNews
    ? Omit<News, "machine" | "now" | "receivedAt">
    : never
  : never;

function tell(store: TestStore, said: Said, machine = MACHINE) {
  const { now } = store.clock;
  return store.engine.writer.requestNews({ ...said, machine, now: now - SKEW, receivedAt: now } as RequestNews);
}

function asked(store: TestStore, changes: Partial<AgentRequest> = {}): AgentRequest {
  const at = store.clock.now - SKEW;
  return requestOf(1, { openedAt: at, expiresAt: at + 1_000, ...changes });
}

function closing(store: TestStore, changes: Partial<RequestClosing> = {}): RequestClosing {
  const at = store.clock.now - SKEW;
  return { state: "answered", at, who: "terminal", name: null, how: "allowed in the terminal", ...changes };
}

async function working(store: TestStore): Promise<void> {
  await store.commit(
    new TestTranscript("s1").append(
      human("go", NOON - 2_000),
      toolCall("m1", "toolu_1", "Bash", { command: "npm test" }, NOON - 1_000),
    ),
  );
}

async function presenceFrame(store: TestStore, machine = MACHINE) {
  const { now } = store.clock;
  const frame = { bootId: "boot-1", seq: now, now: now - SKEW, full: true, presences: [], gone: [] };
  return store.engine.writer.presence({ type: "frame", machine, receivedAt: now, frame });
}

test("an open request is told with its session's row, by the server's clock; when it closes, what else is known decides", async () => {
  await using store = await openTestStore();
  await working(store);
  const { changes } = await tell(store, { type: "open", request: asked(store) });
  expect(changes.requests).toMatchObject([{ id: ID, openedAt: NOON, expiresAt: NOON + 1_000, reachable: true }]);
  expect(changes.sessions).toMatchObject([
    { id: "s1", status: "approval", source: "hook", since: NOON, requests: [ID], activity: { summary: "npm test" } },
  ]);
  expect((await store.list({ status: "approval" })).total).toBe(1);
  store.clock.now += 5_000;
  const closed = await tell(store, { type: "closed", id: ID, closing: closing(store), decision: null });
  expect(closed.changes.requests).toMatchObject([{ state: "answered", latencyMs: 5_000, reachable: false }]);
  expect(closed.changes.sessions).toMatchObject([{ id: "s1", status: "working", source: "transcript", requests: [] }]);
});

test("a request whose session comes later is in that session's first row", async () => {
  await using store = await openTestStore();
  const { changes } = await tell(store, { type: "open", request: asked(store) });
  expect(changes.sessions).toEqual([]);
  await working(store);
  expect((await store.list()).sessions).toMatchObject([{ id: "s1", status: "approval", requests: [ID] }]);
});

test("whatever is said twice has happened once, and the tool call that it is about may come later", async () => {
  await using store = await openTestStore();
  await tell(store, { type: "open", request: asked(store) });
  expect((await tell(store, { type: "open", request: asked(store) })).changes.requests).toEqual([]);
  const joined = await tell(store, { type: "open", request: asked(store, { toolUseId: "toolu_1" }) });
  expect(joined.changes.requests).toMatchObject([{ id: ID, toolUseId: "toolu_1" }]);
  // An older frame that comes again takes nothing away.
  await tell(store, { type: "open", request: asked(store) });
  expect((await store.engine.reader.request(ID))?.toolUseId).toBe("toolu_1");
  const end = closing(store);
  await tell(store, { type: "closed", id: ID, closing: end, decision: null });
  const again = { ...end, who: "nobody" as const, how: "something else" };
  expect((await tell(store, { type: "closed", id: ID, closing: again, decision: null })).changes.requests).toEqual([]);
  await tell(store, { type: "open", request: asked(store) });
  expect(await store.engine.reader.request(ID)).toMatchObject({ state: "answered", closing: { who: "terminal" } });
});

test("what its monitor no longer holds is withdrawn, and what it holds all the same stands open again", async () => {
  await using store = await openTestStore();
  await tell(store, { type: "open", request: asked(store) });
  await tell(store, { type: "open", request: requestOf(2) });
  await tell(store, { type: "held", ids: [requestOf(2).id] });
  const open = await store.engine.reader.requests({ state: "open", limit: 10 });
  expect(open.requests.map(({ id }) => id)).toEqual([requestOf(2).id]);
  expect(await store.engine.reader.request(ID)).toMatchObject({ state: "withdrawn", closing: { who: "nobody" } });
  await tell(store, { type: "open", request: asked(store) });
  expect(await store.engine.reader.request(ID)).toMatchObject({ state: "open", closing: null });
});

test("a machine that is not heard of for ten minutes asks nothing any more, and what it then says counts", async () => {
  await using store = await openTestStore();
  await presenceFrame(store);
  await tell(store, { type: "open", request: asked(store) });
  const lost = await store.engine.writer.presence({ type: "lost", machine: MACHINE, since: NOON });
  expect(lost.changes.requests).toMatchObject([{ id: ID, state: "open", reachable: false }]);
  store.clock.now += WITHDRAW_AFTER_MS - 1;
  const early = await store.engine.writer.sweep();
  expect(early.changes.requests).toEqual([]);
  expect(early.answer.nextAt).toBeLessThanOrEqual(NOON + WITHDRAW_AFTER_MS);
  store.clock.now += 1;
  const { changes } = await store.engine.writer.sweep();
  expect(changes.requests).toMatchObject([
    { state: "withdrawn", closing: { how: "its machine is not heard of any more" } },
  ]);
  await presenceFrame(store);
  await tell(store, { type: "closed", id: ID, closing: closing(store), decision: null });
  expect(await store.engine.reader.request(ID)).toMatchObject({ state: "answered" });
});

test("a monitor that says goodbye takes its requests along, and leaves those of others", async () => {
  await using store = await openTestStore();
  await store.register(OTHER_MACHINE);
  await tell(store, { type: "open", request: asked(store) });
  await tell(store, { type: "open", request: requestOf(2) }, OTHER_MACHINE);
  await store.engine.writer.deregister(`token of ${MACHINE}`, { machine: MACHINE, bootId: "boot-1" });
  const { requests } = await store.engine.reader.requests({ limit: 10 });
  expect(requests).toMatchObject([
    { id: requestOf(2).id, state: "open" },
    { id: ID, state: "withdrawn", closing: { how: "its monitor stopped" } },
  ]);
});

test("a page says how much people settled since a time, and after how long in the median", async () => {
  await using store = await openTestStore();
  const since = store.clock.now;
  const settled = async () => (await store.engine.reader.requests({ state: "closed", limit: 1, since })).settled;
  expect(await settled()).toEqual({ count: 0, medianLatencyMs: null });
  const states = ["decided", "answered", "decided", "withdrawn"] as const;
  for (const [index, afterMs] of [9_000, 2_000, 4_000, 1].entries()) {
    const request = requestOf(index + 1, { openedAt: since - SKEW });
    await tell(store, { type: "open", request });
    const end = closing(store, { state: states[index] ?? "decided", at: since - SKEW + afterMs });
    await tell(store, { type: "closed", id: request.id, closing: end, decision: null });
  }
  expect(await settled()).toEqual({ count: 3, medianLatencyMs: 4_000 });
  const { settled: later } = await store.engine.reader.requests({ limit: 1, since: since + 9_001 });
  expect(later).toEqual({ count: 0, medianLatencyMs: null });
  expect((await store.engine.reader.requests({ limit: 1 })).settled).toBeUndefined();
});

test("a decision of which nothing is heard keeps others away for ten seconds, and no longer", async () => {
  await using store = await openTestStore();
  await tell(store, { type: "open", request: asked(store) });
  const row = await store.engine.reader.request(ID);
  if (row === null) throw new Error("no request");
  const by = (name: string, n: number) =>
    store.engine.writer.claimRequest({
      ...decisionOn(row, ALLOW),
      id: ID,
      decisionId: `d_${String(n).repeat(32)}`,
      by: name,
      from: "127.0.0.1",
    });
  await by("Ana", 1);
  store.clock.now += CLAIM_MS - 1;
  await expect(by("Ben", 2)).rejects.toMatchObject({ code: "request_settled", details: { claim: { by: "Ana" } } });
  store.clock.now += 1;
  await by("Ben", 2);
  // The first one's result is about a decision that no longer stands.
  await tell(store, { type: "result", id: ID, decision: `d_${"1".repeat(32)}`, error: null });
  expect((await store.engine.reader.request(ID))?.state).toBe("open");
  await tell(store, { type: "result", id: ID, decision: `d_${"2".repeat(32)}`, error: null });
  expect(await store.engine.reader.request(ID)).toMatchObject({ state: "decided", closing: { name: "Ben" } });
});

test("a decision that was given up as unheard, but was taken: it counts under its own name, and the audit says of both what became of them", async () => {
  await using store = await openTestStore();
  await tell(store, { type: "open", request: asked(store) });
  const row = await store.engine.reader.request(ID);
  if (row === null) throw new Error("no request");
  const [first, second] = [`d_${"1".repeat(32)}`, `d_${"2".repeat(32)}`] as const;
  const claim = (by: string, decisionId: string) =>
    store.engine.writer.claimRequest({ ...decisionOn(row, ALLOW), id: ID, decisionId, by, from: null });
  await claim("Ana", first);
  store.clock.now += CLAIM_MS;
  await claim("Ben", second);
  const said = closing(store, { state: "decided", who: "person", name: "whoever", how: "allowed by Ana" });
  await tell(store, { type: "closed", id: ID, closing: said, decision: first });
  expect((await store.engine.reader.request(ID))?.closing).toMatchObject({ state: "decided", name: "Ana" });
  const { entries } = await store.engine.reader.audit({ limit: 10 });
  const results = entries.filter(({ action }) => action === "decision.result");
  expect(results.map(({ actor, details }) => [actor, (details as { taken: boolean }).taken]).sort()).toEqual([
    ["Ana", true],
    ["Ben", false],
  ]);
});

test("a monitor cannot say that a person decided who did not", async () => {
  await using store = await openTestStore();
  await tell(store, { type: "open", request: asked(store) });
  const said = closing(store, { state: "decided", who: "person", name: "Ana", how: "allowed" });
  await tell(store, { type: "closed", id: ID, closing: said, decision: `d_${"1".repeat(32)}` });
  expect((await store.engine.reader.request(ID))?.closing).toMatchObject({ state: "decided", name: null });
  expect((await store.engine.reader.audit({ limit: 10 })).entries).toEqual([]);
});

test("a decision that its monitor refused leaves the request open, and the audit says why", async () => {
  await using store = await openTestStore();
  await tell(store, { type: "open", request: asked(store) });
  const row = await store.engine.reader.request(ID);
  if (row === null) throw new Error("no request");
  const decision = `d_${"1".repeat(32)}`;
  const claim = { ...decisionOn(row, ALLOW), id: ID, decisionId: decision, by: "Ana", from: null };
  await store.engine.writer.claimRequest(claim);
  const error = { code: "digest_mismatch", message: "something else" };
  await tell(store, { type: "result", id: ID, decision, error });
  await tell(store, { type: "result", id: ID, decision, error });
  const { entries } = await store.engine.reader.audit({ limit: 10 });
  expect(entries.map(({ action, details }) => [action, (details as { taken?: boolean }).taken])).toEqual([
    ["decision.result", false],
    ["decision", undefined],
  ]);
  await store.engine.writer.claimRequest({ ...claim, decisionId: `d_${"2".repeat(32)}` });
});

test("a session that is deleted takes what was asked in it along, and the audit stays", async () => {
  await using store = await openTestStore();
  await working(store);
  await tell(store, { type: "open", request: asked(store) });
  await tell(store, { type: "closed", id: ID, closing: closing(store), decision: null });
  await store.engine.writer.audit({ who: "Ana", what: "session.delete", detail: {}, from: null, session: "s1" });
  await store.engine.writer.deleteSession("s1");
  expect(await store.engine.reader.request(ID)).toBeNull();
  expect((await store.engine.reader.audit({ session: "s1", limit: 10 })).entries).toHaveLength(1);
});

test("requests go before lines that wait, and a machine that never registered has none", async () => {
  await using store = await openTestStore();
  await expect(tell(store, { type: "open", request: asked(store) }, OTHER_MACHINE)).rejects.toMatchObject({
    code: "conflict",
  });
  const order: string[] = [];
  const transcript = new TestTranscript("s1").append(human("go", NOON));
  await Promise.all([
    store.commit(transcript).then(() => order.push("lines")),
    tell(store, { type: "open", request: asked(store) }).then(() => order.push("request")),
  ]);
  expect(order).toEqual(["request", "lines"]);
});

test("a process that lives is shown beside what it asks", async () => {
  await using store = await openTestStore();
  await working(store);
  const { now } = store.clock;
  const frame = {
    bootId: "boot-1",
    seq: 1,
    now: now - SKEW,
    full: true,
    presences: [presenceOf("s1", now - SKEW)],
    gone: [],
  };
  await store.engine.writer.presence({ type: "frame", machine: MACHINE, receivedAt: now, frame });
  const { changes } = await tell(store, { type: "open", request: asked(store) });
  expect(changes.sessions).toMatchObject([{ source: "hook", process: { machine: MACHINE, pid: 4711 } }]);
});
