import { allRows, type Db, run } from "./sqlite.ts";

export interface AuditEntry {
  at: number;
  /** Name of the token that did it. */
  who: string;
  /** What was done, as a short name: "settings", "prices". */
  what: string;
  detail: unknown;
}

/** Entries are only ever added; the schema refuses anything else. */
export function addAudit(db: Db, { at, who, what, detail }: AuditEntry): void {
  run(db, "INSERT INTO audit (at, who, what, detail) VALUES (?, ?, ?, ?)", at, who, what, JSON.stringify(detail));
}

/** Newest first. */
export function auditEntries(db: Db, limit: number): AuditEntry[] {
  return allRows<AuditEntry & { detail: string }>(
    db,
    "SELECT at, who, what, detail FROM audit ORDER BY id DESC LIMIT ?",
    limit,
  ).map((row) => ({ ...row, detail: JSON.parse(row.detail) }));
}
