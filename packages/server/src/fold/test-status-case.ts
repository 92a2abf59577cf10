import type { Presence, StatusReport, TranscriptEvent } from "@agentpane/protocol";
import { evidenceOf, type SessionEvidence } from "./evidence.ts";
import type { PresenceEvidence } from "./presence.ts";
import type { Status } from "./reported.ts";
import type { RequestEvidence } from "./request-evidence.ts";
import type { SourceState } from "./source-state.ts";
import { evidenceOfPresence, REGISTRY, realPresence, realState, SHOP, sourceOf } from "./test-fixtures.ts";

/**
 * Every way that a status comes about, by its name in docs/status.md, with the real files that prove it; a test holds
 * the two together. `made` where no recording of the real client shows it.
 */
export interface StatusCase {
  name: string;
  /** Below `fixtures/`; empty where it is made. */
  fixtures: string[];
  evidence: SessionEvidence;
  now: number;
  expected: Partial<Status> & Pick<StatusReport, "status" | "source" | "sentence">;
}

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
/** A line's time and the registry's differ by so much where nothing else is said; the line was dated first. */
const USUAL_LAG_MS = 50;

export const T = Date.UTC(2026, 9, 20, 12);

interface Made {
  name: string;
  expected: StatusCase["expected"];
  main?: SourceState | null;
  /** A transcript below the shop's folder, and its last line. */
  transcript?: [file: string, last?: (event: TranscriptEvent) => boolean];
  agents?: Record<string, SourceState>;
  agentFiles?: string[];
  /** A registry file, and what became of its process. */
  registry?: string;
  life?: Presence["life"];
  presence?: Partial<Presence>;
  others?: PresenceEvidence[];
  /** How long before the registry's word the last line is dated. */
  lagMs?: number;
  lostForMs?: number;
  /** What the hook holds open. */
  requests?: RequestEvidence[];
  afterMs?: number;
}

/** A case from files, or from what is made in their place. */
export function caseOf(made: Made): StatusCase {
  const { name, expected, transcript, agents = {}, afterMs = SECOND, lagMs = USUAL_LAG_MS, others = [] } = made;
  const { requests = [] } = made;
  const file = transcript === undefined ? null : `${SHOP}/${transcript[0]}.jsonl`;
  const main = made.main !== undefined ? made.main : file === null ? null : realState(file, transcript?.[1]);
  const lastAt = main?.lastAt ?? T;
  const told = made.registry === undefined ? null : { ...realPresence(made.registry, made.life), ...made.presence };
  // The recordings are of different days: the registry's word is moved to the time that it has to the transcript.
  const said = told === null ? null : moved(told, lastAt + lagMs);
  const now = (said?.at ?? lastAt) + afterMs;
  const lostAt = made.lostForMs === undefined ? null : now - made.lostForMs;
  const presences = said === null ? [] : evidenceOfPresence(said.presence, { lostAt });
  const sources = new Map(Object.entries(agents).map(([id, state]) => [id, sourceOf(state, id)]));
  const primary = main === null ? null : sourceOf(main);
  const fixtures = [
    ...(made.main !== undefined || file === null ? [] : [file]),
    ...(made.agentFiles ?? []),
    ...(made.registry === undefined || made.presence !== undefined || others.length > 0
      ? []
      : [`${REGISTRY}/${made.registry}.json`]),
  ];
  const isMade = made.main != null || made.presence !== undefined || others.length > 0 || requests.length > 0;
  const evidence = evidenceOf({ primary, agents: sources }, [...presences, ...others], requests);
  return { name, fixtures: isMade ? [] : fixtures, evidence, now, expected };
}

export function moved(presence: Presence, at: number): { presence: Presence; at: number } {
  const by = at - (presence.statusAt ?? presence.startedAt ?? 0);
  const move = (time: number | null) => (time === null ? null : time + by);
  const { lifeAt, statusAt, startedAt } = presence;
  return { presence: { ...presence, lifeAt: lifeAt + by, statusAt: move(statusAt), startedAt: move(startedAt) }, at };
}

export const kind =
  (wanted: TranscriptEvent["kind"], more: (event: TranscriptEvent) => boolean = () => true) =>
  (event: TranscriptEvent) =>
    event.kind === wanted && more(event);
export const calls = (tool: string) => kind("tool.call", (event) => event.kind === "tool.call" && event.tool === tool);
export const prompts = (text: string) =>
  kind("prompt", (event) => event.kind === "prompt" && event.summary.includes(text) && event.origin === "human");
/** The turn's end that follows a prompt. */
export const endOf = (text: string) => {
  let begun = false;
  return (event: TranscriptEvent) => {
    begun ||= prompts(text)(event);
    return begun && event.kind === "turn.end";
  };
};
/** The second of what the condition finds. */
export const second = (condition: (event: TranscriptEvent) => boolean) => {
  let found = 0;
  return (event: TranscriptEvent) => condition(event) && ++found === 2;
};

export const LONG = "71d5bd3a-9fd3-4e20-87c3-dd30444c79c2";
export const HOOKED = "72b9a1c3-3fd5-41eb-b2a7-fb83c6732f0a";
export const SIMPLE = "82729d03-dc0b-4503-a4e0-e68c6d64ac7c";
export const FAILED = "00abb010-baa3-46b2-aa5d-e99a1e2da755";
export const RETRIED = "6d740dcc-78d5-4c11-90d7-c6c24900d03d";
export const STOPPED = "01e8428a-1504-4de1-bdcb-6e44fe059ab9";
export const QUEUED = "edd95d89-1fe1-4888-988c-215837b0a593";
export const FORKED = "7bda8bab-70af-491d-bb4a-cd86eddaa217";
export const CLEARED = "31565420-312d-41a9-a619-4437c2df9d2e";
export const MOVED = "5eacdef5-b669-4f83-84bb-b654e384b009";
export const RESUMED = "2c606b0b-a7d1-4895-b0b2-ddd0f41b6d23";
export const AGENT = `${SHOP}/${HOOKED}/subagents/agent-a3e265d12102b79f9.jsonl`;
export const workingAgent = () => ({ a3e265d12102b79f9: realState(AGENT, kind("tool.call")) });
