import { MAX_COMPACTIONS, sessionUsage } from "@agentpane/protocol";
import { describe, expect, test } from "vitest";
import { answer, human } from "../test-lines.ts";
import { NOON, openTestStore, type TestStore } from "../test-store.ts";
import { type Line, TestTranscript } from "../test-transcript.ts";

const usageOfSession = async (store: TestStore, id = "s1") =>
  sessionUsage.parse(await store.engine.reader.sessionUsage(id));

function compacted(at: number, preTokens?: number, postTokens?: number): Line {
  const compactMetadata = { trigger: "auto", preTokens, postTokens };
  return { type: "system", subtype: "compact_boundary", timestamp: new Date(at).toISOString(), compactMetadata };
}

function withUsage(id: string, model: string, usage: Line): Line {
  const line = answer(id, "words", NOON);
  return { ...line, message: { ...(line.message as Line), model, usage } };
}

describe("what a session cost by kind", () => {
  test("is told apart, and adds up to the total", async () => {
    await using store = await openTestStore();
    // 5, 25, 0.5 and 6.25 dollars a million tokens.
    await store.commit(new TestTranscript("s1").append(human("hi", NOON), answer("m1", "words", NOON)));
    const { total, costByKind } = await usageOfSession(store);
    expect(costByKind).toEqual({
      input: 50_000,
      output: 1_000_000,
      cacheRead: 15_000,
      cacheWrite5m: 125_000,
      cacheWrite1h: 0,
      webSearches: 0,
    });
    expect(total.costNanoUsd).toBe(1_190_000);
  });

  test("keeps searches free of the factor of a region, and leaves out what has no price", async () => {
    await using store = await openTestStore();
    const usage = { input_tokens: 100, output_tokens: 10, server_tool_use: { web_search_requests: 3 } };
    await store.commit(
      new TestTranscript("s1").append(
        human("hi", NOON),
        withUsage("m1", "claude-opus-4-6", { ...usage, inference_geo: "us" }),
        withUsage("m2", "nobody-knows-1", usage),
      ),
    );
    const { total, costByKind } = await usageOfSession(store);
    // 100 x 5500 and 10 x 27500 nano-dollars; a cent a search.
    expect(costByKind).toMatchObject({ input: 550_000, output: 275_000, webSearches: 30_000_000 });
    expect(total.costNanoUsd).toBe(30_825_000);
    expect(total.unpriced).toEqual([{ model: "nobody-knows-1", responses: 1 }]);
  });

  test("counts an advisor's tokens at the advisor's own rates", async () => {
    await using store = await openTestStore();
    const advisor = { type: "advisor_message", model: "claude-sonnet-4-6", input_tokens: 1_000, output_tokens: 100 };
    const usage = { input_tokens: 10, output_tokens: 1, iterations: [advisor] };
    await store.commit(new TestTranscript("s1").append(human("hi", NOON), withUsage("m1", "claude-opus-4-6", usage)));
    const { total, costByKind } = await usageOfSession(store);
    // 10 x 5000 + 1000 x 3000, and 25000 + 100 x 15000.
    expect(costByKind).toMatchObject({ input: 3_050_000, output: 1_525_000 });
    expect(total.costNanoUsd).toBe(4_575_000);
  });
});

describe("a session's compactions", () => {
  test("stand in its cost and its detail with what the context held before and after", async () => {
    await using store = await openTestStore();
    const one = new TestTranscript("s1").append(human("hi", NOON), compacted(NOON + 5, 155_000, 20_000));
    const agent = new TestTranscript("s1", { subagent: "a1" }).append(compacted(NOON + 6, 9, 3));
    await store.commit(one.append(answer("m1", "words", NOON + 7), compacted(NOON + 9)), agent);
    const expected = [
      { at: NOON + 5, preTokens: 155_000, postTokens: 20_000 },
      { at: NOON + 9, preTokens: null, postTokens: null },
    ];
    expect((await usageOfSession(store)).compactions).toEqual(expected);
    expect((await store.engine.reader.session("s1"))?.compactions).toEqual(expected);
    // What a rewritten file no longer says is not told.
    await store.commit(one.rewrite().append(human("hi", NOON)));
    expect((await usageOfSession(store)).compactions).toEqual([]);
  });

  test("of many are the last", async () => {
    await using store = await openTestStore();
    const many = Array.from({ length: MAX_COMPACTIONS + 1 }, (_, n) => compacted(NOON + n, n + 1));
    await store.commit(new TestTranscript("s1").append(human("hi", NOON), ...many));
    const { compactions = [] } = await usageOfSession(store);
    expect(compactions).toHaveLength(MAX_COMPACTIONS);
    expect(compactions[0]?.at).toBe(NOON + 1);
    expect(compactions.at(-1)?.at).toBe(NOON + MAX_COMPACTIONS);
  });
});
