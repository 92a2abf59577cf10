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

export type CellRow = Cell & Record<(typeof SUMS)[number], number>;

/** In order of their quarters. */
export function cellsOfQuarters(db: Db, from: number, before: number): CellRow[] {
  return allRows(db, "SELECT * FROM rollups WHERE quarter >= ? AND quarter < ? ORDER BY quarter", from, before);
}

export function cellsOfSession(db: Db, session: string): (CellRow & Pick<Owner, "subagent" | "type">)[] {
  return allRows(
    db,
    `SELECT r.*, o.subagent, o.type FROM usage_owners o JOIN rollups r ON r.owner = o.id WHERE o.session = ?`,
    session,
  );
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
  return Number(result.lastInsertRowid);
}

export function setOwnerType(db: Db, id: number, type: string | null): void {
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

export function allOwners(db: Db): (Owner & { project: string | null })[] {
  return allRows(
    db,
    `SELECT o.id, o.session, o.subagent, o.type, s.project
       FROM usage_owners o LEFT JOIN sessions s ON s.session = o.session`,
  );
}

/** The number of a model's or a machine's id, made where it is new. */
export function nameId(db: Db, name: string): number {
  run(db, "INSERT OR IGNORE INTO usage_names (name) VALUES (?)", name);
  return getRow<{ id: number }>(db, "SELECT id FROM usage_names WHERE name = ?", name)?.id ?? 0;
}

export function allNames(db: Db): { id: number; name: string }[] {
  return allRows(db, "SELECT id, name FROM usage_names");
}
