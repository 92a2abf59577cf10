import { type Adapter, adapters } from "@agentpane/agents";
import {
  type LineContext,
  type ReindexAnswer,
  type TranscriptEvent,
  transcriptEvent,
  type UsageCopy,
  usageCopy,
} from "@agentpane/protocol";
import { foldLines } from "../fold/fold-source.ts";
import { emptyState, FOLD_VERSION } from "../fold/source-state.ts";
import { openChunk } from "../history/chunk-cache.ts";
import { chunkBytes, chunksOfSource } from "../store/chunks.ts";
import type { CommitChanges, Committed } from "../store/contract.ts";
import { copiesInRange } from "../store/copies.ts";
import { sameCopies, sameEvents } from "../store/event-codec.ts";
import { deleteEventsInRange, eventsInRange, insertEvents } from "../store/events.ts";
import { shownSession } from "../store/sessions.ts";
import { sourcesToRebuild } from "../store/sources.ts";
import type { Db } from "../store/sqlite.ts";
import type { UsageCounter } from "../usage/counter.ts";
import { copySource, type SourceRecord } from "./catalogue.ts";
import type { Committer } from "./commit.ts";

const someEvents = transcriptEvent.array();
const someCopies = usageCopy.array();

/** A chunk that does not open: its source stays as it is. */
class CorruptChunk extends Error {}

/** Events, copies and contexts of one range of lines. */
interface Reading {
  events: TranscriptEvent[];
  copies: UsageCopy[];
  contexts: LineContext[];
}

/** Rebuilds every source from its chunks, one source and one transaction a step, so that live lines go in between. */
export class Rebuild {
  readonly #committer: Committer;
  readonly #todo: ReturnType<typeof sourcesToRebuild>;
  readonly #answer: ReindexAnswer = { sources: 0, events: 0, failed: 0 };
  readonly #sessions = new Set<string>();
  readonly #grown = new Map<string, CommitChanges["grown"][number]>();

  constructor(committer: Committer) {
    this.#committer = committer;
    this.#todo = sourcesToRebuild(committer.db).reverse();
  }

  /** Rebuilds the next source; false where there was none left. */
  step(now: number): boolean {
    const next = this.#todo.pop();
    if (next === undefined) return false;
    try {
      const { answer: events, changes } = this.#committer.commit(now, (changed) => {
        const entry = this.#committer.catalogue.session(next.session, next.product);
        const source = entry.sources.find(({ id }) => id === next.id);
        // It may have been deleted since the rebuild began.
        if (source === undefined || entry.deleted) return null;
        changed.growth.willTouch(entry);
        const rebuilt = rebuildSource(this.#committer.db, this.#committer.counting.counter, source);
        if (rebuilt.changed) changed.growth.rewritten(source);
        changed.growth.touched(entry, source, null);
        return rebuilt.events;
      });
      if (events === null) return true;
      this.#answer.sources++;
      this.#answer.events += events;
      this.#sessions.add(next.session);
      for (const grown of changes.grown) this.#grown.set(JSON.stringify([grown.session, grown.subagent]), grown);
    } catch (error) {
      if (!(error instanceof CorruptChunk)) throw error;
      this.#answer.failed++;
    }
    return true;
  }

  /** The rows as they are at the end: since its step, a session may have gone on. */
  finish(now: number): Committed<ReindexAnswer> {
    const { changes } = this.#committer.commit(now, (changed) => {
      for (const session of this.#sessions) {
        const row = shownSession(this.#committer.db, session);
        if (row !== undefined) changed.rows.set(session, row);
      }
    });
    return { answer: this.#answer, changes: { ...changes, grown: [...this.#grown.values()] } };
  }
}

/** Reads all that is kept of a source again. Every generation's events; the state is the latest generation's. */
function rebuildSource(db: Db, counter: UsageCounter, source: SourceRecord): { events: number; changed: boolean } {
  const adapter = adapters[source.source.product];
  const chunks = chunksOfSource(db, source.id);
  let events = 0;
  let changed = false;
  for (let generation = 1; generation <= source.generation; generation++) {
    const state = emptyState();
    let at = 0;
    const take = ({ events: read, contexts }: Reading) => {
      events += read.length;
      foldLines(state, contexts, read);
    };
    for (const chunk of chunks) {
      if (chunk.generation !== generation) continue;
      take(storedReading(db, source.id, generation, at, chunk.from));
      const lines = openChunk(chunk.from, chunk.to, chunkBytes(db, chunk.id) ?? new Uint8Array());
      if (lines === null) throw new CorruptChunk();
      const stored = storedReading(db, source.id, generation, chunk.from, chunk.to);
      const read = readAgain(adapter, lines, stored);
      changed = replace(db, counter, source, generation, chunk, stored, read) || changed;
      take(read);
      at = chunk.to;
    }
    take(storedReading(db, source.id, generation, at, Number.MAX_SAFE_INTEGER));
    if (generation === source.generation) source.state = state;
  }
  source.adapterVersion = adapter.version;
  source.foldVersion = FOLD_VERSION;
  return { events, changed };
}

function storedReading(db: Db, source: number, generation: number, from: number, to: number): Reading {
  return {
    events: eventsInRange(db, source, generation, from, to),
    copies: copiesInRange(db, source, generation, from, to),
    contexts: [],
  };
}

/**
 * What the kept lines give now. A line that was not kept (dropped, or too long) has nothing to be read from, and one
 * whose reading breaks the schema was set aside as malformed: what is stored of those stays.
 */
function readAgain(adapter: Adapter, lines: ReadonlyMap<number, Buffer>, stored: Reading): Reading {
  const read: Reading = { events: [], copies: [], contexts: [] };
  const taken = new Set<number>();
  for (const [offset, line] of lines) {
    const { events, copies, context } = adapter.readLine(line, offset);
    const checkedEvents = someEvents.safeParse(events);
    const checkedCopies = someCopies.safeParse(copies);
    if (context !== null) read.contexts.push(context);
    if (!checkedEvents.success || !checkedCopies.success) continue;
    taken.add(offset);
    read.events.push(...checkedEvents.data);
    read.copies.push(...checkedCopies.data);
  }
  read.events.push(...stored.events.filter((event) => !taken.has(event.offset)));
  read.copies.push(...stored.copies.filter((copy) => !taken.has(copy.offset)));
  read.events.sort(byPosition);
  read.copies.sort(byPosition);
  return read;
}

function byPosition(a: { offset: number; index: number }, b: { offset: number; index: number }): number {
  return a.offset - b.offset || a.index - b.index;
}

/** Whether anything was different. */
function replace(
  db: Db,
  counter: UsageCounter,
  source: SourceRecord,
  generation: number,
  { from, to }: { from: number; to: number },
  stored: Reading,
  read: Reading,
): boolean {
  if (!sameCopies(stored.copies, read.copies)) {
    counter.removeRange(source.id, generation, from, to);
    counter.add(copySource(source), generation, read.copies);
  }
  if (sameEvents(stored.events, read.events)) return false;
  deleteEventsInRange(db, source.id, generation, from, to);
  insertEvents(db, source.id, generation, read.events);
  return true;
}
