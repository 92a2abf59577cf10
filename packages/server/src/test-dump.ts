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
    responses: rows(
      `SELECT r.key, o.session, o.subagent, m.name AS machine, n.name AS model, r.at, r.input, r.output, r.cache_write_5m,
              r.cache_write_1h, r.cache_read, r.web_searches, r.cost, json_remove(r.steps, '$[0].model')
         FROM responses r LEFT JOIN usage_owners o ON o.id = r.owner LEFT JOIN usage_names m ON m.id = r.machine
         LEFT JOIN usage_names n ON n.id = r.model ORDER BY 1`,
    ),
    owners: rows(
      "SELECT session, subagent, type, responses, tokens, cost, unpriced FROM usage_owners ORDER BY session, subagent",
    ),
    rollups: rows(
      `SELECT r.quarter, o.session, o.subagent, n.name AS model, m.name AS machine, r.responses, r.input, r.output,
              r.cache_write_5m, r.cache_write_1h, r.cache_read, r.web_searches, r.cost, r.unpriced
         FROM rollups r JOIN usage_owners o ON o.id = r.owner JOIN usage_names m ON m.id = r.machine
         JOIN usage_names n ON n.id = r.model ORDER BY 1, 2, 3, 4, 5`,
    ),
    sessions: rows(
      `SELECT i.*, r.facts, r.evidence FROM sessions i JOIN session_rows r ON r.session = i.session ORDER BY i.session`,
    ),
  };
  database.close();
  return dump;
}
