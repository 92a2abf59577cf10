import type { SubagentMeta } from "@agentpane/protocol";
import type { SourceState } from "./source-state.ts";

/** What the merge needs to know of a source: who it is, how far its latest generation is, what that folded to. */
export interface MergeSource {
  machine: string;
  root: string;
  /** `sourceKeyString`; with the machine it orders sources. */
  key: string;
  subagent: string | null;
  offset: number;
  meta: SubagentMeta | null;
  state: SourceState;
}

/** The sources that a session is read from. */
export interface Shown<S extends MergeSource> {
  /** Null while only subagents have arrived. */
  primary: S | null;
  /** One for each subagent of the primary's folder, by the subagent's id. */
  agents: Map<string, S>;
}

/**
 * Elects what is shown of a session, whatever the order of `sources`: the primary is the main transcript with the
 * latest dated line, then the most committed bytes, then the smallest key. Subagents are those of its machine and root;
 * another folder's are another telling of the session and never mixed in.
 */
export function elect<S extends MergeSource>(sources: Iterable<S>): Shown<S> {
  let primary: S | null = null;
  let anyAgent: S | null = null;
  const all = [...sources];
  for (const source of all) {
    if (source.subagent === null) primary = better(primary, source);
    else anyAgent = better(anyAgent, source);
  }
  const agents = new Map<string, S>();
  const home = primary ?? anyAgent;
  for (const source of all) {
    if (source.subagent === null || source.machine !== home?.machine || source.root !== home.root) continue;
    agents.set(source.subagent, better(agents.get(source.subagent) ?? null, source));
  }
  return { primary, agents };
}

function better<S extends MergeSource>(one: S | null, other: S): S {
  return one === null || compare(other, one) < 0 ? other : one;
}

/** Negative where `a` goes before `b`. */
function compare(a: MergeSource, b: MergeSource): number {
  const later = (b.state.latestAt ?? -1) - (a.state.latestAt ?? -1);
  if (later !== 0) return later;
  if (a.offset !== b.offset) return b.offset - a.offset;
  if (a.machine !== b.machine) return a.machine < b.machine ? -1 : 1;
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}
