import type { SQLInputValue } from "node:sqlite";
import type { AuditPage, AuditQuery } from "@agentpane/protocol";
import { allRows, type Db, getRow, run } from "./sqlite.ts";

/** A page ends early where its details would be more than this, in characters: they hold what was shown, whole. */
const MAX_PAGE_CHARS = 4 * 1024 * 1024;

export interface NewAuditEntry {
  at: number;
  /** Name of the token that did it. */
  who: string;
  /** What was done, as a short name: "settings", "prices", "decision". */
  what: string;
  detail: unknown;
  /** Address the call came from; null where it came over none. */
  from?: string | null;
  session?: string | null;
  request?: string | null;
  latencyMs?: number | null;
}

/** Entries are only ever added; the schema refuses anything else. */
export function addAudit(db: Db, entry: NewAuditEntry): void {
  run(
    db,
    `INSERT INTO audit (at, who, what, detail, sender, session, request, latency_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    entry.at,
    entry.who,
    entry.what,
    JSON.stringify(entry.detail),
    entry.from ?? null,
    entry.session ?? null,
    entry.request ?? null,
    entry.latencyMs ?? null,
  );
}

/** Under whose name a decision was given; null where none was. */
export function whoDecided(db: Db, { session, id }: { session: string; id: string }, decision: string): string | null {
  const row = getRow<{ who: string }>(
    db,
    `SELECT who FROM audit
      WHERE session = ? AND request = ? AND what = 'decision' AND json_extract(detail, '$.id') = ?`,
    session,
    id,
    decision,
  );
  return row?.who ?? null;
}

interface AuditColumns {
  n: number;
  at: number;
  actor: string;
  action: string;
  from: string | null;
  session: string | null;
  request: string | null;
  latencyMs: number | null;
  details: string;
}

/** Newest first. */
export function auditPage(db: Db, query: AuditQuery): AuditPage {
  const where = ["id < ?"];
  const values: SQLInputValue[] = [query.before ?? Number.MAX_SAFE_INTEGER];
  const only = (condition: string, value: SQLInputValue | undefined) => {
    if (value === undefined) return;
    where.push(condition);
    values.push(value);
  };
  only("session = ?", query.session);
  only("who = ?", query.actor);
  only("at >= ?", query.from);
  // One more than is shown, to know whether there are more.
  const rows = allRows<AuditColumns>(
    db,
    `SELECT id AS n, at, who AS actor, what AS action, sender AS "from", session, request, latency_ms AS latencyMs,
            detail AS details
       FROM audit WHERE ${where.join(" AND ")} ORDER BY id DESC LIMIT ?`,
    ...values,
    query.limit + 1,
  );
  const entries: AuditPage["entries"] = [];
  let chars = 0;
  for (const row of rows.slice(0, query.limit)) {
    chars += row.details.length;
    if (entries.length > 0 && chars > MAX_PAGE_CHARS) break;
    entries.push({ ...row, details: JSON.parse(row.details) });
  }
  const last = entries.at(-1);
  return { entries, next: last !== undefined && entries.length < rows.length ? last.n : null };
}
