import type { SQLInputValue } from "node:sqlite";
import {
  type CompiledQuery,
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";
import type { Db } from "./sqlite.ts";

/** The tables that composed queries read; see `schema.ts` for what the columns mean. */
interface Tables {
  sessions: {
    session: string;
    product: string;
    machine: string;
    status: string;
    status_until: number | null;
    last_activity_at: number;
    project: string | null;
    branch: string | null;
    words: string;
    model: string | null;
  };
  session_rows: { session: string; facts: string; evidence: string };
}

/**
 * Builds queries whose form depends on what was asked. Kysely only builds them: node:sqlite runs them at once in the
 * thread that owns the connection, so nothing else can come between two statements of a snapshot.
 */
export const build = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

export function allOf<Row>(db: Db, query: { compile(): CompiledQuery<Row> }): Row[] {
  const { sql, parameters } = query.compile();
  return db.prepare(sql).all(...(parameters as SQLInputValue[])) as Row[];
}
