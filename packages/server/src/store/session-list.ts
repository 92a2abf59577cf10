import type { SessionStatus } from "@agentpane/protocol";
import { type Expression, type SqlBool, sql } from "kysely";
import { allOf, build } from "./query.ts";
import type { ShownSession } from "./sessions.ts";
import type { Db } from "./sqlite.ts";

export interface ListFilter {
  status: SessionStatus | undefined;
  project: string | undefined;
  branch: string | undefined;
  machine: string | undefined;
  model: string | undefined;
  /** In the form that `sessions.words` has. */
  words: readonly string[];
}

export interface ListQuery extends ListFilter {
  limit: number;
  offset: number;
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
  return query.words.length === 0 ? listByIndex(db, query, moment) : listByScan(db, query, moment);
}

/** Page and count from the index alone, the page without a look at what stands behind it. */
function listByIndex(db: Db, query: ListQuery, moment: ListMoment): { rows: ShownSession[]; total: number } {
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

/** Words are in no index, so every session is looked at: once, and in the order in which they are stored. */
function listByScan(db: Db, query: ListQuery, moment: ListMoment): { rows: ShownSession[]; total: number } {
  const found = allOf(
    db,
    build
      .with(
        (cte) => cte("hit").materialized(),
        () => filtered(query, moment).select(["s.session", "s.machine", "s.last_activity_at"]),
      )
      .selectFrom((of) =>
        of
          .selectFrom("hit")
          .select(["hit.session", "hit.machine"])
          .orderBy("hit.last_activity_at", "desc")
          .orderBy("hit.session")
          .limit(query.limit)
          .offset(query.offset)
          .as("page"),
      )
      // The count is a row of its own, so that it comes with an empty page too.
      .select(["page.session", "page.machine", sql<number>`0`.as("total")])
      .unionAll((of) =>
        of
          .selectFrom("hit")
          .select(({ fn }) => [
            sql<string>`''`.as("session"),
            sql<string>`''`.as("machine"),
            fn.countAll<number>().as("total"),
          ]),
      ),
  );
  const total = found.find((row) => row.session === "")?.total ?? 0;
  const ids = found.filter((row) => row.session !== "").map((row) => row.session);
  const rows = allOf(
    db,
    build
      .selectFrom("sessions as s")
      .innerJoin("session_rows as r", "r.session", "s.session")
      .where(sql<SqlBool>`s.session IN ${list(ids)}`)
      .select(["s.session", "s.machine", "r.facts", "r.evidence"]),
  );
  return { rows, total };
}

/** Kinds of values that the list can be narrowed by, but for the status, which depends on the moment. */
export const FACETS = ["project", "branch", "machine", "model"] as const;

/** How many sessions each value would leave, most first; `filter` should not narrow by the same. */
export function countFacet(
  db: Db,
  facet: (typeof FACETS)[number],
  filter: ListFilter,
  moment: ListMoment,
  limit: number,
): { value: string; count: number }[] {
  const value = sql.ref<string>(`s.${facet}`);
  return allOf(
    db,
    filtered(filter, moment)
      .where(value, "is not", null)
      .select((of) => [value.as("value"), of.fn.countAll<number>().as("count")])
      .groupBy(value)
      .orderBy("count", "desc")
      .orderBy("value")
      .limit(limit),
  );
}

/** How many sessions have each of `statuses`, in one pass. */
export function countStatuses(
  db: Db,
  statuses: readonly SessionStatus[],
  filter: Omit<ListFilter, "status">,
  moment: ListMoment,
): number[] {
  const [row] = allOf(
    db,
    filtered({ ...filter, status: undefined }, moment).select(
      statuses.map((status) => sql<number | null>`sum(${hasStatus(status, moment)})`.as(status)),
    ),
  );
  return statuses.map((status) => (row as Record<string, number | null> | undefined)?.[status] ?? 0);
}

function filtered(query: ListFilter, moment: ListMoment) {
  let select = build.selectFrom("sessions as s");
  if (query.project !== undefined) select = select.where("s.project", "=", query.project);
  if (query.branch !== undefined) select = select.where("s.branch", "=", query.branch);
  if (query.machine !== undefined) select = select.where("s.machine", "=", query.machine);
  if (query.model !== undefined) select = select.where("s.model", "=", query.model);
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
