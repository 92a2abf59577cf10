import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** For tests: all that the store holds of transcripts, by names instead of row numbers, so that two can be compared. */
export function dumpStore(dataDir: string): Record<string, unknown[]> {
  const database = new DatabaseSync(join(dataDir, "agentpane.db"), { readOnly: true });
  const rows = (sql: string) =>
    database
      .prepare(sql)
      .all()
      .map((row) => Object.values(row));
  const named = "s.machine || s.key";
  const dump = {
    sources: rows(
      `SELECT ${named}, generation, offset, path, birth_ms, proof, gone, meta, state, adapter_version, fold_version
         FROM sources s ORDER BY 1`,
    ),
    events: rows(
      `SELECT ${named}, e.generation, e.offset, e.idx, e.kind, e.at, e.body
         FROM events e JOIN sources s ON s.id = e.source ORDER BY 1, 2, 3, 4`,
    ),
    copies: rows(
      `SELECT ${named}, c.generation, c.offset, c.idx, c.at, c.key, c.body
         FROM copies c JOIN sources s ON s.id = c.source ORDER BY 1, 2, 3, 4`,
    ),
    sessions: rows(
      `SELECT i.*, r.facts, r.evidence FROM sessions i JOIN session_rows r ON r.session = i.session ORDER BY i.session`,
    ),
  };
  database.close();
  return dump;
}
