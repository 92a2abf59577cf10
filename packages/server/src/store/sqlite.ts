import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { AgentPaneError } from "@agentpane/protocol";

/** How long a statement waits for another connection's lock. Readers never hold one for long in WAL. */
const BUSY_TIMEOUT_MS = 5_000;
/** Page cache of one connection; SQLite reads negative numbers as KiB. */
const WRITER_CACHE_KIB = 8 * 1024;
const READER_CACHE_KIB = 8 * 1024;
/** Pages in the write-ahead log before a commit moves them into the database: 32 MiB at 8 KiB a page. */
const CHECKPOINT_PAGES = 4_000;
const WAL_KEPT_BYTES = 32 * 1024 * 1024;
/** Larger than SQLite's 4 KiB: chunks are blobs of up to a megabyte, and rows go in one tenth faster (measured). */
const PAGE_BYTES = 8192;

/** One connection; it lives in the thread that opened it. Statements are prepared once and kept. */
export interface Db {
  readonly raw: DatabaseSync;
  prepare(sql: string): StatementSync;
  exec(sql: string): void;
}

function wrap(raw: DatabaseSync): Db {
  const statements = new Map<string, StatementSync>();
  return {
    raw,
    prepare(sql) {
      let statement = statements.get(sql);
      if (statement === undefined) {
        statement = raw.prepare(sql);
        statements.set(sql, statement);
      }
      return statement;
    },
    exec: (sql) => raw.exec(sql),
  };
}

/** synchronous=NORMAL in WAL: a killed process loses nothing; a power cut may lose the last commits, never the form. */
export function openForWriting(path: string): Db {
  const raw = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  raw.exec(`
    PRAGMA page_size = ${PAGE_BYTES};
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    PRAGMA foreign_keys = OFF;
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -${WRITER_CACHE_KIB};
    PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};
    PRAGMA journal_size_limit = ${WAL_KEPT_BYTES};
  `);
  return wrap(raw);
}

export function openForReading(path: string): Db {
  const raw = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS, readOnly: true });
  raw.exec(`
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -${READER_CACHE_KIB};
    PRAGMA query_only = ON;
  `);
  return wrap(raw);
}

/** All of `work` or nothing of it. `work` must not be async: another caller's statements would slip in. */
export function inTransaction<T>(db: Db, work: () => T): T {
  db.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    db.exec("COMMIT");
    return result;
  } catch (error) {
    // SQLite has rolled back by itself after some failures, a full disk among them.
    if (db.raw.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}

/** One moment of the store for all statements of `work`. */
export function inSnapshot<T>(db: Db, work: () => T): T {
  db.exec("BEGIN");
  try {
    return work();
  } finally {
    if (db.raw.isTransaction) db.exec("COMMIT");
  }
}

const SQLITE_FULL = 13;

/** The operating system's full disk reaches SQLite as "full" or, on some systems, as a failed write. */
export function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error) || !("errcode" in error)) return false;
  const errcode = Number(error.errcode);
  return (errcode & 0xff) === SQLITE_FULL;
}

const FULL_RETRY_S = 30;

/** What a caller is told of a disk that is full. */
export function storeFull(cause: unknown): AgentPaneError {
  const message = "The disk under the data folder is full. Free space; nothing that was committed is lost.";
  return new AgentPaneError("store_full", message, { cause, retryAfterSeconds: FULL_RETRY_S });
}

/** What a statement answers, in the caller's words: the columns are named in the SQL beside it. */
export function getRow<Row>(db: Db, sql: string, ...values: SQLInputValue[]): Row | undefined {
  return db.prepare(sql).get(...values) as Row | undefined;
}
export function allRows<Row>(db: Db, sql: string, ...values: SQLInputValue[]): Row[] {
  return db.prepare(sql).all(...values) as Row[];
}
export function run(db: Db, sql: string, ...values: SQLInputValue[]): number {
  return Number(db.prepare(sql).run(...values).changes);
}

/** Differs after any commit of another connection; the same says that all is as it was. */
export function commitsVersion(db: Db): number {
  return getRow<{ data_version: number }>(db, "PRAGMA data_version")?.data_version ?? 0;
}
