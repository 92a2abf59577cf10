import { sourceKeyString } from "@agentpane/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { anyTranscript } from "./any-transcript.ts";
import { elect, type MergeSource } from "./elect.ts";
import { foldLines } from "./fold-source.ts";
import { mergeSession } from "./merge.ts";
import { emptyState } from "./source-state.ts";
import { Events } from "./test-events.ts";

const T = 1_790_000_000_000;

interface Made extends MergeSource {
  name: string;
}

function made(name: string, latestAt: number | null, more: Partial<MergeSource> = {}): Made {
  const state = new Events().prompt(latestAt, name).state();
  const { subagent = null, root = "/r" } = more;
  const key = sourceKeyString({ product: "claude-code", root, session: "s", subagent, copy: 1 });
  return { name, machine: "m1", root, key, subagent, offset: 100, meta: null, state, ...more };
}

test.each<[string, Made[], string]>([
  ["has the latest dated line", [made("old", T), made("new", T + 1, { root: "/q" })], "new"],
  [
    "is dated, where the others are not",
    [made("undated", null, { offset: 900 }), made("dated", T, { root: "/z" })],
    "dated",
  ],
  [
    "has the most bytes, of equally late ones",
    [made("short", T), made("long", T, { root: "/z", offset: 200 })],
    "long",
  ],
  ["has the smallest machine, of equals", [made("second", T, { machine: "m2" }), made("first", T)], "first"],
  ["has the smallest key, of one machine's equals", [made("b", T, { root: "/b" }), made("a", T, { root: "/a" })], "a"],
])("the primary is the source that %s", (_what, sources, winner) => {
  expect(elect(sources).primary?.name).toBe(winner);
  expect(elect(sources.toReversed()).primary?.name).toBe(winner);
});

test("subagents of another folder are another telling, and not mixed in", () => {
  const sources = [
    made("main", T + 5),
    made("copied main", T, { root: "/copy" }),
    made("agent", T, { subagent: "a1" }),
    made("copied agent", T + 9, { root: "/copy", subagent: "a1" }),
    made("copied only", T, { root: "/copy", subagent: "a2" }),
  ];
  const { agents } = elect(sources);
  expect([...agents].map(([id, agent]) => [id, agent.name])).toEqual([["a1", "agent"]]);
});

test("a subagent alone makes a stub: where it works, but no title, goal or words", () => {
  const agent = made("look around", T, { subagent: "a1" });
  foldLines(agent.state, [{ offset: 0, cwd: "/home/dev/shop", branch: "main" }], []);
  const { merged } = mergeSession("s", "claude-code", [agent]);
  expect(merged?.facts).toMatchObject({
    title: null,
    goal: null,
    lastWords: null,
    project: "shop",
    branch: "main",
    agents: 1,
    turns: 0,
    events: 0,
    bytes: 100,
    startedAt: T,
    lastActivityAt: T,
  });
});

test("what a session counts is its primary's and its subagents', and nobody else's", () => {
  const sources = [
    made("main", T + 5, { offset: 1000 }),
    made("elsewhere", T, { root: "/copy", offset: 5000 }),
    made("agent", T + 9, { subagent: "a1", offset: 50 }),
  ];
  foldLines(sources[2]?.state ?? emptyState(), [], new Events().add("malformed", null, { reason: "x", bytes: 1 }).list);
  const { merged } = mergeSession("s", "claude-code", sources);
  expect(merged?.facts).toMatchObject({ bytes: 1050, lastActivityAt: T + 9, malformed: 1, events: 1, goal: "main" });
});

test("any order of sources merges to the same session, byte for byte", () => {
  const source = fc
    .record({
      machine: fc.constantFrom("m1", "m2"),
      root: fc.constantFrom("/a", "/b"),
      subagent: fc.constantFrom(null, "a1", "a2", "a3"),
      copy: fc.integer({ min: 1, max: 2 }),
      offset: fc.constantFrom(100, 200),
      transcript: anyTranscript(),
    })
    .map(({ machine, root, subagent, copy, offset, transcript }) => {
      const state = emptyState();
      foldLines(state, transcript.contexts, transcript.events);
      const key = sourceKeyString({ product: "claude-code", root, session: "s", subagent, copy });
      return { machine, root, key, subagent, offset, meta: null, state };
    });
  const sources = fc.uniqueArray(source, { selector: ({ machine, key }) => `${machine} ${key}`, maxLength: 8 });
  const shuffled = sources.chain((list) =>
    fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length })),
  );
  fc.assert(
    fc.property(shuffled, ([one, other]) => {
      const first = mergeSession("s", "claude-code", one).merged;
      expect(JSON.stringify(mergeSession("s", "claude-code", other).merged)).toBe(JSON.stringify(first));
    }),
  );
});
