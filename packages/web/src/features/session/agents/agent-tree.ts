import type { SubagentRow } from "@agentpane/protocol";

/** A subagent where it is drawn: below the one that spawned it. */
export interface PlacedAgent {
  agent: SubagentRow;
  /** 0 for those that the session's own transcript spawned. */
  depth: number;
}

/**
 * The tree, parents before their children and those in the order they are given. A subagent whose parent is not there,
 * or that an older server says no parent of, stands by the depth its own facts name; none is ever left out.
 */
export function agentTree(agents: readonly SubagentRow[]): PlacedAgent[] {
  const ids = new Set(agents.map(({ id }) => id));
  const parentOf = ({ id, parent }: SubagentRow) =>
    parent != null && parent !== id && ids.has(parent) ? parent : null;
  const children = Map.groupBy(agents, parentOf);
  const placed = new Map<string, PlacedAgent>();
  const place = (agent: SubagentRow, depth: number) => {
    if (placed.has(agent.id)) return;
    placed.set(agent.id, { agent, depth });
    for (const child of children.get(agent.id) ?? []) place(child, depth + 1);
  };
  for (const agent of children.get(null) ?? []) place(agent, Math.max(0, (agent.depth ?? 1) - 1));
  // Only rings are left, which a server that speaks true never tells of.
  for (const agent of agents) place(agent, 0);
  return [...placed.values()];
}
