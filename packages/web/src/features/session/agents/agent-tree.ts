import type { SubagentRow } from "@agentpane/protocol";

/** A subagent where it is drawn: below the one that spawned it. */
export interface PlacedAgent {
  agent: SubagentRow;
  /** 0 for those that the session's own transcript spawned. */
  depth: number;
  parent: string | null;
  /** How many it spawned itself. */
  children: number;
  /** Which of its siblings it is, from 1, and of how many. */
  position: number;
  siblings: number;
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
  const place = (agent: SubagentRow, depth: number, parent: string | null, position: number, siblings: number) => {
    if (placed.has(agent.id)) return;
    const own = children.get(agent.id) ?? [];
    placed.set(agent.id, { agent, depth, parent, children: own.length, position, siblings });
    for (const [index, child] of own.entries()) place(child, depth + 1, agent.id, index + 1, own.length);
  };
  const roots = children.get(null) ?? [];
  for (const [index, agent] of roots.entries())
    place(agent, Math.max(0, (agent.depth ?? 1) - 1), null, index + 1, roots.length);
  // Only rings are left, which a server that speaks true never tells of.
  for (const agent of agents) place(agent, 0, null, 1, 1);
  return [...placed.values()];
}

/** Those that can be seen where some are folded up. */
export function unfolded(tree: readonly PlacedAgent[], folded: ReadonlySet<string>): PlacedAgent[] {
  const hidden = new Set<string>();
  return tree.filter(({ agent, parent }) => {
    const hides = parent !== null && (folded.has(parent) || hidden.has(parent));
    if (hides) hidden.add(agent.id);
    return !hides;
  });
}
