import { DatabaseSync } from "node:sqlite";
import type { StoredEvent, StoredGeneration, StoredSource, StoredUsage, StoreView } from "./store-view.ts";
import { openRange } from "./zstd-chunk.ts";

/** The kinds in the order of the design's list; the store writes their place in it, counted from 1. */
const KINDS =
  "prompt text thinking tool.call tool.result response turn.end interrupt title mode compaction api.error progress subagent.start subagent.end todo queue cost note malformed".split(
    " ",
  );

/** Where a usage copy's stored values hold the output tokens. */
const OUTPUT_TOKENS = 4;

type Row = Record<string, string | number | null | Uint8Array>;

/** Reads everything that the checker judges straight from the database file; the server may run meanwhile. */
export function readStore(databasePath: string): StoreView {
  const db = new DatabaseSync(databasePath, { readOnly: true });
  try {
    db.exec("BEGIN");
    const sources = db.prepare("SELECT * FROM sources ORDER BY machine, key").all() as Row[];
    return { sources: sources.map((row) => readSource(db, row)) };
  } finally {
    db.close();
  }
}

function readSource(db: DatabaseSync, row: Row): StoredSource {
  const id = row.id as number;
  const numbers = new Set<number>([row.generation as number]);
  for (const table of ["chunks", "events", "copies"]) {
    const found = db.prepare(`SELECT DISTINCT generation FROM ${table} WHERE source = ?`).all(id) as Row[];
    for (const one of found) numbers.add(one.generation as number);
  }
  return {
    machine: row.machine as string,
    root: row.root as string,
    session: row.session as string,
    subagent: row.subagent as string | null,
    copy: row.copy as number,
    path: row.path as string,
    gone: row.gone === 1,
    generations: [...numbers]
      .sort((a, b) => a - b)
      .map((generation) => readGeneration(db, id, generation, generation === row.generation, row.offset as number)),
  };
}

function readGeneration(
  db: DatabaseSync,
  source: number,
  generation: number,
  latest: boolean,
  cursor: number,
): StoredGeneration {
  const chunks = db
    .prepare(
      "SELECT from_offset, to_offset, bytes FROM chunks WHERE source = ? AND generation = ? ORDER BY from_offset, id",
    )
    .all(source, generation) as Row[];
  const ranges = chunks.map((chunk) =>
    openRange(chunk.from_offset as number, chunk.to_offset as number, chunk.bytes as Uint8Array),
  );
  return {
    generation,
    latest,
    extent: latest ? cursor : Math.max(0, ...ranges.map((range) => range.to)),
    ranges,
    events: readEvents(db, source, generation),
    usage: readUsage(db, source, generation),
  };
}

function readEvents(db: DatabaseSync, source: number, generation: number): StoredEvent[] {
  const rows = db
    .prepare("SELECT offset, idx, kind FROM events WHERE source = ? AND generation = ? ORDER BY offset, idx")
    .all(source, generation) as Row[];
  return rows.map((row) => ({
    offset: row.offset as number,
    index: row.idx as number,
    kind: KINDS[(row.kind as number) - 1] ?? `kind ${row.kind}`,
  }));
}

function readUsage(db: DatabaseSync, source: number, generation: number): StoredUsage[] {
  const rows = db
    .prepare("SELECT offset, idx, key, body FROM copies WHERE source = ? AND generation = ? ORDER BY offset, idx")
    .all(source, generation) as Row[];
  return rows.map((row) => ({
    offset: row.offset as number,
    index: row.idx as number,
    key: row.key as string,
    outputTokens: (JSON.parse(row.body as string) as number[])[OUTPUT_TOKENS] ?? Number.NaN,
  }));
}

/** Committed bytes of all transcripts as they stand now: cheap enough to ask often while others work. */
export function committedBytes(databasePath: string): number {
  const db = new DatabaseSync(databasePath, { readOnly: true });
  try {
    const row = db.prepare("SELECT coalesce(sum(offset), 0) AS bytes FROM sources WHERE gone = 0").get() as Row;
    return row.bytes as number;
  } finally {
    db.close();
  }
}
