import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dumpStore } from "../test-dump.ts";
import { answer, human, toolCall } from "../test-lines.ts";
import { MACHINE, NOON, OTHER_MACHINE, openTestStore, type TestStore } from "../test-store.ts";
import { ingestBody, type Line, TestTranscript } from "../test-transcript.ts";
import { nextOf, usageOf } from "../test-usage.ts";

/** 10 input, 40 output, 20 written to and 30 read from the cache, at 5, 25, 6.25 and 0.5 dollars a million. */
const ONE_ANSWER = 50_000 + 1_000_000 + 125_000 + 15_000;
const RUNS = 12;
const TIMEOUT_MS = 120_000;

const costs = async (store: TestStore) =>
  Object.fromEntries((await usageOf(store, { by: "session" })).rows.map((row) => [row.key, row.costNanoUsd]));

function withOutput(id: string, tokens: number, at: number, stop: string | null = "end_turn"): Line {
  const line = answer(id, "words", at, stop);
  const message = line.message as { usage: Line };
  return { ...line, message: { ...message, usage: { ...message.usage, output_tokens: tokens } } };
}

async function send(store: TestStore, transcript: TestTranscript, birthMs: number, machine = MACHINE) {
  return store.engine.writer.ingest(machine, ingestBody([nextOf({ transcript, birthMs })]));
}

describe("a response is counted once", () => {
  test("and a better copy of it, which comes later, corrects every total in the same transaction", async () => {
    await using store = await openTestStore();
    const one = new TestTranscript("s1").append(human("hi", NOON), withOutput("m1", 1, NOON, null));
    await store.commit(one);
    const { changes } = await store.commit(one.append(withOutput("m1", 40, NOON + 5)));
    expect(await costs(store)).toEqual({ s1: ONE_ANSWER });
    expect(changes.sessions).toMatchObject([{ id: "s1", costNanoUsd: ONE_ANSWER, tokens: 100, unpricedResponses: 0 }]);
    expect((await usageOf(store)).total.responses).toBe(1);
    expect(dumpStore(store.dataDir).rollups).toHaveLength(1);
  });

  test("for the session whose file was born first, whichever came first, and the feed is told of both", async () => {
    await using store = await openTestStore();
    const line = answer("m1", "words", NOON);
    await send(store, new TestTranscript("fork").append(human("hi", NOON), line), 2000);
    expect(await costs(store)).toEqual({ fork: ONE_ANSWER });
    const { changes } = await send(store, new TestTranscript("origin").append(human("hi", NOON), line), 1000);
    expect(await costs(store)).toEqual({ origin: ONE_ANSWER });
    const told = Object.fromEntries(changes.sessions.map((row) => [row.id, row.costNanoUsd]));
    expect(told).toEqual({ origin: ONE_ANSWER, fork: 0 });
  });

  test("and goes to whom else has a copy when its session is deleted", async () => {
    await using store = await openTestStore();
    const line = answer("m1", "words", NOON);
    await send(store, new TestTranscript("origin").append(human("hi", NOON), line, answer("m2", "more", NOON)), 1000);
    await send(store, new TestTranscript("fork").append(human("hi", NOON), line), 2000);
    const { changes } = await store.engine.writer.deleteSession("origin");
    expect(await costs(store)).toEqual({ fork: ONE_ANSWER });
    expect(changes).toMatchObject({ removed: ["origin"], sessions: [{ id: "fork", costNanoUsd: ONE_ANSWER }] });
    await store.engine.writer.deleteSession("fork");
    expect(await usageOf(store)).toMatchObject({ rows: [], total: { responses: 0, costNanoUsd: 0 } });
    const { responses, owners, rollups } = dumpStore(store.dataDir);
    expect({ responses, owners, rollups }).toEqual({ responses: [], owners: [], rollups: [] });
  });

  test("over machines too, on that of its earliest copy", async () => {
    await using store = await openTestStore();
    await store.register(OTHER_MACHINE);
    const lines = [human("hi", NOON), answer("m1", "words", NOON)];
    await send(store, new TestTranscript("s1").append(...lines), 2000);
    await send(store, new TestTranscript("s1").append(...lines), 1000, OTHER_MACHINE);
    expect((await usageOf(store, { by: "machine" })).rows).toMatchObject([{ key: "desk", responses: 1 }]);
  });

  test("where a file was rewritten, both of its lives are counted, each response once", async () => {
    await using store = await openTestStore();
    const one = new TestTranscript("s1").append(human("hi", NOON), answer("m1", "words", NOON));
    await store.commit(one);
    await store.commit(one.rewrite().append(human("hi", NOON), answer("m1", "words", NOON), answer("m2", "x", NOON)));
    expect((await usageOf(store)).total.responses).toBe(2);
  });

  test("and a rebuild of it all from what is kept leaves every sum as it was", async () => {
    await using store = await openTestStore();
    await store.commit(
      new TestTranscript("s1").append(human("hi", NOON), withOutput("m1", 3, NOON), withOutput("m1", 9, NOON)),
    );
    const before = dumpStore(store.dataDir);
    const database = new DatabaseSync(join(store.dataDir, "agentpane.db"));
    database.exec("UPDATE copies SET body = replace(body, 'claude', 'clod')");
    database.close();
    await store.engine.writer.reindex();
    expect(dumpStore(store.dataDir)).toEqual(before);
  });
});

