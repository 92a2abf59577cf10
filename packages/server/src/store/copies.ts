import type { UsageCopy } from "@agentpane/protocol";
import { type CopyRow, packCopy, unpackCopy } from "./event-codec.ts";
import { allRows, type Db, run } from "./sqlite.ts";

export function insertCopies(db: Db, source: number, generation: number, copies: readonly UsageCopy[]): void {
  const insert = db.prepare("INSERT INTO copies VALUES (?, ?, ?, ?, ?, ?, ?)");
  for (const copy of copies) {
    insert.run(source, generation, copy.offset, copy.index, copy.at, copy.key, packCopy(copy));
  }
}

export function copiesOfGeneration(db: Db, source: number, generation: number): UsageCopy[] {
  return allRows<CopyRow>(
    db,
    "SELECT offset, idx, at, key, body FROM copies WHERE source = ? AND generation = ? ORDER BY offset, idx",
    source,
    generation,
  ).map(unpackCopy);
}

export function deleteCopiesOfSession(db: Db, session: string): void {
  run(db, "DELETE FROM copies WHERE source IN (SELECT id FROM sources WHERE session = ?)", session);
}

export function deleteCopiesOfGeneration(db: Db, source: number, generation: number): void {
  run(db, "DELETE FROM copies WHERE source = ? AND generation = ?", source, generation);
}
