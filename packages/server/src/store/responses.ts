import type { Product, UsageCopy } from "@agentpane/protocol";
import { type CopyRow, unpackCopy } from "./event-codec.ts";
import type { Owner } from "./rollups.ts";
import { allRows, type Db, getRow, run } from "./sqlite.ts";

/** Tokens, searches and money of one call, each kind apart; `cost` is null where the model is unpriced. */
export interface CountedCall {
  input: number;
  output: number;
  cacheWrite5m: number;
  cacheWrite1h: number;
  cacheRead: number;
  webSearches: number;
  cost: number | null;
}

/** What a response is counted as: whose, when, and what each model did for it. */
export interface CountedRow extends CountedCall {
  /** Numbers of `usage_owners` and `usage_names`. */
  owner: number;
  machine: number;
  model: number;
  at: number | null;
  /** Steps of other models within it. */
  steps: (CountedCall & { model: number })[];
}

/** A copy with the facts of its source that decide whose it is. */
export interface StoredCopy {
  copy: UsageCopy;
  generation: number;
  machine: string;
  sourceKey: string;
  session: string;
  subagent: string | null;
  birthMs: number;
}

interface ResponseColumns extends CountedCall {
  id: number;
  key: string;
  owner: number | null;
  machine: number;
  model: number;
  at: number | null;
  steps: string | null;
}

const COLUMNS = `r.id, r.key, r.owner, r.machine, r.model, r.at, r.input, r.output, r.cache_write_5m AS cacheWrite5m,
  r.cache_write_1h AS cacheWrite1h, r.cache_read AS cacheRead, r.web_searches AS webSearches, r.cost, r.steps`;

export interface KnownResponse {
  id: number;
  key: string;
  /** Null where it counts nothing. */
  counted: CountedRow | null;
}

function known(row: ResponseColumns): KnownResponse {
  const { id, key, owner, steps, ...rest } = row;
  const counted = owner === null ? null : { ...rest, owner, steps: steps === null ? [] : JSON.parse(steps) };
  return { id, key, counted };
}

export function lastResponseId(db: Db): number {
  return getRow<{ last: number | null }>(db, "SELECT max(id) AS last FROM responses")?.last ?? 0;
}

/** `hash` is the key's, by `hashOf`; two keys may share it. */
export function responseByKey(db: Db, key: string, hash: number): KnownResponse | null {
  const sql = `SELECT ${COLUMNS} FROM responses r WHERE r.hash = ?`;
  const first = getRow<ResponseColumns>(db, sql, hash);
  const row =
    first === undefined || first.key === key
      ? first
      : allRows<ResponseColumns>(db, sql, hash).find((each) => each.key === key);
  return row === undefined ? null : known(row);
}

export function responseById(db: Db, id: number): KnownResponse | null {
  const row = getRow<ResponseColumns>(db, `SELECT ${COLUMNS} FROM responses r WHERE r.id = ?`, id);
  return row === undefined ? null : known(row);
}

/** In order of their numbers, from after `after` on. */
export function responsesAfter(db: Db, after: number, limit: number): KnownResponse[] {
  const rows = allRows<ResponseColumns>(
    db,
    `SELECT ${COLUMNS} FROM responses r WHERE r.id > ? ORDER BY r.id LIMIT ?`,
    after,
    limit,
  );
  return rows.map(known);
}

const NOTHING: CountedCall = {
  input: 0,
  output: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  cacheRead: 0,
  webSearches: 0,
  cost: null,
};

