import type { SessionStatus } from "@agentpane/protocol";
import { type Expression, type SqlBool, sql } from "kysely";
import { allOf, build } from "./query.ts";
import type { ShownSession } from "./sessions.ts";
import type { Db } from "./sqlite.ts";

export interface ListQuery {
  limit: number;
  offset: number;
  status: SessionStatus | undefined;
  project: string | undefined;
  branch: string | undefined;
  machine: string | undefined;
  /** In the form that `sessions.words` has. */
  words: readonly string[];
}

/** What the stored status does not know at the moment of the question. */
export interface ListMoment {
  /** Machines whose sessions are unknown unless they ended. */
  silentMachines: readonly string[];
  /** Sessions of which a process is heard of from another machine than their own: silence does not concern them. */
  watchedElsewhere: readonly string[];
  /** Own status of the sessions whose stored one has passed its time. */
  due: ReadonlyMap<string, SessionStatus>;
}

/** One page, newest activity first, and how many there are in all. */
export function listSessions(db: Db, query: ListQuery, moment: ListMoment): { rows: ShownSession[]; total: number } {
  const page = filtered(query, moment)
    .select(["s.session", "s.machine"])
    .orderBy("s.last_activity_at", "desc")
    .orderBy("s.session")
    .limit(query.limit)
    .offset(query.offset);
  const rows = allOf(
    db,
    build
      .selectFrom(page.as("page"))
      .innerJoin("session_rows as r", "r.session", "page.session")
      .select(["page.session", "page.machine", "r.facts", "r.evidence"]),
  );
  const [counted] = allOf(
    db,
    filtered(query, moment).select((of) => of.fn.countAll<number>().as("total")),
  );
  // The join keeps no order by right, though SQLite keeps it in fact; the caller sorts by what it shows.
  return { rows, total: counted?.total ?? 0 };
}

function filtered(query: ListQuery, moment: ListMoment) {
  let select = build.selectFrom("sessions as s");
  if (query.project !== undefined) select = select.where("s.project", "=", query.project);
  if (query.branch !== undefined) select = select.where("s.branch", "=", query.branch);
  if (query.machine !== undefined) select = select.where("s.machine", "=", query.machine);
  if (query.status !== undefined) select = select.where(hasStatus(query.status, moment));
  // instr() finds the word as it is, so that "%" and "_" are characters like others.
  for (const word of query.words) select = select.where(sql<SqlBool>`instr(s.words, ${word}) > 0`);
  return select;
}

/** Whether a session is shown with `status`, which is the stored one but for what time and silent machines changed. */
function hasStatus(status: SessionStatus, { silentMachines, watchedElsewhere, due }: ListMoment): Expression<SqlBool> {
  const dueNow = [...due].filter(([, now]) => now === status).map(([session]) => session);
  const own = sql<SqlBool>`(s.session IN ${list(dueNow)} OR (s.status = ${status} AND s.session NOT IN ${list([...due.keys()])}))`;
  if (status === "ended") return own;
  const silent = sql<SqlBool>`(s.machine IN ${list(silentMachines)} AND s.session NOT IN ${list(watchedElsewhere)})`;
  if (status !== "unknown") return sql<SqlBool>`(${own} AND NOT ${silent})`;
  const ended = [...due].filter(([, now]) => now === "ended").map(([session]) => session);
  const notEnded = sql<SqlBool>`(s.status <> 'ended' AND s.session NOT IN ${list(ended)})`;
  return sql<SqlBool>`(${own} OR (${silent} AND ${notEnded}))`;
}

/** A list as one parameter, so that its length does not change the statement. */
function list(values: readonly string[]): Expression<unknown> {
  return sql`(SELECT value FROM json_each(${JSON.stringify(values)}))`;
}
