import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { addAudit, auditPage } from "../store/audit.ts";
import { openForReading, openForWriting } from "../store/sqlite.ts";
import { dumpStore } from "../test-dump.ts";
import { answer, human } from "../test-lines.ts";
import { NOON, openTestStore, type TestStore } from "../test-store.ts";
import { TestTranscript } from "../test-transcript.ts";
import { usageOf } from "../test-usage.ts";

const MODEL = "claude-opus-4-6";
/** 10 input, 40 output, 20 written to and 30 read from the cache, at 5, 25, 6.25 and 0.5 dollars a million. */
const LISTED = 50_000 + 1_000_000 + 125_000 + 15_000;
/** More than one slice of the background. */
const RESPONSES = 1_200;
const DEADLINE_MS = 20_000;
/** How soon after a change of prices the first rows follow. */
const TOLD_MS = 250;

function long(session = "s1", responses = RESPONSES): TestTranscript {
  const lines = Array.from({ length: responses }, (_, n) => answer(`${session} m${n}`, "words", NOON + n));
  return new TestTranscript(session).append(human("hi", NOON), ...lines);
}

/** Reads until nothing waits for the background, and gives what `repricing` said meanwhile. */
async function untilPriced(store: TestStore): Promise<number[]> {
  const shares: number[] = [];
  for (const deadline = performance.now() + DEADLINE_MS; performance.now() < deadline; ) {
    const { repricing } = await usageOf(store);
    shares.push(repricing);
    if (repricing === 0) return shares;
    await new Promise(setImmediate);
  }
  throw new Error("history is not priced in time");
}

test("a price of one's own reprices history in slices, visibly, and whoever has a page open is told of the sessions soon", async () => {
  await using store = await openTestStore();
  await store.commit(long());
  expect((await usageOf(store)).total.costNanoUsd).toBe(RESPONSES * LISTED);
  const saved = await store.engine.writer.saveSettings({ prices: { [MODEL]: { output: 50 } } }, "ann");
  expect(saved.changes.nextAt).toBe(NOON + TOLD_MS);
  const shares = await untilPriced(store);
  expect(shares[0]).toBeGreaterThan(0);
  const cost = RESPONSES * (LISTED + 1_000_000);
  expect((await usageOf(store)).total.costNanoUsd).toBe(cost);
  expect((await store.list()).sessions[0]?.costNanoUsd).toBe(cost);
  const swept = await store.engine.writer.sweep();
  expect(swept.changes.sessions).toMatchObject([{ id: "s1", costNanoUsd: cost }]);
  await store.engine.writer.saveSettings({ prices: {} }, "ann");
  await untilPriced(store);
  expect((await usageOf(store)).total.costNanoUsd).toBe(RESPONSES * LISTED);
});

test("rows follow a change of prices while more of history is still to be priced", async () => {
  await using store = await openTestStore();
  await store.commit(long());
  const { writer } = store.engine;
  await writer.saveSettings({ prices: { [MODEL]: { output: 50 } } }, "ann");
  const told: number[] = [];
  for (const deadline = performance.now() + DEADLINE_MS; performance.now() < deadline; ) {
    const { answer: swept, changes } = await writer.sweep();
    for (const { costNanoUsd = 0 } of changes.sessions) told.push(costNanoUsd);
    if (told.at(-1) === RESPONSES * (LISTED + 1_000_000)) break;
    // As long as anything is to come, the next sweep is soon.
    expect(swept.nextAt).not.toBeNull();
    expect(swept.nextAt).toBeLessThanOrEqual(NOON + TOLD_MS);
    await new Promise(setImmediate);
  }
  expect(told.at(-1)).toBe(RESPONSES * (LISTED + 1_000_000));
  expect(told.length).toBeGreaterThan(1);
  expect(told).toEqual([...told].sort((a, b) => a - b));
});

