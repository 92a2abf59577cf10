import type { EventKind, TranscriptEvent } from "@agentpane/protocol";
import { type EventRow, kindNumber, packEvent, unpackEvent } from "./event-codec.ts";
import { allRows, type Db, getRow, run } from "./sqlite.ts";

export type SubagentEvent = Extract<TranscriptEvent, { kind: "subagent.start" | "subagent.end" }>;

/** A position in one generation of one source. */
export interface EventPosition {
  offset: number;
  index: number;
}

export function insertEvents(db: Db, source: number, generation: number, events: readonly TranscriptEvent[]): void {
  const insert = db.prepare("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)");
  for (const event of events) {
    insert.run(source, generation, event.offset, event.index, kindNumber(event.kind), event.at, packEvent(event));
  }
}

/** Events strictly after a position, in order. */
export function eventsAfter(
  db: Db,
  source: number,
  generation: number,
  after: EventPosition,
  limit: number,
): TranscriptEvent[] {
  return allRows<EventRow>(
    db,
    `SELECT offset, idx, kind, at, body FROM events
      WHERE source = ? AND generation = ? AND (offset, idx) > (?, ?) ORDER BY offset, idx LIMIT ?`,
    source,
    generation,
    after.offset,
    after.index,
    limit,
  ).map(unpackEvent);
}

/** The last events strictly before a position, in order. */
export function eventsBefore(
  db: Db,
  source: number,
  generation: number,
  before: EventPosition,
  limit: number,
): TranscriptEvent[] {
  return allRows<EventRow>(
    db,
    `SELECT offset, idx, kind, at, body FROM events
      WHERE source = ? AND generation = ? AND (offset, idx) < (?, ?) ORDER BY offset DESC, idx DESC LIMIT ?`,
    source,
    generation,
    before.offset,
    before.index,
    limit,
  )
    .reverse()
    .map(unpackEvent);
}

/** Events of some kinds, all that stand strictly after a position, in order; read as they are taken. */
export function* eventsOfKinds(
  db: Db,
  source: number,
  generation: number,
  after: EventPosition,
  kinds: readonly EventKind[],
): Generator<TranscriptEvent> {
  const wanted = JSON.stringify(kinds.map(kindNumber));
  for (let from = after; ; ) {
    const rows = allRows<EventRow>(
      db,
      `SELECT offset, idx, kind, at, body FROM events
        WHERE source = ? AND generation = ? AND (offset, idx) > (?, ?)
          AND kind IN (SELECT value FROM json_each(?)) ORDER BY offset, idx LIMIT ?`,
      source,
      generation,
      from.offset,
      from.index,
      wanted,
      EVENTS_AT_ONCE,
    );
    for (const row of rows) yield unpackEvent(row);
    const last = rows.at(-1);
    if (last === undefined || rows.length < EVENTS_AT_ONCE) return;
    from = { offset: last.offset, index: last.idx };
  }
}
/** Rows that are in memory at a time. */
const EVENTS_AT_ONCE = 5_000;

/** Starts and ends of subagents that a transcript tells, in order. */
export function subagentEvents(db: Db, source: number, generation: number): SubagentEvent[] {
  // The kinds are written out, as the index has them.
  return allRows<EventRow>(
    db,
    `SELECT offset, idx, kind, at, body FROM events INDEXED BY events_of_subagents
      WHERE source = ? AND generation = ? AND kind IN (14, 15) ORDER BY offset, idx`,
    source,
    generation,
  ).map((row) => unpackEvent(row) as SubagentEvent);
}

type CompactionEvent = Extract<TranscriptEvent, { kind: "compaction" }>;

/** The last compactions that a transcript tells, in order. */
export function compactionEvents(db: Db, source: number, generation: number, limit: number): CompactionEvent[] {
  // The kind is written out, as the index has it.
  return allRows<EventRow>(
    db,
    `SELECT offset, idx, kind, at, body FROM events INDEXED BY events_of_compactions
      WHERE source = ? AND generation = ? AND kind = 11 ORDER BY offset DESC, idx DESC LIMIT ?`,
    source,
    generation,
    limit,
  )
    .reverse()
    .map((row) => unpackEvent(row) as CompactionEvent);
}

/** The event that stands at a position, if one does. */
export function eventAt(
  db: Db,
  source: number,
  generation: number,
  { offset, index }: EventPosition,
): TranscriptEvent | undefined {
  const row = getRow<EventRow>(
    db,
    `SELECT offset, idx, kind, at, body FROM events WHERE source = ? AND generation = ? AND offset = ? AND idx = ?`,
    source,
    generation,
    offset,
    index,
  );
  return row === undefined ? undefined : unpackEvent(row);
}

/** Where a generation's events end; undefined where it has none. */
export function lastEvent(db: Db, source: number, generation: number): EventPosition | undefined {
  return getRow(
    db,
    `SELECT offset, idx AS "index" FROM events WHERE source = ? AND generation = ?
      ORDER BY offset DESC, idx DESC LIMIT 1`,
    source,
    generation,
  );
}

/** Whether anything stands strictly before a position. */
export function hasEventsBefore(db: Db, source: number, generation: number, before: EventPosition): boolean {
  const row = getRow(
    db,
    "SELECT 1 FROM events WHERE source = ? AND generation = ? AND (offset, idx) < (?, ?) LIMIT 1",
    source,
    generation,
    before.offset,
    before.index,
  );
  return row !== undefined;
}

export function deleteEventsOfSession(db: Db, session: string): void {
  run(db, "DELETE FROM events WHERE source IN (SELECT id FROM sources WHERE session = ?)", session);
}

/** Events of the lines that begin at `from` or later and before `to`, in order. */
export function eventsInRange(db: Db, source: number, generation: number, from: number, to: number): TranscriptEvent[] {
  return allRows<EventRow>(
    db,
    `SELECT offset, idx, kind, at, body FROM events
      WHERE source = ? AND generation = ? AND offset >= ? AND offset < ? ORDER BY offset, idx`,
    source,
    generation,
    from,
    to,
  ).map(unpackEvent);
}

export function deleteEventsInRange(db: Db, source: number, generation: number, from: number, to: number): void {
  run(
    db,
    "DELETE FROM events WHERE source = ? AND generation = ? AND offset >= ? AND offset < ?",
    source,
    generation,
    from,
    to,
  );
}
