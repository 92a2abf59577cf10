import { readFileSync } from "node:fs";
import { join } from "node:path";
import { adapters } from "@agentpane/agents";
import type { Presence, TranscriptEvent } from "@agentpane/protocol";
import type { MergeSource } from "./elect.ts";
import { foldLines } from "./fold-source.ts";
import type { PresenceEvidence } from "./presence.ts";
import { afterFrame } from "./presence-set.ts";
import { emptyState, type SourceState } from "./source-state.ts";

/** For tests: what the real client wrote, as evidence. Paths are below `fixtures/`. */

export const FIXTURES = join(import.meta.dirname, "..", "..", "..", "..", "fixtures");
const NEWLINE = 10;
const adapter = adapters["claude-code"];

export const SHOP = "claude-code-2.1.330/projects/-home-dev-shop";
export const REGISTRY = "claude-code-registry/2.1.330";

/** A transcript up to the line that holds the first event of which `last` is true; the whole of it without. */
export function realState(path: string, last?: (event: TranscriptEvent) => boolean): SourceState {
  const bytes = readFileSync(join(FIXTURES, path));
  const state = emptyState();
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(NEWLINE, at);
    const { events, context } = adapter.readLine(bytes.subarray(at, end), at);
    foldLines(state, context === null ? [] : [context], events);
    if (last !== undefined && events.some(last)) return state;
    at = end + 1;
  }
  if (last !== undefined) throw new Error(`no such line in ${path}`);
  return state;
}

export function sourceOf(state: SourceState, subagent: string | null = null): MergeSource {
  return { machine: "m", root: "/r", key: subagent ?? "", subagent, offset: 1, meta: null, state };
}

/** What a monitor tells of a real registry file whose process has this life. */
export function realPresence(name: string, life: Presence["life"] = "alive"): Presence {
  const path = join(FIXTURES, REGISTRY, `${name}.json`);
  const entry = adapter.readRegistry(readFileSync(path));
  if (entry === null) throw new Error(`${path} does not read`);
  const { pid, session, procStart, status, waitingFor, statusAt, startedAt, kind, entrypoint, agentVersion } = entry;
  const lifeAt = life === "alive" ? (startedAt ?? 0) : (statusAt ?? startedAt ?? 0);
  const said = { status, waitingFor, statusAt, startedAt, kind, entrypoint, agentVersion, name: entry.name };
  return { root: "/home/dev/.claude", session, pid, procStart, life, lifeAt, ...said };
}

/** The same as evidence; none of it where the monitor cannot vouch for the process. */
export function evidenceOfPresence(
  presence: Presence,
  { skewMs = 0, lostAt = null, machine = "m" }: { skewMs?: number; lostAt?: number | null; machine?: string } = {},
): PresenceEvidence[] {
  const frame = { full: true, presences: [presence], gone: [] };
  return afterFrame(machine, [], frame, 0).map((known) => ({ ...known, skewMs, lostAt }));
}
