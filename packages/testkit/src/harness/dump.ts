import { DatabaseSync } from "node:sqlite";
import { openRange } from "../checker/zstd-chunk.ts";

/** What depends on when something was done and not on what was read: clocks, row numbers, the file's own times. */
const LEFT_OUT: Record<string, readonly string[]> = {
  sources: ["id", "birth_ms", "proof"],
  sessions: [],
  session_rows: [],
};

/**
 * What was counted, once for each response, and what it adds up to. Whose a response is that several sessions hold at
 * the same time depends on the files' births, so owners are left out here; `packages/server` has its own tests of them.
 */
const TOTALS: Record<string, string> = {
  responses: `SELECT key, m.name AS model, at, input, output, cache_write_5m, cache_write_1h, cache_read, web_searches,
    cost, steps FROM responses LEFT JOIN usage_names AS m ON m.id = responses.model`,
  rollups: `SELECT quarter, m.name AS model, sum(responses) AS responses, sum(input) AS input, sum(output) AS output,
    sum(cache_write_5m) AS cache_write_5m, sum(cache_write_1h) AS cache_write_1h, sum(cache_read) AS cache_read,
    sum(web_searches) AS web_searches, sum(cost) AS cost, sum(unpriced) AS unpriced
    FROM rollups JOIN usage_names AS m ON m.id = rollups.model GROUP BY quarter, m.name
    HAVING sum(responses) <> 0 OR sum(cost) <> 0`,
};

type Row = Record<string, unknown>;

/**
 * The store as lines of text that are the same for the same transcripts, whatever the order, the pieces and the
 * restarts in which they came: sources with their folded state, sessions, events, usage copies, counted responses with their totals, and each kept line (not
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
    for (const row of db.prepare("SELECT * FROM events").all() as Row[]) {
      lines.push(`events ${JSON.stringify({ ...row, source: keys.get(row.source as number) })}`);
    }
    // A response's number depends on the order of arrival; that of its copies is told by their key.
    for (const { response, ...row } of db.prepare("SELECT * FROM copies").all() as Row[]) {
      lines.push(
        `copies ${JSON.stringify({ ...row, source: keys.get(row.source as number), counted: response !== null })}`,
      );
    }
    for (const [name, query] of Object.entries(TOTALS)) {
      for (const row of db.prepare(query).all() as Row[]) lines.push(`${name} ${JSON.stringify(row)}`);
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
