import fc from "fast-check";
import { expect, test } from "vitest";
import { type AgentTelling, agentTree } from "./agent-tree.ts";

type Event = AgentTelling["events"][number];

const start = (call: string, subagent: string | null = null, type = "Explore"): Event => ({
  kind: "subagent.start",
  at: 1,
  offset: 0,
  index: 0,
  call,
  subagent,
  type,
  summary: `task of ${call}`,
});
const end = (call: string | null, subagent: string | null, status: string): Event => ({
  kind: "subagent.end",
  at: 2,
  offset: 9,
  index: 0,
  call,
  subagent,
  status,
  summary: "",
});

test("subagents hang on the transcript that holds their call, however deep", () => {
  const agents = new Map([
    ["a1", { call: "c1" }],
    ["a2", { call: "c2" }],
    ["a3", { call: "c3" }],
  ]);
  const tree = agentTree(agents, [
    { of: "a2", events: [start("c3")] },
    { of: null, events: [start("c1"), end("c1", "a1", "completed")] },
    { of: "a1", events: [start("c2"), end("c2", null, "failed")] },
  ]);
  expect([...tree].map(([id, { parent, stub, outcome }]) => [id, parent, stub, outcome])).toEqual([
    ["a1", null, false, "completed"],
    ["a2", "a1", false, "failed"],
    ["a3", "a2", false, null],
  ]);
  expect(tree.get("a3")).toMatchObject({ type: "Explore", description: "task of c3" });
});

test("a subagent whose parent has not arrived is a stub until it comes", () => {
  const agents = new Map([["a2", { call: "c2" }]]);
  expect(agentTree(agents, []).get("a2")).toMatchObject({ parent: null, stub: true });
  expect(agentTree(agents, [{ of: null, events: [start("c2")] }]).get("a2")).toMatchObject({ stub: false });
});

test("an older client's subagent is joined by what its call's result says", () => {
  const tree = agentTree(new Map([["a1", null]]), [
    { of: null, events: [start("c1"), start("c1", "a1", ""), end("c1", "a1", "completed")] },
  ]);
  expect(tree.get("a1")).toEqual({
    parent: null,
    stub: false,
    call: "c1",
    type: "Explore",
    description: "task of c1",
    outcome: "completed",
  });
});

test("subagents that claim each other's calls are drawn all the same", () => {
  const agents = new Map([
    ["a1", { call: "c1" }],
    ["a2", { call: "c2" }],
    ["a3", { call: "c3" }],
  ]);
  const tree = agentTree(agents, [
    { of: "a1", events: [start("c2")] },
    { of: "a2", events: [start("c1")] },
    { of: "a3", events: [start("c3")] },
  ]);
  expect([...tree].map(([id, { parent }]) => [id, parent])).toEqual([
    ["a1", null],
    ["a2", "a1"],
    ["a3", null],
  ]);
});

test("whatever is claimed, every subagent is reached from the session", () => {
  const ids = ["a", "b", "c", "d"];
  const claims = fc.array(fc.record({ of: fc.constantFrom(null, ...ids), call: fc.constantFrom(...ids) }));
  fc.assert(
    fc.property(claims, (told) => {
      const agents = new Map(ids.map((id) => [id, { call: id }]));
      const tellings = told.map(({ of, call }) => ({ of, events: [start(call)] }));
      const tree = agentTree(agents, tellings);
      expect(tree).toEqual(agentTree(agents, tellings));
      for (const id of ids) {
        let at: string | null = id;
        for (let steps = 0; at !== null; at = tree.get(at)?.parent ?? null) {
          steps += 1;
          expect(steps).toBeLessThanOrEqual(ids.length);
        }
      }
    }),
  );
});
