import type { UsageCopy } from "@agentpane/protocol";
import { type CopyRow, packCopy, unpackCopy } from "./event-codec.ts";
import { allRows, type Db, run } from "./sqlite.ts";

/** `response` is the number of the response that it speaks of. */
export function insertCopy(db: Db, source: number, generation: number, copy: UsageCopy, response: number): void {
  run(
    db,
    "INSERT INTO copies VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    source,
    generation,
    copy.offset,
    copy.index,
    copy.at,
    copy.key,
    packCopy(copy),
    response,
  );
}

/** Copies on the lines that begin at `from` or later and before `to`, in order. */
export function copiesInRange(db: Db, source: number, generation: number, from: number, to: number): UsageCopy[] {
  return allRows<CopyRow>(
    db,
    `SELECT offset, idx, at, key, body FROM copies
      WHERE source = ? AND generation = ? AND offset >= ? AND offset < ? ORDER BY offset, idx`,
    source,
    generation,
    from,
    to,
  ).map(unpackCopy);
}

export function deleteCopiesOfSession(db: Db, session: string): void {
  run(db, "DELETE FROM copies WHERE source IN (SELECT id FROM sources WHERE session = ?)", session);
}

export function deleteCopiesInRange(db: Db, source: number, generation: number, from: number, to: number): void {
  run(
    db,
    "DELETE FROM copies WHERE source = ? AND generation = ? AND offset >= ? AND offset < ?",
    source,
    generation,
    from,
    to,
  );
}
