import {
  CHANNEL_LOST_MS,
  type FacetsQuery,
  MAX_FACET_VALUES,
  type MachineRow,
  queryWords,
  SESSION_STATUSES,
  type SessionFacets,
  type SessionsPage,
  type SessionsQuery,
} from "@agentpane/protocol";
import { machineRowAt } from "../fold/machine-row.ts";
import { allMachines, countSessionsOfMachine } from "../store/machines.ts";
import { sessionsWatchedElsewhere } from "../store/presence.ts";
import {
  countFacet,
  countStatuses,
  FACETS,
  type ListFilter,
  type ListMoment,
  listSessions,
} from "../store/session-list.ts";
import type { Db } from "../store/sqlite.ts";
import { dueStatuses, MachinesNow } from "./moment.ts";

export function sessionsPage(db: Db, query: SessionsQuery, now: number): SessionsPage {
  const machines = new MachinesNow(db, now);
  const { limit, offset, status } = query;
  // Only a filter by status looks at what is stored of it; what is shown is computed anew in any case.
  const moment = status === undefined ? ANY_MOMENT : momentOf(db, machines, now);
  const { rows, total } = listSessions(db, { ...filterOf(query), limit, offset }, moment);
  const sessions = rows
    .map((row) => machines.row(row))
    .sort((a, b) => (b.lastActivityAt ?? 0) - (a.lastActivityAt ?? 0) || (a.id < b.id ? -1 : 1));
  return { sessions, total };
}

/** Each kind is counted under all of the filter but itself, so that a menu shows what another choice would give. */
export function sessionFacets(db: Db, query: FacetsQuery, now: number): SessionFacets {
  const moment = momentOf(db, new MachinesNow(db, now), now);
  const filter = filterOf(query);
  const statuses = countStatuses(db, SESSION_STATUSES, filter, moment);
  const [project, branch, machine, model] = FACETS.map((facet) =>
    countFacet(db, facet, { ...filter, [facet]: undefined }, moment, MAX_FACET_VALUES),
  );
  return {
    status: SESSION_STATUSES.map((value, index) => ({ value, count: statuses[index] ?? 0 }))
      .filter(({ count }) => count > 0)
      .sort((a, b) => b.count - a.count),
    project: project ?? [],
    branch: branch ?? [],
    machine: machine ?? [],
    model: model ?? [],
  };
}

function filterOf({ status, project, branch, machine, model, q }: FacetsQuery): ListFilter {
  return { status, project, branch, machine, model, words: queryWords(q ?? "") };
}

const ANY_MOMENT: ListMoment = { silentMachines: [], watchedElsewhere: [], due: new Map() };

function momentOf(db: Db, machines: MachinesNow, now: number): ListMoment {
  return {
    silentMachines: machines.silent(),
    watchedElsewhere: sessionsWatchedElsewhere(db, now - CHANNEL_LOST_MS),
    due: dueStatuses(db, now),
  };
}

export function machinesList(db: Db, now: number): MachineRow[] {
  return allMachines(db).map((machine) => machineRowAt(machine, countSessionsOfMachine(db, machine.id), now));
}
