import { allRows, type Db, getRow, run } from "./sqlite.ts";

/** Sums of one cell, in the order of their columns. */
export const SUMS = [
  "responses",
  "input",
  "output",
  "cache_write_5m",
  "cache_write_1h",
  "cache_read",
  "web_searches",
  "cost",
  "unpriced",
] as const;

/** A quarter of an hour is cut so that every time zone in use has its midnights between two of them. */
export const QUARTER_MS = 900_000;
export const QUARTERS_PER_DAY = 96;
/** The quarter of what nobody dated, and its day. */
export const UNDATED_QUARTER = -1;
export const UNDATED_DAY = -1;
/** Stands among the days for who owns what. */
const OWNERS_DAY = -2;

export interface Cell {
  quarter: number;
  owner: number;
  model: number;
  machine: number;
}

const ADD_CELL = `INSERT INTO rollups VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET ${SUMS.map((name) => `${name} = ${name} + excluded.${name}`).join(", ")}`;
const DROP_EMPTY = `DELETE FROM rollups WHERE quarter = ? AND owner = ? AND model = ? AND machine = ?
  AND ${SUMS.map((name) => `${name} = 0`).join(" AND ")}`;

/** `sums` are added, negative ones taken off; a cell that nothing is left in goes. */
export function addToCell(db: Db, { quarter, owner, model, machine }: Cell, sums: Float64Array): void {
  run(db, ADD_CELL, quarter, owner, model, machine, ...sums);
  if (sums.some((sum) => sum < 0)) run(db, DROP_EMPTY, quarter, owner, model, machine);
}

export function dayChanged(db: Db, day: number): void {
  run(db, "INSERT INTO rollup_days VALUES (?, 1) ON CONFLICT DO UPDATE SET version = version + 1", day);
}

/** Days that hold anything, in order. */
export function rollupDays(db: Db, from: number, before: number): { day: number; version: number }[] {
  return allRows(db, "SELECT day, version FROM rollup_days WHERE day >= ? AND day < ? ORDER BY day", from, before);
}

/** Rows of numbers: quarter, owner, model, machine, then the sums. In order of their quarters. */
export function cellsOfQuarters(db: Db, from: number, before: number): number[][] {
  const statement = db.prepare("SELECT * FROM rollups WHERE quarter >= ? AND quarter < ? ORDER BY quarter");
  // Arrays come out of SQLite three times as fast as objects.
  statement.setReturnArrays(true);
  return statement.all(from, before) as unknown as number[][];
}

export interface Owner {
  id: number;
  session: string;
  /** Empty for the main thread. */
  subagent: string;
  type: string | null;
}

export function ownerOf(db: Db, session: string, subagent: string): Owner | undefined {
  return getRow(
    db,
    "SELECT id, session, subagent, type FROM usage_owners WHERE session = ? AND subagent = ?",
    session,
    subagent,
  );
}

export function ownerById(db: Db, id: number): Owner | undefined {
  return getRow(db, "SELECT id, session, subagent, type FROM usage_owners WHERE id = ?", id);
}

export function insertOwner(db: Db, session: string, subagent: string, type: string | null): number {
  const result = db
    .prepare(
      "INSERT INTO usage_owners (session, subagent, type, responses, tokens, cost, unpriced) VALUES (?, ?, ?, 0, 0, 0, 0)",
    )
    .run(session, subagent, type);
  dayChanged(db, OWNERS_DAY);
  return Number(result.lastInsertRowid);
}

export function setOwnerType(db: Db, id: number, type: string | null): void {
  dayChanged(db, OWNERS_DAY);
  run(db, "UPDATE usage_owners SET type = ? WHERE id = ?", type, id);
}

/** What any source of a subagent says of its type: the smallest, so that the order of arrival does not matter. */
export function subagentType(db: Db, session: string, subagent: string): string | null {
  return (
    getRow<{ type: string | null }>(
      db,
      "SELECT min(meta ->> 'type') AS type FROM sources WHERE session = ? AND subagent = ?",
      session,
      subagent,
    )?.type ?? null
  );
}

export interface OwnerTotals {
  responses: number;
  tokens: number;
  cost: number;
  unpriced: number;
}

/** False where the owner has no response left, and is gone. */
export function addToOwner(db: Db, id: number, { responses, tokens, cost, unpriced }: OwnerTotals): boolean {
  run(
    db,
    `UPDATE usage_owners SET responses = responses + ?, tokens = tokens + ?, cost = cost + ?, unpriced = unpriced + ?
      WHERE id = ?`,
    responses,
    tokens,
    cost,
    unpriced,
    id,
  );
  return responses >= 0 || run(db, "DELETE FROM usage_owners WHERE id = ? AND responses = 0", id) === 0;
}

/** Null where nothing of the session is counted. */
export function sessionTotals(db: Db, session: string): OwnerTotals | null {
  const row = getRow<OwnerTotals>(
    db,
    `SELECT sum(responses) AS responses, sum(tokens) AS tokens, sum(cost) AS cost, sum(unpriced) AS unpriced
       FROM usage_owners WHERE session = ?`,
    session,
  );
  return row === undefined || row.responses === null ? null : row;
}

export function subagentTotals(db: Db, session: string): (OwnerTotals & { subagent: string })[] {
  return allRows(
    db,
    "SELECT subagent, responses, tokens, cost, unpriced FROM usage_owners WHERE session = ? AND subagent <> ''",
    session,
  );
}

/** Changes with every owner that comes, or is told otherwise. One that goes leaves no cell behind. */
export function ownersVersion(db: Db): number {
  return getRow<{ version: number }>(db, "SELECT version FROM rollup_days WHERE day = ?", OWNERS_DAY)?.version ?? 0;
}

export function allOwners(db: Db): Owner[] {
  return allRows(db, "SELECT id, session, subagent, type FROM usage_owners");
}

/** Projects of sessions that have one: session, project. */
export function sessionProjects(db: Db): [string, string][] {
  const statement = db.prepare("SELECT session, project FROM sessions WHERE project IS NOT NULL");
  // Arrays come out of SQLite three times as fast as objects, and a year has thousands.
  statement.setReturnArrays(true);
  return statement.all() as unknown as [string, string][];
}

/** The number of a model's or a machine's id, made where it is new. */
export function nameId(db: Db, name: string): number {
  run(db, "INSERT OR IGNORE INTO usage_names (name) VALUES (?)", name);
  return getRow<{ id: number }>(db, "SELECT id FROM usage_names WHERE name = ?", name)?.id ?? 0;
}

export function allNames(db: Db): { id: number; name: string }[] {
  return allRows(db, "SELECT id, name FROM usage_names");
}
