import type { SQLInputValue } from "node:sqlite";
import type { AgentRequest, Decision, RequestClosing, RequestState } from "@agentpane/protocol";
import { MAX_INLINE_INPUT_BYTES } from "@agentpane/protocol";
import { allRows, type Db, getRow, run } from "./sqlite.ts";

/** A decision that was given to the monitor, by whom. */
export interface RequestClaim {
  decision: string;
  by: string;
  at: number;
  type: Decision["type"];
  digest: string;
  /** It did not settle the request, as far as is known: another may be given. */
  released?: boolean;
}

/** The request without its large texts and what is kept beside it. */
export type RequestBody = Omit<AgentRequest, "id" | "session" | "openedAt" | "inputJson" | "plan"> & {
  planPath: string | null;
  /** First line of what is asked. */
  summary: string;
};

export interface StoredRequest {
  id: string;
  machine: string;
  session: string;
  openedAt: number;
  state: RequestState;
  closedAt: number | null;
  closing: RequestClosing | null;
  /** This server closed it without word from its monitor. */
  assumed: boolean;
  claim: RequestClaim | null;
  body: RequestBody;
  inputBytes: number;
  planBytes: number;
  /** Null where it was not read: too large for a list. */
  inputJson: string | null;
  /** Null where there is none, or it was not read. */
  planText: string | null;
}

interface RequestColumns {
  id: string;
  machine: string;
  session: string;
  openedAt: number;
  state: RequestState;
  closedAt: number | null;
  closing: string | null;
  assumed: number;
  claim: string | null;
  body: string;
  inputBytes: number;
  planBytes: number;
  inputJson: string | null;
  planText: string | null;
}

const COLUMNS = `id, machine, session, opened_at AS openedAt, state, closed_at AS closedAt, closing, assumed, claim, body,
                 input_bytes AS inputBytes, plan_bytes AS planBytes`;
/** Without what is too large for a list. */
const SMALL = `${COLUMNS},
  CASE WHEN input_bytes <= ${MAX_INLINE_INPUT_BYTES} THEN input_json END AS inputJson,
  CASE WHEN plan_bytes <= ${MAX_INLINE_INPUT_BYTES} THEN plan_text END AS planText`;
const WHOLE = `${COLUMNS}, input_json AS inputJson, plan_text AS planText`;

/** A request that was not there before; times are the server's. */
export function insertRequest(db: Db, machine: string, request: AgentRequest, summary: string): void {
  const { id, session, openedAt, inputJson, plan, ...rest } = request;
  const body: RequestBody = { ...rest, planPath: plan?.path ?? null, summary };
  run(
    db,
    `INSERT INTO requests (id, machine, session, opened_at, state, input_bytes, plan_bytes, body, input_json, plan_text)
     VALUES (?, ?, ?, ?, 'open', ?, ?, ?, ?, ?)`,
    id,
    machine,
    session,
    openedAt,
    Buffer.byteLength(inputJson),
    Buffer.byteLength(plan?.text ?? ""),
    JSON.stringify(body),
    inputJson,
    plan?.text ?? null,
  );
}

export function saveRequestBody(db: Db, id: string, body: RequestBody): void {
  run(db, "UPDATE requests SET body = ? WHERE id = ?", JSON.stringify(body), id);
}

export function saveClaim(db: Db, id: string, claim: RequestClaim | null): void {
  run(db, "UPDATE requests SET claim = ? WHERE id = ?", claim === null ? null : JSON.stringify(claim), id);
}

export function saveClosing(db: Db, id: string, closing: RequestClosing, assumed: boolean): void {
  run(
    db,
    "UPDATE requests SET state = ?, closed_at = ?, closing = ?, assumed = ? WHERE id = ?",
    closing.state,
    closing.at,
    JSON.stringify(closing),
    assumed ? 1 : 0,
    id,
  );
}

/** What was closed without word from its monitor stands open all the same. */
export function reopenRequest(db: Db, id: string): void {
  run(
    db,
    "UPDATE requests SET state = 'open', closed_at = NULL, closing = NULL, assumed = 0, claim = NULL WHERE id = ?",
    id,
  );
}

/** With all of its input and plan. */
export function requestById(db: Db, id: string): StoredRequest | null {
  const row = getRow<RequestColumns>(db, `SELECT ${WHOLE} FROM requests WHERE id = ?`, id);
  return row === undefined ? null : opened(row);
}

/** Without what is too large for a list. */
export function smallRequest(db: Db, id: string): StoredRequest | null {
  const row = getRow<RequestColumns>(db, `SELECT ${SMALL} FROM requests WHERE id = ?`, id);
  return row === undefined ? null : opened(row);
}

export function openRequestIds(db: Db, machine: string): string[] {
  return allRows<{ id: string }>(db, "SELECT id FROM requests WHERE machine = ? AND state = 'open'", machine).map(
    ({ id }) => id,
  );
}

