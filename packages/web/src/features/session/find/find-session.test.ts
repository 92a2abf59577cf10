import type { Finding, FindPage } from "@agentpane/protocol";
import { expect, it } from "vitest";
import { ApiError } from "../../../api/errors.ts";
import { FindSession, MAX_FINDINGS } from "./find-session.ts";

function finding(offset: number): Finding {
  return { place: `p${offset}`, offset, index: 0, kind: "text", at: null, times: 1, before: "", match: "x", after: "" };
}

function page(offsets: number[], next: string | null, part = 1): FindPage {
  return { findings: offsets.map(finding), next, searchedBytes: part * 100, totalBytes: 100 };
}

it("asks on until the end, and lists what each step found", async () => {
  const asked: (string | null)[] = [];
  const pages: Record<string, FindPage> = { start: page([1], "a", 0.3), a: page([], "b", 0.6), b: page([5, 9], null) };
  using find = new FindSession({
    async step(_q, after) {
      asked.push(after);
      return pages[after ?? "start"] ?? page([], null);
    },
  });
  const parts: number[] = [];
  find.subscribe(() => parts.push(find.getSnapshot().part));
  await find.search("x");
  expect(asked).toEqual([null, "a", "b"]);
  expect(find.getSnapshot().findings.map(({ offset }) => offset)).toEqual([1, 5, 9]);
  expect(find.getSnapshot().phase).toBe("done");
  expect(parts).toEqual([0, 0.3, 0.6, 1]);
});

it("goes from where the reader stands, then from one to the next and around", async () => {
  using find = new FindSession({ step: async () => page([10, 20, 30], null) });
  await find.search("x");
  expect(find.go(1, { offset: 15, index: 0 })?.offset).toBe(20);
  expect(find.go(1, null)?.offset).toBe(30);
  expect(find.go(1, null)?.offset).toBe(10);
  expect(find.go(-1, null)?.offset).toBe(30);
  await find.search("y");
  expect(find.go(-1, { offset: 15, index: 0 })?.offset).toBe(10);
  await find.search("z");
  expect(find.go(1, { offset: 99, index: 0 })?.offset).toBe(10);
});

it("has nowhere to go where nothing was found", async () => {
  using find = new FindSession({ step: async () => page([], null) });
  await find.search("x");
  expect(find.go(1, null)).toBeNull();
});

it("is overtaken by the next search, whose words alone count", async () => {
  const signals: AbortSignal[] = [];
  using find = new FindSession({
    async step(q, _after, _limit, signal) {
      signals.push(signal);
      await Promise.resolve();
      return q === "old" ? page([1], "more") : page([2], null);
    },
  });
  await Promise.all([find.search("old"), find.search("new")]);
  expect(signals[0]?.aborted).toBe(true);
  expect(find.getSnapshot()).toMatchObject({ q: "new", phase: "done" });
  expect(find.getSnapshot().findings.map(({ offset }) => offset)).toEqual([2]);
});

it("stops where there is more than anybody looks through, and says so", async () => {
  let steps = 0;
  using find = new FindSession({
    async step() {
      const from = steps++ * 200;
      return page(
        Array.from({ length: 200 }, (_, n) => from + n),
        "more",
        0.1,
      );
    },
  });
  await find.search("e");
  expect(find.getSnapshot()).toMatchObject({ phase: "full" });
  expect(find.getSnapshot().findings).toHaveLength(MAX_FINDINGS);
  expect(steps).toBe(MAX_FINDINGS / 200);
});

it("keeps what it found when the server goes away, and says that it failed", async () => {
  using find = new FindSession({
    async step(_q, after) {
      if (after !== null) throw new ApiError("unreachable", "away");
      return page([1], "a");
    },
  });
  await find.search("x");
  expect(find.getSnapshot()).toMatchObject({ phase: "failed" });
  expect(find.getSnapshot().findings).toHaveLength(1);
});