/** `isFresh` says that there is no row of its number yet. */
export function saveResponse(
  db: Db,
  { id, key, hash }: { id: number; key: string; hash: number },
  counted: CountedRow | null,
  isFresh: boolean,
): void {
  const call = counted ?? NOTHING;
  run(
    db,
    `INSERT ${isFresh ? "" : "OR REPLACE "}INTO responses VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    id,
    key,
    hash,
    counted?.owner ?? null,
    counted?.machine ?? null,
    counted?.model ?? null,
    counted?.at ?? null,
    call.input,
    call.output,
    call.cacheWrite5m,
    call.cacheWrite1h,
    call.cacheRead,
    call.webSearches,
    call.cost,
    counted === null || counted.steps.length === 0 ? null : JSON.stringify(counted.steps),
  );
}

export function dropResponse(db: Db, id: number): void {
  run(db, "DELETE FROM responses WHERE id = ?", id);
}

/** Every copy that speaks of a response, wherever it stands. */
export function copiesOfResponse(db: Db, id: number): StoredCopy[] {
  return allRows<CopyRow & Omit<StoredCopy, "copy">>(
    db,
    `SELECT c.offset, c.idx, c.at, c.key, c.body, c.generation,
            s.machine, s.key AS sourceKey, s.session, s.subagent, s.birth_ms AS birthMs
       FROM copies c JOIN sources s ON s.id = c.source WHERE c.response = ?`,
    id,
  ).map(({ generation, machine, sourceKey, session, subagent, birthMs, ...copy }) => ({
    copy: unpackCopy(copy),
    generation,
    machine,
    sourceKey,
    session,
    subagent,
    birthMs,
  }));
}

/** The responses that a session's own copies speak of, whoever they are counted for. */
export function responsesOfSessionCopies(db: Db, session: string): number[] {
  return allRows<{ response: number }>(
    db,
    `SELECT DISTINCT response FROM copies
      WHERE source IN (SELECT id FROM sources WHERE session = ?) AND response IS NOT NULL`,
    session,
  ).map(({ response }) => response);
}

export function responsesInRange(db: Db, source: number, generation: number, from: number, to: number): number[] {
  return allRows<{ response: number }>(
    db,
    `SELECT DISTINCT response FROM copies
      WHERE source = ? AND generation = ? AND offset >= ? AND offset < ? AND response IS NOT NULL`,
    source,
    generation,
    from,
    to,
  ).map(({ response }) => response);
}

/**
 * The responses that a session owns, in order of time, undated ones first. Each has a copy in one of the session's own sources,
 * so no index by owner is needed.
 */
export function responsesOfSession(db: Db, session: string): (CountedRow & Pick<Owner, "subagent" | "type">)[] {
  const rows = allRows<ResponseColumns & Pick<Owner, "subagent" | "type">>(
    db,
    `SELECT ${COLUMNS}, o.subagent, o.type
       FROM responses r JOIN usage_owners o ON o.id = r.owner
      WHERE r.id IN (SELECT response FROM copies WHERE source IN (SELECT id FROM sources WHERE session = ?1))
        AND o.session = ?1 ORDER BY r.at, r.id`,
    session,
  );
  return rows.flatMap(({ subagent, type, ...row }) => {
    const { counted } = known(row);
    return counted === null ? [] : [{ ...counted, subagent, type }];
  });
}

export interface UncountedSource {
  source: number;
  session: string;
  product: Product;
}

/** A source with copies of an older schema, which are not counted yet; undefined where there is none left. */
export function uncountedSource(db: Db): UncountedSource | undefined {
  return getRow(
    db,
    `SELECT s.id AS source, s.session, s.product FROM sources s
      WHERE s.id = (SELECT min(source) FROM copies WHERE response IS NULL)`,
  );
}

export function uncountedCopies(db: Db, source: number): (UsageCopy & { generation: number })[] {
  return allRows<CopyRow & { generation: number }>(
    db,
    `SELECT generation, offset, idx, at, key, body FROM copies
      WHERE source = ? AND response IS NULL ORDER BY generation, offset, idx`,
    source,
  ).map(({ generation, ...row }) => ({ ...unpackCopy(row), generation }));
}

export function setResponse(
  db: Db,
  source: number,
  generation: number,
  copy: Pick<UsageCopy, "offset" | "index">,
  response: number,
): void {
  run(
    db,
    "UPDATE copies SET response = ? WHERE source = ? AND generation = ? AND offset = ? AND idx = ?",
    response,
    source,
    generation,
    copy.offset,
    copy.index,
  );
}

/** Copies of an older schema that are not counted yet, of all copies. */
export function uncountedShare(db: Db): number {
  const uncounted =
    getRow<{ count: number }>(db, "SELECT count(*) AS count FROM copies WHERE response IS NULL")?.count ?? 0;
  if (uncounted === 0) return 0;
  const all = getRow<{ count: number }>(db, "SELECT count(*) AS count FROM copies")?.count ?? 0;
  return Math.min(1, uncounted / all);
}