export function machinesWithOpenRequests(db: Db): string[] {
  return allRows<{ machine: string }>(db, "SELECT DISTINCT machine FROM requests WHERE state = 'open'").map(
    ({ machine }) => machine,
  );
}

/** Oldest first. */
export function openRequestsOfSession(db: Db, session: string, limit: number): StoredRequest[] {
  return allRows<RequestColumns>(
    db,
    `SELECT ${SMALL} FROM requests WHERE session = ? AND state = 'open' ORDER BY opened_at, id LIMIT ?`,
    session,
    limit,
  ).map(opened);
}

export function countOpenRequests(db: Db): number {
  return getRow<{ count: number }>(db, "SELECT count(*) AS count FROM requests WHERE state = 'open'")?.count ?? 0;
}

/** What people settled since `since`, here or in the terminal, and after how long in the median. */
export function settledSince(db: Db, since: number): { count: number; medianLatencyMs: number | null } {
  const where = "state IN ('decided', 'answered') AND state <> 'open' AND closed_at >= ?";
  const count =
    getRow<{ count: number }>(db, `SELECT count(*) AS count FROM requests WHERE ${where}`, since)?.count ?? 0;
  const median = getRow<{ latency: number }>(
    db,
    `SELECT max(0, closed_at - opened_at) AS latency FROM requests WHERE ${where} ORDER BY latency LIMIT 1 OFFSET ?`,
    since,
    Math.floor(Math.max(0, count - 1) / 2),
  );
  return { count, medianLatencyMs: median?.latency ?? null };
}

export interface RequestsFilter {
  state: RequestState | "closed" | undefined;
  session: string | undefined;
  /** The last one of the page before. */
  after: { at: number; id: string } | null;
  limit: number;
}

/** Oldest first. */
export function listOpenRequests(db: Db, { session, after, limit }: RequestsFilter): StoredRequest[] {
  const where = ["state = 'open'"];
  const values: SQLInputValue[] = [];
  if (session !== undefined) {
    where.push("session = ?");
    values.push(session);
  }
  if (after !== null) {
    where.push("(opened_at, id) > (?, ?)");
    values.push(after.at, after.id);
  }
  const sql = `SELECT ${SMALL} FROM requests WHERE ${where.join(" AND ")} ORDER BY opened_at, id LIMIT ?`;
  return allRows<RequestColumns>(db, sql, ...values, limit).map(opened);
}

/** Newest first. */
export function listClosedRequests(db: Db, { state, session, after, limit }: RequestsFilter): StoredRequest[] {
  const where = ["state <> 'open'"];
  const values: SQLInputValue[] = [];
  if (state !== undefined && state !== "closed") {
    where.push("state = ?");
    values.push(state);
  }
  if (session !== undefined) {
    where.push("session = ?");
    values.push(session);
  }
  if (after !== null) {
    where.push("(closed_at, id) < (?, ?)");
    values.push(after.at, after.id);
  }
  const sql = `SELECT ${SMALL} FROM requests WHERE ${where.join(" AND ")} ORDER BY closed_at DESC, id DESC LIMIT ?`;
  return allRows<RequestColumns>(db, sql, ...values, limit).map(opened);
}

export function deleteClosedRequestsOfSession(db: Db, session: string): void {
  run(db, "DELETE FROM requests WHERE session = ? AND state <> 'open'", session);
}

export interface KeptRequests {
  /** Those that were closed before go. */
  since: number;
  count: number;
  bytes: number;
}

/** Drops the oldest of the closed ones, beyond any of the three. The audit keeps what was decided. */
export function pruneRequests(db: Db, { since, count, bytes }: KeptRequests): void {
  run(db, "DELETE FROM requests WHERE state <> 'open' AND closed_at < ?", since);
  // Only the index is read.
  const cut = getRow<{ id: string; closedAt: number }>(
    db,
    `SELECT id, closedAt FROM (
       SELECT id, closed_at AS closedAt, row_number() OVER newest AS place,
              sum(input_bytes + plan_bytes) OVER newest AS bytes
         FROM requests WHERE state <> 'open' WINDOW newest AS (ORDER BY closed_at DESC, id DESC)
     ) WHERE place > ? OR bytes > ? ORDER BY closedAt DESC, id DESC LIMIT 1`,
    count,
    bytes,
  );
  if (cut === undefined) return;
  run(db, "DELETE FROM requests WHERE state <> 'open' AND (closed_at, id) <= (?, ?)", cut.closedAt, cut.id);
}

function opened(row: RequestColumns): StoredRequest {
  return {
    ...row,
    closing: row.closing === null ? null : JSON.parse(row.closing),
    assumed: row.assumed === 1,
    claim: row.claim === null ? null : JSON.parse(row.claim),
    body: JSON.parse(row.body),
  };
}
