import { elect, type Shown } from "../fold/elect.ts";
import { BEGINNING, formatPlace } from "../history/places.ts";
import type { CommitChanges } from "../store/contract.ts";
import { type EventPosition, lastEvent } from "../store/events.ts";
import type { Db } from "../store/sqlite.ts";
import type { SessionEntry, SourceRecord } from "./catalogue.ts";

interface TouchedSession {
  entry: SessionEntry;
  /** What was shown before the transaction: source and generation by subagent. */
  before: Map<string | null, string>;
}

/** What one transaction touched, so that its sessions are merged once and its watchers are told. */
export class Growth {
  readonly sessions = new Map<string, TouchedSession>();
  readonly sources = new Set<SourceRecord>();
  readonly #grown = new Map<SourceRecord, EventPosition>();
  readonly #rewritten = new Set<SourceRecord>();

  /** Must come before the first change to any of the session's sources. */
  willTouch(entry: SessionEntry): void {
    if (this.sessions.has(entry.id)) return;
    this.sessions.set(entry.id, { entry, before: shownGenerations(elect(entry.sources)) });
  }

  touched(entry: SessionEntry, source: SourceRecord, last: EventPosition | null): void {
    this.willTouch(entry);
    this.sources.add(source);
    if (last !== null) this.#grown.set(source, { offset: last.offset, index: last.index });
  }

  /** Its events are no longer those that watchers saw. */
  rewritten(source: SourceRecord): void {
    this.#rewritten.add(source);
  }

  /** What watchers of the session's transcripts need to know; `shown` is what is shown now. */
  grown(db: Db, touched: TouchedSession, shown: Shown<SourceRecord>): CommitChanges["grown"] {
    const grown: CommitChanges["grown"] = [];
    const now: [string | null, SourceRecord][] = [...shown.agents];
    if (shown.primary !== null) now.unshift([null, shown.primary]);
    for (const [subagent, source] of now) {
      const before = touched.before.get(subagent);
      const another = before !== undefined && before !== generationOf(source);
      const reset = another || this.#rewritten.has(source);
      const position = this.#grown.get(source);
      if (!reset && position === undefined) continue;
      const last = position ?? lastEvent(db, source.id, source.generation) ?? BEGINNING;
      const next = formatPlace({ source: source.id, generation: source.generation, position: last });
      grown.push({ session: touched.entry.id, subagent, next, reset });
    }
    return grown;
  }
}

function shownGenerations(shown: Shown<SourceRecord>): Map<string | null, string> {
  const generations = new Map<string | null, string>();
  if (shown.primary !== null) generations.set(null, generationOf(shown.primary));
  for (const [subagent, source] of shown.agents) generations.set(subagent, generationOf(source));
  return generations;
}

function generationOf(source: SourceRecord): string {
  return `${source.id}.${source.generation}`;
}
