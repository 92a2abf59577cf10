import { describe, expect, it } from "vitest";
import { madeAgent } from "../../../testing/made.ts";
import { agentTree } from "./agent-tree.ts";

const shown = (...agents: Parameters<typeof agentTree>[0]) =>
  agentTree(agents).map(({ agent, depth }) => `${agent.id} ${depth}`);

describe("the tree of subagents", () => {
  it("puts each below the one that spawned it, in the order they came", () => {
    const agents = [
      madeAgent("first", { parent: null }),
      madeAgent("second", { parent: null }),
      madeAgent("child of first", { parent: "first" }),
      madeAgent("grandchild", { parent: "child of first" }),
    ];
    expect(shown(...agents)).toEqual(["first 0", "child of first 1", "grandchild 2", "second 0"]);
  });

  it("goes by the depth in its own facts where no parent is known", () => {
    expect(shown(madeAgent("a", { depth: 1 }), madeAgent("stub", { depth: 3, parent: null, stub: true }))).toEqual([
      "a 0",
      "stub 2",
    ]);
  });

  it("leaves none out, whatever is claimed", () => {
    expect(
      shown(madeAgent("a", { parent: "b" }), madeAgent("b", { parent: "a" }), madeAgent("c", { parent: "c" })),
    ).toEqual(["c 0", "a 0", "b 1"]);
    expect(shown(madeAgent("a", { parent: "elsewhere" }))).toEqual(["a 0"]);
  });
});
