import type { TranscriptEvent } from "@agentpane/protocol";

/** What one transcript tells of subagents: those it started, and those it was told the end of. */
export interface AgentTelling {
  /** Whose transcript; null for the session's own. */
  of: string | null;
  events: readonly Extract<TranscriptEvent, { kind: "subagent.start" | "subagent.end" }>[];
}

/** Where a subagent stands in its session's tree, and what its parent's transcript says of it. */
export interface AgentPlace {
  parent: string | null;
  /** The call that spawned it is in no transcript that has arrived. */
  stub: boolean;
  call: string | null;
  type: string | null;
  description: string | null;
  outcome: string | null;
}

/**
 * Joins subagents to the calls that spawned them: by the call that their own facts name, or, where an older client kept
 * none, by what the call's result says. Pure, and the same whatever the order of its arguments.
 */
export function agentTree(
  agents: ReadonlyMap<string, { call?: string | undefined } | null>,
  tellings: readonly AgentTelling[],
): Map<string, AgentPlace> {
  const spawned = new Map<string, Spawn>();
  const callOf = new Map<string, string>();
  const outcomes = new Map<string, string>();
  for (const { of, events } of [...tellings].sort(byTeller)) {
    for (const event of events) {
      const { call, subagent } = event;
      if (call !== null && subagent !== null && !callOf.has(subagent)) callOf.set(subagent, call);
      if (event.kind === "subagent.start") {
        if (call === null || spawned.has(call)) continue;
        spawned.set(call, { by: of, type: event.type, description: event.summary });
        continue;
      }
      for (const name of [subagent === null ? null : agentName(subagent), call === null ? null : callName(call)]) {
        if (name !== null) outcomes.set(name, event.status);
      }
    }
  }
  const places = new Map<string, AgentPlace>();
  for (const [id, meta] of agents) {
    const call = meta?.call ?? callOf.get(id) ?? null;
    const spawn = call === null ? undefined : spawned.get(call);
    const outcome = outcomes.get(agentName(id)) ?? (call === null ? undefined : outcomes.get(callName(call)));
    places.set(id, {
      // One that claims its own call is nobody's child.
      parent: spawn === undefined || spawn.by === id || !agents.has(spawn.by ?? "") ? null : spawn.by,
      stub: spawn === undefined,
      call,
      type: spawn?.type || null,
      description: spawn?.description || null,
      outcome: outcome ?? null,
    });
  }
  for (const id of [...places.keys()].sort()) cutRing(places, id);
  return places;
}

interface Spawn {
  by: string | null;
  type: string;
  description: string;
}

/** Subagents that claim each other's calls would be drawn nowhere: the first of them by name goes to the session. */
function cutRing(places: Map<string, AgentPlace>, id: string): void {
  const seen = new Set<string>();
  for (let at: string | null = id; at !== null; at = places.get(at)?.parent ?? null) {
    if (seen.has(at)) {
      const place = places.get(id);
      if (place !== undefined && at === id) place.parent = null;
      return;
    }
    seen.add(at);
  }
}

function byTeller(a: AgentTelling, b: AgentTelling): number {
  if (a.of === null || b.of === null) return a.of === b.of ? 0 : a.of === null ? -1 : 1;
  return a.of < b.of ? -1 : a.of > b.of ? 1 : 0;
}

function agentName(id: string): string {
  return `agent ${id}`;
}
function callName(call: string): string {
  return `call ${call}`;
}
