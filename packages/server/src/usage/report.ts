import {
  AgentPaneError,
  type UsageAnswer,
  type UsageDimension,
  type UsageQuery,
  type UsageRow,
} from "@agentpane/protocol";
import { type DayClock, dayClock, type Period, periodOf } from "@agentpane/usage";
import { allMachines } from "../store/machines.ts";
import { allNames, allOwners, QUARTER_MS, SUMS, UNDATED_QUARTER } from "../store/rollups.ts";
import type { Db } from "../store/sqlite.ts";
import type { DayCells, UsageCells } from "./cells.ts";
import { repricingShare } from "./pricing.ts";
import { Sums } from "./sums.ts";

/** The same words as `agentpane usage --scan` says. */
const UNDATED = "undated";
const UNKNOWN = "unknown";
const MAIN_THREAD = "main";

/** Rows of a period by one dimension, from the rollups; `invalid_request` for a time zone that nobody knows. */
export function usageReport(db: Db, cells: UsageCells, query: UsageQuery): UsageAnswer {
  const { clock, period } = timesOf(query);
  const from = period.from === null ? null : quarterFrom(period.from);
  const before = period.before === null ? null : quarterFrom(period.before);
  const isAll = from === null && before === null;
  const first = from ?? (isAll ? UNDATED_QUARTER : 0);
  const end = before ?? Number.MAX_SAFE_INTEGER;
  const names = new Map(allNames(db).map(({ id, name }) => [id, name]));
  const model = (id: number) => names.get(id) ?? UNKNOWN;
  const rows = new Map<string, Sums>();
  const rowOf = (key: string): Sums => {
    let row = rows.get(key);
    if (row === undefined) {
      row = new Sums();
      rows.set(key, row);
    }
    return row;
  };
  const keyOf = keyFunction(db, query.by, clock, names);
  const total = new Sums();
  for (const day of cells.days(db, first, end)) {
    addDay(day, first, end, keyOf, rowOf, model, total);
  }
  const keys = [...rows.keys()].sort((a, b) => (a < b ? -1 : 1));
  const { key: _, ...all } = total.row("");
  return {
    rows: keys.map((key): UsageRow => rowOf(key).row(key)),
    total: all,
    repricing: repricingShare(db),
  };
}

/** Neighbours in a day mostly belong to the same row, so it is looked up where its mark changes only. */
function addDay(
  day: DayCells,
  first: number,
  end: number,
  { column, key }: KeyFunction,
  rowOf: (key: string) => Sums,
  model: (id: number) => string,
  total: Sums,
): void {
  const marks = day[column];
  let mark = Number.NaN;
  let row = total;
  for (let at = 0; at < day.count; at++) {
    const quarter = day.quarter[at] as number;
    if (quarter < first || quarter >= end) continue;
    if (marks[at] !== mark) {
      mark = marks[at] as number;
      row = rowOf(key(mark));
    }
    row.add(day.sums, at * SUMS.length, () => model(day.model[at] as number));
    total.add(day.sums, at * SUMS.length, () => model(day.model[at] as number));
  }
}

interface KeyFunction {
  /** What of a cell decides its row. */
  column: "quarter" | "owner" | "model" | "machine";
  key(mark: number): string;
}

function keyFunction(db: Db, by: UsageDimension, clock: DayClock, names: ReadonlyMap<number, string>): KeyFunction {
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
    default: {
      const owners = new Map(allOwners(db).map((owner) => [owner.id, owner]));
      const keys = {
        session: (id: number) => owners.get(id)?.session,
        project: (id: number) => owners.get(id)?.project,
        subagent: (id: number) => (owners.get(id)?.subagent === "" ? MAIN_THREAD : owners.get(id)?.type),
      };
      return { column: "owner", key: (id) => keys[by](id) ?? UNKNOWN };
    }
  }
}

function timesOf({ from, to, tz }: UsageQuery): { clock: DayClock; period: Period } {
  try {
    const clock = dayClock(tz);
    return { clock, period: periodOf(from, to, clock) };
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new AgentPaneError("invalid_request", `The query is not valid: ${cause.message}`, { cause });
  }
}

/** Local midnights lie between two quarters in every time zone since 1972. */
function quarterFrom(at: number): number {
  return Math.ceil(at / QUARTER_MS);
}
