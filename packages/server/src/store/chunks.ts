import { allRows, type Db, getRow, run } from "./sqlite.ts";

export interface StoredChunk {
  from: number;
  to: number;
  /** zstd, as the monitor sent it. */
  bytes: Uint8Array;
}

export function insertChunk(db: Db, source: number, generation: number, chunk: StoredChunk): void {
  run(
    db,
    "INSERT INTO chunks (source, generation, from_offset, to_offset, bytes) VALUES (?, ?, ?, ?, ?)",
    source,
    generation,
    chunk.from,
    chunk.to,
    chunk.bytes,
  );
}

/** Where the chunk that holds `offset` begins and ends; undefined where no kept line is in that range. */
export function chunkRangeAt(
  db: Db,
  source: number,
  generation: number,
  offset: number,
): { id: number; from: number; to: number } | undefined {
  return getRow(
    db,
    `SELECT id, from_offset AS "from", to_offset AS "to" FROM chunks
      WHERE source = ?1 AND generation = ?2 AND to_offset > ?3
        AND from_offset = (SELECT max(from_offset) FROM chunks WHERE source = ?1 AND generation = ?2 AND from_offset <= ?3)`,
    source,
    generation,
    offset,
  );
}

/** The chunks that end behind `offset`, in order, at most `limit` of them. */
export function chunksFrom(
  db: Db,
  source: number,
  generation: number,
  offset: number,
  limit: number,
): { id: number; from: number; to: number }[] {
  return allRows(
    db,
    `SELECT id, from_offset AS "from", to_offset AS "to" FROM chunks
      WHERE source = ?1 AND generation = ?2 AND to_offset > ?3 AND from_offset >= coalesce(
        (SELECT max(from_offset) FROM chunks WHERE source = ?1 AND generation = ?2 AND from_offset <= ?3), 0)
      ORDER BY from_offset LIMIT ?4`,
    source,
    generation,
    offset,
    limit,
  );
}

export function chunkBytes(db: Db, id: number): Uint8Array | undefined {
  return getRow<{ bytes: Uint8Array }>(db, "SELECT bytes FROM chunks WHERE id = ?", id)?.bytes;
}

/** Ids in order of place, oldest generation first. */
export function chunksOfSource(db: Db, source: number): { id: number; generation: number; from: number; to: number }[] {
  return allRows(
    db,
    `SELECT id, generation, from_offset AS "from", to_offset AS "to" FROM chunks
      WHERE source = ? ORDER BY generation, from_offset`,
    source,
  );
}

export function deleteChunks(db: Db, session: string): void {
  run(db, "DELETE FROM chunks WHERE source IN (SELECT id FROM sources WHERE session = ?)", session);
}
