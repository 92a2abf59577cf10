import {
  MAX_TIMELINE_AGENTS,
  MAX_TIMELINE_POINTS,
  MAX_TIMELINE_SPANS,
  type SessionTimeline,
  TIMELINE_LANES,
} from "@agentpane/protocol";
import { eventsOfKinds } from "../store/events.ts";
import { responsesOfSession } from "../store/responses.ts";
import type { Db } from "../store/sqlite.ts";
import { agentPlaces } from "./agents.ts";
import { formatPlace } from "./places.ts";
import { type ReadSource, shownSources } from "./shown.ts";
import { bounded, thinned } from "./timeline-bounds.ts";
import { TranscriptSpans } from "./timeline-spans.ts";

const KINDS = [
  ...["prompt", "text", "thinking", "tool.call", "tool.result", "response"],
  ...["turn.end", "interrupt", "compaction", "api.error"],
] as const;
/** Spans of transcripts that are kept for the next call, which then reads only what was added. */
const MAX_KEPT_SPANS = 100_000;

/** What was read of transcripts so far, the least recently used dropped first. */
export class TimelineCache {
  readonly #read = new Map<string, TranscriptSpans>();

  get(db: Db, source: ReadSource): TranscriptSpans {
    const { id, generation, adapterVersion, source: key } = source;
    // A row's number may be given out again once a session was deleted, but never to the same session.
    const name = `${id} ${generation} ${adapterVersion} ${key.session} ${source.subagent}`;
    const place = (position: { offset: number; index: number }) => formatPlace({ source: id, generation, position });
    const read = this.#read.get(name) ?? new TranscriptSpans(source.subagent, place);
    this.#read.delete(name);
    this.#read.set(name, read);
    for (const event of eventsOfKinds(db, id, generation, read.position, KINDS)) read.add(event);
    return read;
  }

  /** Called once a session was read whole: its transcripts are the last to go. */
  trim(): void {
    let spans = 0;
    for (const [name, read] of [...this.#read].reverse()) {
      spans += read.spans.length;
      if (spans > MAX_KEPT_SPANS) this.#read.delete(name);
    }
  }
}

/** Null where there is no such session. */
export function timelineOf(db: Db, cache: TimelineCache, session: string): SessionTimeline | null {
  const sources = shownSources(db, session);
  if (sources === null) return null;
  const { shown } = sources;
  const places = agentPlaces(db, shown);
  const agents = [...shown.agents]
    .map(([id, source]) => ({ id, read: cache.get(db, source), place: places.get(id) }))
    .sort((a, b) => (a.read.first ?? 0) - (b.read.first ?? 0) || (a.id < b.id ? -1 : 1));
  const drawn = agents.slice(0, MAX_TIMELINE_AGENTS);
  const main = shown.primary === null ? null : cache.get(db, shown.primary);
  cache.trim();
  const reads = [...(main === null ? [] : [main]), ...drawn.map(({ read }) => read)];
  const times = reads.flatMap(({ first, last }) => (first === null || last === null ? [] : [{ first, last }]));
  const { spans, merged } = bounded(
    reads.flatMap((read) => read.spans),
    MAX_TIMELINE_SPANS,
  );
  const waits = reads.flatMap((read) => read.waits).sort((a, b) => a.from - b.from);
  const marks = reads.flatMap((read) => read.marks).sort((a, b) => a.at - b.at);
  return {
    from: times.length === 0 ? null : Math.min(...times.map(({ first }) => first)),
    to: times.length === 0 ? null : Math.max(...times.map(({ last }) => last)),
    spans,
    totals: main === null ? [] : totalsOf(main),
    waits: waits.slice(-MAX_TIMELINE_POINTS),
    marks: marks.slice(-MAX_TIMELINE_POINTS),
    agents: drawn.map(({ id, read, place }) => ({
      id,
      from: read.first,
      to: read.last,
      call: place?.call ?? null,
      parent: place?.parent ?? null,
    })),
    context: thinned(
      [...(main?.context ?? [])].sort((a, b) => a.at - b.at),
      MAX_TIMELINE_POINTS,
      ({ tokens }) => tokens,
    ),
    cost: costOf(db, session),
    omitted: {
      mergedSpans: merged,
      marks: Math.max(0, marks.length - MAX_TIMELINE_POINTS),
      waits: Math.max(0, waits.length - MAX_TIMELINE_POINTS),
      agents: agents.length - drawn.length,
    },
  };
}

function totalsOf({ spans }: TranscriptSpans): SessionTimeline["totals"] {
  const totals = new Map(TIMELINE_LANES.map((lane) => [lane, { lane, calls: 0, busyMs: 0, failed: 0 }]));
  for (const { lane, from, to, failed } of spans) {
    const total = totals.get(lane);
    if (total === undefined) continue;
    total.calls += 1;
    total.busyMs += to === null ? 0 : to - from;
    if (failed === true) total.failed += 1;
  }
  return [...totals.values()].filter(({ calls }) => calls > 0);
}

/** What was spent until each answer; what nobody dated is in the first point. */
function costOf(db: Db, session: string): SessionTimeline["cost"] {
  const points: SessionTimeline["cost"] = [];
  let nanoUsd = 0;
  for (const response of responsesOfSession(db, session)) {
    for (const { cost } of [response, ...response.steps]) nanoUsd += cost ?? 0;
    if (response.at !== null) points.push({ at: response.at, nanoUsd });
  }
  return thinned(points, MAX_TIMELINE_POINTS, (point) => point.nanoUsd);
}
