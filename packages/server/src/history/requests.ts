import { AgentPaneError, type RequestRow, type RequestsPage, type RequestsQuery } from "@agentpane/protocol";
import { requestRowOf } from "../fold/request-row.ts";
import { allMachines } from "../store/machines.ts";
import { allChannels } from "../store/presence.ts";
import {
  countOpenRequests,
  listClosedRequests,
  listOpenRequests,
  type RequestsFilter,
  requestById,
  type StoredRequest,
  settledSince,
} from "../store/requests.ts";
import type { Db } from "../store/sqlite.ts";

/** Open requests that a snapshot tells of; of more, the oldest. */
const MAX_OPEN_ROWS = 2_000;
/** Inputs and plans of one page, in characters; of rows beyond, they are to be asked for one by one. */
const MAX_PAGE_CHARS = 2 * 1024 * 1024;

/** Open ones oldest first, then closed ones newest first. */
export function requestsPage(db: Db, query: RequestsQuery): RequestsPage {
  const { state, session, limit } = query;
  const after = query.after === undefined ? null : readPlace(query.after);
  // One more than is shown, to know whether there are more.
  const filter: RequestsFilter = { state, session, limit: limit + 1, after: null };
  const found: StoredRequest[] = [];
  if ((state === undefined || state === "open") && after?.part !== "closed") {
    found.push(...listOpenRequests(db, { ...filter, after }));
  }
  if (state !== "open" && found.length <= limit) {
    const rest = { ...filter, limit: filter.limit - found.length, after: after?.part === "closed" ? after : null };
    found.push(...listClosedRequests(db, rest));
  }
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  return {
    requests: rowsOf(db, shown),
    next: last === undefined || found.length <= limit ? null : placeOf(last),
    open: countOpenRequests(db),
    ...(query.since === undefined ? {} : { settled: settledSince(db, query.since) }),
  };
}

export function openRequestRows(db: Db): RequestRow[] {
  const filter: RequestsFilter = { state: "open", session: undefined, limit: MAX_OPEN_ROWS, after: null };
  return rowsOf(db, listOpenRequests(db, filter));
}

export function requestRow(db: Db, id: string): RequestRow | null {
  const stored = requestById(db, id);
  return stored === null ? null : rower(db)(stored);
}

function rowsOf(db: Db, stored: readonly StoredRequest[]): RequestRow[] {
  const row = rower(db);
  let left = MAX_PAGE_CHARS;
  return stored.map((request) => {
    left -= (request.inputJson?.length ?? 0) + (request.planText?.length ?? 0);
    return row(left >= 0 ? request : { ...request, inputJson: null, planText: null });
  });
}

/** Machines and channels as they are in this snapshot. */
function rower(db: Db): (request: StoredRequest) => RequestRow {
  const names = new Map(allMachines(db).map(({ id, name }) => [id, name]));
  const there = new Set(allChannels(db).flatMap(({ machine, lostAt }) => (lostAt === null ? [machine] : [])));
  return (request) => {
    const { machine } = request;
    return requestRowOf(request, { id: machine, name: names.get(machine) ?? machine }, there.has(machine));
  };
}

interface Place {
  part: "open" | "closed";
  at: number;
  id: string;
}

function placeOf({ id, state, openedAt, closedAt }: StoredRequest): string {
  return state === "open" ? `open.${openedAt}.${id}` : `closed.${closedAt ?? 0}.${id}`;
}

function readPlace(text: string): Place {
  const match = /^(open|closed)\.(\d{1,16})\.(r_[0-9a-f]{32})$/.exec(text);
  if (match === null) throw new AgentPaneError("invalid_request", "`after` is not a place that the server gave.");
  return { part: match[1] === "open" ? "open" : "closed", at: Number(match[2]), id: match[3] ?? "" };
}
