import { allRows, type Db, getRow, run } from "./sqlite.ts";

export interface PartPlace {
  machine: string;
  /** `sourceKeyString` of the source, which may not be known yet. */
  key: string;
  generation: number;
  from: number;
}

export function stagePart(
  db: Db,
  place: PartPlace,
  part: { part: number; parts: number; sha256: string; bytes: Uint8Array },
  now: number,
): void {
  // Parts of another cut of the same range can never be joined with this one.
  run(
    db,
    `DELETE FROM chunk_parts WHERE machine = ? AND key = ? AND generation = ? AND from_offset = ?
        AND (sha256 <> ? OR parts <> ?)`,
    place.machine,
    place.key,
    place.generation,
    place.from,
    part.sha256,
    part.parts,
  );
  run(
    db,
    `INSERT OR REPLACE INTO chunk_parts (machine, key, generation, from_offset, part, parts, sha256, received_at, bytes)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    place.machine,
    place.key,
    place.generation,
    place.from,
    part.part,
    part.parts,
    part.sha256,
    now,
    part.bytes,
  );
}

/** The parts that are there, in order. */
export function stagedParts(
  db: Db,
  place: PartPlace,
): { part: number; parts: number; sha256: string; bytes: Uint8Array }[] {
  return allRows(
    db,
    `SELECT part, parts, sha256, bytes FROM chunk_parts
      WHERE machine = ? AND key = ? AND generation = ? AND from_offset = ? ORDER BY part`,
    place.machine,
    place.key,
    place.generation,
    place.from,
  );
}

/** All of a source: whatever is staged for it lies before the cursor that moves now, or is sent again. */
export function dropParts(db: Db, machine: string, key: string): void {
  run(db, "DELETE FROM chunk_parts WHERE machine = ? AND key = ?", machine, key);
}

/** Parts that nobody came back for. */
export function dropPartsBefore(db: Db, receivedAt: number): number {
  return run(db, "DELETE FROM chunk_parts WHERE received_at < ?", receivedAt);
}

export function stagedBytes(db: Db, machine: string): number {
  return (
    getRow<{ bytes: number }>(
      db,
      "SELECT coalesce(sum(length(bytes)), 0) AS bytes FROM chunk_parts WHERE machine = ?",
      machine,
    )?.bytes ?? 0
  );
}
