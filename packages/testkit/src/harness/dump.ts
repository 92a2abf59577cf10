import { DatabaseSync } from "node:sqlite";
import { openRange } from "../checker/zstd-chunk.ts";

/** What depends on when something was done and not on what was read: clocks, row numbers, the file's own times. */
const LEFT_OUT: Record<string, readonly string[]> = {
  sources: ["id", "birth_ms", "proof"],
  sessions: [],
  session_rows: [],
};

type Row = Record<string, unknown>;

/**
 * The store as lines of text that are the same for the same transcripts, whatever the order, the pieces and the
 * restarts in which they came: sources with their folded state, sessions, events, usage copies, and each kept line (not
 * the chunks: where a chunk ends depends on how much was read at a time).
 */
export function canonicalDump(databasePath: string): string[] {
  const db = new DatabaseSync(databasePath, { readOnly: true });
  try {
    const keys = new Map<number, string>();
    for (const row of db.prepare("SELECT id, machine, key FROM sources").all() as Row[]) {
      keys.set(row.id as number, `${row.machine} ${row.key}`);
    }
    const lines: string[] = [];
    for (const [table, leftOut] of Object.entries(LEFT_OUT)) {
      for (const row of db.prepare(`SELECT * FROM ${table}`).all() as Row[]) {
        const kept = Object.entries(row).filter(([column]) => !leftOut.includes(column));
        lines.push(`${table} ${JSON.stringify(Object.fromEntries(kept))}`);
      }
    }
    for (const table of ["events", "copies"]) {
      for (const row of db.prepare(`SELECT * FROM ${table}`).all() as Row[]) {
        lines.push(`${table} ${JSON.stringify({ ...row, source: keys.get(row.source as number) })}`);
      }
    }
    for (const row of db.prepare("SELECT * FROM chunks").all() as Row[]) {
      const range = openRange(row.from_offset as number, row.to_offset as number, row.bytes as Uint8Array);
      if (range.broken !== null) lines.push(`broken chunk ${range.broken}`);
      for (const { offset, sha256 } of range.lines) {
        lines.push(`line ${keys.get(row.source as number)} ${row.generation} ${offset} ${sha256}`);
      }
    }
    return lines.sort();
  } finally {
    db.close();
  }
}