test("a subagent's spend is its session's, shown apart, under its type as soon as that is told", async () => {
  await using store = await openTestStore();
  const agent = new TestTranscript("s1", { subagent: "a1" }).append(answer("m2", "words", NOON));
  await store.commit(new TestTranscript("s1").append(human("hi", NOON), answer("m1", "words", NOON)), agent);
  expect((await usageOf(store, { by: "subagent" })).rows.map(({ key }) => key)).toEqual(["main", "unknown"]);
  agent.meta = { type: "Explore" };
  await store.send([agent.touch()]);
  const { rows } = await usageOf(store, { by: "subagent" });
  expect(rows.map(({ key, responses }) => [key, responses])).toEqual([
    ["Explore", 1],
    ["main", 1],
  ]);
  const session = await store.engine.reader.session("s1");
  expect(session).toMatchObject({ costNanoUsd: 2 * ONE_ANSWER, tokens: 200 });
  expect(session?.agents).toMatchObject([{ id: "a1", costNanoUsd: ONE_ANSWER, tokens: 100 }]);
});

test("a row says how full the context is, and the client's own total over its processes", async () => {
  await using store = await openTestStore();
  const cost = (usd: number) => ({ type: "cost-state", sessionId: "s1", totalCostUSD: usd, modelUsage: {} });
  const one = new TestTranscript("s1").append(human("hi", NOON), answer("m1", "words", NOON));
  await store.commit(one);
  const row = async () => (await store.list()).sessions[0];
  expect(await row()).toMatchObject({ contextTokens: 60, contextWindow: 1_000_000, clientCostNanoUsd: null });
  // Resumed: the client goes on from its last total, and says it again when nothing was spent.
  await store.commit(one.append(cost(0.5), cost(0.75), cost(0.75)));
  expect(await row()).toMatchObject({ clientCostNanoUsd: 750_000_000 });
  // Less than before: this process began at nothing.
  await store.commit(one.append(human("again", NOON + 9), cost(0.25)));
  expect(await row()).toMatchObject({ clientCostNanoUsd: 1_000_000_000, costNanoUsd: ONE_ANSWER });
  const usage = await store.engine.reader.sessionUsage("s1");
  expect(usage?.client).toEqual({ costNanoUsd: 1_000_000_000, at: NOON + 9 });
});

describe("any order, split and repetition", () => {
  const T = NOON;
  const line = fc
    .record({ n: fc.nat(4), at: fc.integer({ min: T, max: T + 3 }), out: fc.nat(3), kind: fc.nat(2) })
    .map(({ n, at, out, kind }) => {
      if (kind === 0) return toolCall(`m${n}`, `c${n}`, "Bash", { command: "ls" }, at);
      return withOutput(`m${n}`, out, at, kind === 1 ? null : "end_turn");
    });
  const source = fc.record({
    session: fc.constantFrom("s1", "s2", "s3"),
    root: fc.constantFrom("/a", "/b"),
    subagent: fc.constantFrom(null, "a1"),
    machine: fc.constantFrom(MACHINE, OTHER_MACHINE),
    birthMs: fc.nat(2),
    lines: fc.array(line, { minLength: 1, maxLength: 8 }),
  });
  const sources = fc.uniqueArray(source, {
    minLength: 1,
    maxLength: 5,
    selector: ({ session, root, subagent, machine }) => JSON.stringify([session, root, subagent, machine]),
  });

  test(
    "of sources and segments gives the same sums, byte for byte, and taking a session away the same as if it had never come",
    async () => {
      const property = fc.asyncProperty(
        sources,
        fc.array(fc.nat(999), { minLength: 3, maxLength: 9 }),
        async (made, salt) => {
          const fill = async (store: TestStore, list: typeof made, shuffled: boolean) => {
            await store.register(OTHER_MACHINE);
            let cut = 0;
            const left = list.map(({ session, root, subagent, machine, birthMs, lines }) => {
              const transcript = new TestTranscript(session, { root, subagent }).append(...lines);
              return { transcript, birthMs, machine };
            });
            while (left.length > 0) {
              const at = shuffled ? (salt[cut++ % salt.length] ?? 0) % left.length : 0;
              const one = left[at];
              if (one === undefined) break;
              const size = shuffled ? 1 + ((salt[cut++ % salt.length] ?? 0) % 3) : undefined;
              const body = ingestBody([nextOf(one, size)]);
              const again = body.slice();
              await store.engine.writer.ingest(one.machine, body);
              if (shuffled) await store.engine.writer.ingest(one.machine, again);
              if (one.transcript.sent === one.transcript.bytes.length) left.splice(at, 1);
            }
          };
          await using whole = await openTestStore();
          await using pieces = await openTestStore();
          await using without = await openTestStore();
          await fill(whole, made, false);
          await fill(pieces, made, true);
          const sums = (store: TestStore) => {
            const { responses, owners, rollups } = dumpStore(store.dataDir);
            return { responses, owners, rollups };
          };
          expect(sums(pieces)).toEqual(sums(whole));
          await fill(
            without,
            made.filter(({ session }) => session !== "s1"),
            false,
          );
          await pieces.engine.writer.deleteSession("s1");
          expect(sums(pieces)).toEqual(sums(without));
        },
      );
      await fc.assert(property, { numRuns: RUNS });
    },
    TIMEOUT_MS,
  );
});

test("a time zone that nobody knows is refused by name", async () => {
  await using store = await openTestStore();
  await expect(usageOf(store, { tz: "Mars/Olympus" })).rejects.toMatchObject({ code: "invalid_request" });
});
