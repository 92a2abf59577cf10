import { AgentPaneError, type UsageAnswer, type UsageDimension, type UsageQuery } from "@agentpane/protocol";
import { type DayClock, dayClock, type Period, periodOf } from "@agentpane/usage";
import { allMachines } from "../store/machines.ts";
import { allNames, QUARTER_MS, SUMS, UNDATED_QUARTER } from "../store/rollups.ts";
import type { Db } from "../store/sqlite.ts";
import type { DayCells, Grouping, UsageCells } from "./cells.ts";
import { repricingShare } from "./pricing.ts";
import { UsageTable } from "./usage-table.ts";

/** The same words as `agentpane usage --scan` says. */
const UNDATED = "undated";
const UNKNOWN = "unknown";
const MAIN_THREAD = "main";

/** Quarters from `first` on and before `end`. */
interface Span {
  first: number;
  end: number;
}

/** Rows of a period by one dimension, from the rollups; `invalid_request` for a time zone that nobody knows. */
export function usageReport(db: Db, cells: UsageCells, query: UsageQuery): UsageAnswer {
  const { clock, period } = timesOf(query);
  const span = spanOf(period);
  const names = new Map(allNames(db).map(({ id, name }) => [id, name]));
  const keyOf = keyFunction(db, cells, query.by, clock, names);
  const table = new UsageTable();
  const rowOf = rowFunction(keyOf, table);
  const { column, key } = keyOf;
  const grouping: Grouping = {
    // Days are cut by the viewer's clock; all else is its own mark.
    name: column === "quarter" ? `day ${query.tz}` : column,
    column,
    group: column === "quarter" ? key : (mark) => mark,
  };
  for (const day of cells.days(db, span.first, span.end, grouping)) addDay(day, span, keyOf, rowOf, table);
  const nameOf = (id: number) => names.get(id) ?? UNKNOWN;
  return { rows: table.rows(nameOf), total: table.total(nameOf), repricing: repricingShare(db) };
}

/** The row that a mark belongs to; only quarters are too many to be remembered. */
function rowFunction({ column, key }: KeyFunction, table: UsageTable): (mark: number) => number {
  if (column === "quarter") return (quarter) => table.row(key(quarter));
  // Marks are numbers of rows in the store, counted from 1.
  const known: number[] = [];
  return (mark) => {
    let row = known[mark];
    if (row === undefined) {
      row = table.row(key(mark));
      known[mark] = row;
    }
    return row;
  };
}

function addDay(
  day: DayCells,
  { first, end }: Span,
  { column }: KeyFunction,
  rowOf: (mark: number) => number,
  table: UsageTable,
): void {
  const from = firstCell(0, day.count, (at) => (day.quarter[at] as number) >= first);
  const before = firstCell(from, day.count, (at) => (day.quarter[at] as number) >= end);
  const marks = day[column];
  for (let at = from; at < before; ) {
    const row = rowOf(marks[at] as number);
    let until = at + 1;
    // Local days follow each other as quarters do, so one look at the last cell mostly answers for all between.
    if (column === "quarter") {
      const isSame = rowOf(marks[before - 1] as number) === row;
      until = isSame ? before : firstCell(at, before, (cell) => rowOf(marks[cell] as number) !== row);
    }
    for (; at < until; at++) table.add(row, day.sums, at * SUMS.length, day.model[at] as number);
  }
}

/** The first cell from `from` on and before `end` for which `holds`, which holds from some cell on; `end` where there is none. */
function firstCell(from: number, end: number, holds: (at: number) => boolean): number {
  let low = from;
  let high = end;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

interface KeyFunction {
  /** What of a cell decides its row. */
  column: "quarter" | "owner" | "model" | "machine";
  key(mark: number): string;
}

function keyFunction(
  db: Db,
  cells: UsageCells,
  by: UsageDimension,
  clock: DayClock,
  names: ReadonlyMap<number, string>,
): KeyFunction {
  switch (by) {
    case "day":
      return {
        column: "quarter",
        key: (quarter) => (quarter === UNDATED_QUARTER ? UNDATED : clock.day(quarter * QUARTER_MS)),
      };
    case "model":
      return { column: "model", key: (id) => names.get(id) ?? UNKNOWN };
    case "machine": {
      const machines = new Map(allMachines(db).map(({ id, name }) => [id, name]));
      return { column: "machine", key: (id) => machines.get(names.get(id) ?? "") ?? UNKNOWN };
    }
    case "session": {
      const owners = cells.owners(db);
      return { column: "owner", key: (id) => owners.get(id)?.session ?? UNKNOWN };
    }
    case "project": {
      const owners = cells.owners(db);
      const projects = cells.projects(db);
      return { column: "owner", key: (id) => projects.get(owners.get(id)?.session ?? "") ?? UNKNOWN };
    }
    case "subagent": {
      const owners = cells.owners(db);
      const key = (id: number) => {
        const owner = owners.get(id);
        return owner?.subagent === "" ? MAIN_THREAD : (owner?.type ?? UNKNOWN);
      };
      return { column: "owner", key };
    }
  }
}

/** A clock asks the system twice for each day of a year, which takes longer than all the rest, so a few are kept. */
const MAX_CLOCKS = 16;
const clocks = new Map<string, DayClock>();

function clockOf(tz: string): DayClock {
  let clock = clocks.get(tz);
  if (clock === undefined) {
    clock = dayClock(tz);
    if (clocks.size >= MAX_CLOCKS) clocks.clear();
    clocks.set(tz, clock);
  }
  return clock;
}

function timesOf({ from, to, tz }: UsageQuery): { clock: DayClock; period: Period } {
  try {
    const clock = clockOf(tz);
    return { clock, period: periodOf(from, to, clock) };
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new AgentPaneError("invalid_request", `The query is not valid: ${cause.message}`, { cause });
  }
}

/** What is undated belongs to all of time and to no part of it. Local midnights lie between two quarters in every zone since 1972. */
function spanOf({ from, before }: Period): Span {
  return {
    first: from !== null ? Math.ceil(from / QUARTER_MS) : before === null ? UNDATED_QUARTER : 0,
    end: before === null ? Number.MAX_SAFE_INTEGER : Math.ceil(before / QUARTER_MS),
  };
}
