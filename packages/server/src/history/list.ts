import { CHANNEL_LOST_MS, type MachineRow, type SessionsPage, type SessionsQuery } from "@agentpane/protocol";
import { machineRowAt } from "../fold/machine-row.ts";
import { queryWords } from "../fold/words.ts";
import { allMachines, countSessionsOfMachine } from "../store/machines.ts";
import { sessionsWatchedElsewhere } from "../store/presence.ts";
import { listSessions } from "../store/session-list.ts";
import type { Db } from "../store/sqlite.ts";
import { dueStatuses, MachinesNow } from "./moment.ts";

export function sessionsPage(db: Db, query: SessionsQuery, now: number): SessionsPage {
  const machines = new MachinesNow(db, now);
  const { rows, total } = listSessions(
    db,
    {
      limit: query.limit,
      offset: query.offset,
      status: query.status,
      project: query.project,
      branch: query.branch,
      machine: query.machine,
      words: queryWords(query.q ?? ""),
    },
    {
      silentMachines: machines.silent(),
      watchedElsewhere: query.status === undefined ? [] : sessionsWatchedElsewhere(db, now - CHANNEL_LOST_MS),
      // Only a filter by status looks at what is stored of it; what is shown is computed anew in any case.
      due: query.status === undefined ? new Map() : dueStatuses(db, now),
    },
  );
  const sessions = rows
    .map((row) => machines.row(row))
    .sort((a, b) => (b.lastActivityAt ?? 0) - (a.lastActivityAt ?? 0) || (a.id < b.id ? -1 : 1));
  return { sessions, total };
}

export function machinesList(db: Db, now: number): MachineRow[] {
  return allMachines(db).map((machine) => machineRowAt(machine, countSessionsOfMachine(db, machine.id), now));
}
