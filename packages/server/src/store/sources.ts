import type { FileProof, SourceCursor, SourceKey, SubagentMeta } from "@agentpane/protocol";
import { allRows, type Db, run } from "./sqlite.ts";

/** A source as its row has it; `state` is the fold's JSON, which the store does not look into. */
export interface StoredSource {
  id: number;
  machine: string;
  /** `sourceKeyString` of `source`. */
  key: string;
  source: SourceKey;
  generation: number;
  offset: number;
  path: string;
  birthMs: number;
  proof: FileProof;
  gone: boolean;
  meta: SubagentMeta | null;
  state: string;
  adapterVersion: number;
  foldVersion: number;
}

interface SourceRow {
  id: number;
  machine: string;
  key: string;
  product: SourceKey["product"];
  root: string;
  session: string;
  subagent: string | null;
  copy: number;
  generation: number;
  offset: number;
  path: string;
  birth_ms: number;
  proof: string;
  gone: number;
  meta: string | null;
  state: string;
  adapter_version: number;
  fold_version: number;
}

function fromRow(row: SourceRow): StoredSource {
  return {
    id: row.id,
    machine: row.machine,
    key: row.key,
    source: {
      product: row.product,
      root: row.root,
      session: row.session,
      subagent: row.subagent,
      copy: row.copy,
    },
    generation: row.generation,
    offset: row.offset,
    path: row.path,
    birthMs: row.birth_ms,
    proof: JSON.parse(row.proof) as FileProof,
    gone: row.gone === 1,
    meta: row.meta === null ? null : (JSON.parse(row.meta) as SubagentMeta),
    state: row.state,
    adapterVersion: row.adapter_version,
    foldVersion: row.fold_version,
  };
}

export function sourcesOfSession(db: Db, session: string): StoredSource[] {
  return allRows<SourceRow>(db, "SELECT * FROM sources WHERE session = ? ORDER BY id", session).map(fromRow);
}

/** Every source of a session that stands, by name alone, for a rebuild that goes through them one by one. */
export function sourcesToRebuild(db: Db): { id: number; session: string; product: SourceKey["product"] }[] {
  return allRows(
    db,
    `SELECT id, session, product FROM sources s
      WHERE NOT EXISTS (SELECT 1 FROM tombstones t WHERE t.session = s.session) ORDER BY id`,
  );
}

/** What `register` answers: all that the server knows of a machine's files. */
export function cursorsOfMachine(db: Db, machine: string): SourceCursor[] {
  const rows = allRows<Omit<SourceRow, "state"> & { deleted: number }>(
    db,
    `SELECT product, root, session, subagent, copy, generation, offset, path, birth_ms, proof, gone,
            EXISTS (SELECT 1 FROM tombstones t WHERE t.session = s.session) AS deleted
       FROM sources s WHERE machine = ? ORDER BY id`,
    machine,
  );
  return rows.map((row) => ({
    source: {
      product: row.product,
      root: row.root,
      session: row.session,
      subagent: row.subagent,
      copy: row.copy,
    },
    generation: row.generation,
    offset: row.offset,
    path: row.path,
    birthMs: row.birth_ms,
    proof: JSON.parse(row.proof) as FileProof,
    gone: row.gone === 1,
    deleted: row.deleted === 1,
  }));
}

/** Answers the new row's id. */
export function insertSource(db: Db, source: Omit<StoredSource, "id">): number {
  const { source: key } = source;
  const result = db
    .prepare(
      `INSERT INTO sources (machine, key, product, root, session, subagent, copy, generation, offset, path, birth_ms,
                            proof, gone, meta, state, adapter_version, fold_version)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      source.machine,
      source.key,
      key.product,
      key.root,
      key.session,
      key.subagent,
      key.copy,
      source.generation,
      source.offset,
      source.path,
      source.birthMs,
      JSON.stringify(source.proof),
      source.gone ? 1 : 0,
      source.meta === null ? null : JSON.stringify(source.meta),
      source.state,
      source.adapterVersion,
      source.foldVersion,
    );
  return Number(result.lastInsertRowid);
}

/** Cursor, proof, place and folded state, which always change together. */
export function updateSource(db: Db, source: Omit<StoredSource, "machine" | "key" | "source" | "birthMs">): void {
  run(
    db,
    `UPDATE sources SET generation = ?, offset = ?, path = ?, proof = ?, gone = ?, meta = ?, state = ?,
                        adapter_version = ?, fold_version = ?
      WHERE id = ?`,
    source.generation,
    source.offset,
    source.path,
    JSON.stringify(source.proof),
    source.gone ? 1 : 0,
    source.meta === null ? null : JSON.stringify(source.meta),
    source.state,
    source.adapterVersion,
    source.foldVersion,
    source.id,
  );
}

/** What is left of a deleted session's sources: their cursors, so that nothing of them is asked for again. */
export function emptySources(db: Db, session: string, state: string): void {
  run(db, "UPDATE sources SET meta = NULL, state = ? WHERE session = ?", state, session);
}
