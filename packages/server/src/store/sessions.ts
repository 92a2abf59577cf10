import type { Product, SessionStatus } from "@agentpane/protocol";
import { allRows, type Db, getRow, run } from "./sqlite.ts";

/** A session as it is stored; `facts` and `evidence` are JSON of the fold, which the store does not look into. */
export interface StoredSession {
  session: string;
  product: string;
  machine: string;
  /** By its own evidence when it was stored; a silent machine changes what is shown. */
  status: SessionStatus;
  /** When `status`, or what is shown with it, changes by time alone. */
  statusUntil: number | null;
  /** 0 where no line carried a time. */
  lastActivityAt: number;
  project: string | null;
  branch: string | null;
  /** What a search looks through, in lower case. */
  words: string;
  model: string | null;
  facts: string;
  evidence: string;
}

/** The part of a session that a reader needs to show it. */
export interface ShownSession {
  session: string;
  machine: string;
  facts: string;
  evidence: string;
}

export function saveSession(db: Db, session: StoredSession): void {
  run(
    db,
    "INSERT OR REPLACE INTO sessions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    session.session,
    session.product,
    session.machine,
    session.status,
    session.statusUntil,
    session.lastActivityAt,
    session.project,
    session.branch,
    session.words,
    session.model,
  );
  run(db, "INSERT OR REPLACE INTO session_rows VALUES (?, ?, ?)", session.session, session.facts, session.evidence);
}

/** What time changed; facts and evidence stay as they are. */
export function saveStatus(db: Db, session: string, status: SessionStatus, statusUntil: number | null): void {
  run(db, "UPDATE sessions SET status = ?, status_until = ? WHERE session = ?", status, statusUntil, session);
}

export function removeSession(db: Db, session: string): boolean {
  run(db, "DELETE FROM session_rows WHERE session = ?", session);
  return run(db, "DELETE FROM sessions WHERE session = ?", session) > 0;
}

export function shownSession(db: Db, session: string): ShownSession | undefined {
  return getRow(
    db,
    `SELECT s.session, s.machine, r.facts, r.evidence FROM sessions s JOIN session_rows r ON r.session = s.session
      WHERE s.session = ?`,
    session,
  );
}

/** Sessions whose status has changed by time alone. */
export function dueSessions(db: Db, now: number): ShownSession[] {
  return allRows(
    db,
    `SELECT s.session, s.machine, r.facts, r.evidence FROM sessions s JOIN session_rows r ON r.session = s.session
      WHERE s.status_until <= ?`,
    now,
  );
}

export function nextDue(db: Db): number | null {
  return getRow<{ next: number | null }>(db, "SELECT min(status_until) AS next FROM sessions")?.next ?? null;
}

/** Those that a silent machine makes unknown. */
export function openSessionsOfMachine(db: Db, machine: string): ShownSession[] {
  return allRows(
    db,
    `SELECT s.session, s.machine, r.facts, r.evidence FROM sessions s JOIN session_rows r ON r.session = s.session
      WHERE s.machine = ? AND s.status <> 'ended'`,
    machine,
  );
}

export function listedProduct(db: Db, session: string): Product | undefined {
  return getRow<{ product: Product }>(db, "SELECT product FROM sessions WHERE session = ?", session)?.product;
}

export function isListed(db: Db, session: string): boolean {
  return getRow(db, "SELECT 1 FROM sessions WHERE session = ?", session) !== undefined;
}

export function countSessions(db: Db): number {
  return getRow<{ count: number }>(db, "SELECT count(*) AS count FROM sessions")?.count ?? 0;
}