test("settings come back as they were saved, and who saved them stays in the audit", async () => {
  await using store = await openTestStore();
  expect(await store.engine.reader.settings()).toEqual({ prices: {} });
  const prices = { "gpt-6": { input: 1, output: 2 } };
  await store.engine.writer.saveSettings({ prices }, "ann");
  expect(await store.engine.reader.settings()).toEqual({ prices });
  const path = join(store.dataDir, "agentpane.db");
  const detail = { before: { prices: {} }, after: { prices } };
  const db = openForReading(path);
  const noSession = { from: null, session: null, request: null, latencyMs: null };
  const entry = { n: 1, at: NOON, actor: "ann", action: "settings", details: detail, ...noSession };
  expect(auditPage(db, { limit: 10 })).toEqual({ entries: [entry], next: null });
  db.raw.close();
  const writable = openForWriting(path);
  addAudit(writable, { at: NOON, who: "bob", what: "settings", detail });
  for (const change of ["DELETE FROM audit", "UPDATE audit SET who = 'eve'"]) {
    expect(() => writable.exec(change)).toThrow(/only grows/);
  }
  writable.raw.close();
});

test("a server that was stopped in the middle goes on where it was", async () => {
  await using store = await openTestStore();
  await store.commit(long());
  await store.engine.writer.saveSettings({ prices: { [MODEL]: { output: 50 } } }, "ann");
  await store.reopen();
  expect((await usageOf(store)).repricing).toBeGreaterThan(0);
  await store.commit(long("s2", 1));
  await untilPriced(store);
  expect((await usageOf(store)).total.costNanoUsd).toBe((RESPONSES + 1) * (LISTED + 1_000_000));
});

test("fetched prices price what the library does not, and the same prices again change nothing", async () => {
  await using store = await openTestStore();
  const line = answer("m1", "words", NOON);
  const message = { ...(line.message as object), model: "claude-next-9" };
  await store.commit(new TestTranscript("s1").append(human("hi", NOON), { ...line, message }));
  expect((await usageOf(store)).total).toMatchObject({
    costNanoUsd: 0,
    unpriced: [{ model: "claude-next-9", responses: 1 }],
  });
  expect((await store.list()).sessions[0]).toMatchObject({ costNanoUsd: 0, unpricedResponses: 1, contextWindow: null });
  const prices = { input_mtok: 1, output_mtok: 1, cache_write_mtok: 1, cache_read_mtok: 1 };
  const models = [{ id: "claude-next-9", match: { equals: "claude-next-9" }, prices, context_window: 500_000 }];
  const url = "http://127.0.0.1/prices";
  expect((await store.engine.writer.savePrices({ url, models }, "ann")).answer).toEqual({
    url,
    models: 1,
    changed: true,
  });
  await untilPriced(store);
  expect((await usageOf(store)).total).toMatchObject({ costNanoUsd: 100_000, unpriced: [] });
  expect((await store.engine.writer.savePrices({ url, models }, "ann")).answer.changed).toBe(false);
});

test("copies that an older AgentPane stored are counted in the background", async () => {
  await using store = await openTestStore();
  await store.commit(long("s1", 30), long("s2", 30));
  const before = dumpStore(store.dataDir);
  // As a server that was just started: nothing of the store is in its memory.
  await store.reopen();
  const database = new DatabaseSync(join(store.dataDir, "agentpane.db"));
  database.exec(`UPDATE copies SET response = NULL; DELETE FROM responses; DELETE FROM rollups; DELETE FROM rollup_days;
    DELETE FROM usage_owners; DELETE FROM settings`);
  database.close();
  expect(await usageOf(store)).toMatchObject({ rows: [], repricing: 1 });
  await store.commit(long("s3", 1));
  await untilPriced(store);
  await store.engine.writer.deleteSession("s3");
  const { responses, owners, rollups } = dumpStore(store.dataDir);
  expect({ responses, owners, rollups }).toEqual({
    responses: before.responses,
    owners: before.owners,
    rollups: before.rollups,
  });
});
