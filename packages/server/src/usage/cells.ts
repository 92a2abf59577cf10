import {
  allOwners,
  cellsOfQuarters,
  type Owner,
  ownersVersion,
  QUARTERS_PER_DAY,
  rollupDays,
  SUMS,
  UNDATED_DAY,
  UNDATED_QUARTER,
} from "../store/rollups.ts";
import type { Db } from "../store/sqlite.ts";

/** Cells kept in memory, 88 bytes each; a year of heavy use has about 100,000. Beyond them days are read each time. */
const MAX_KEPT_CELLS = 300_000;

/** Where the sums begin in a row. */
const FIRST_SUM = 4;

/** The cells of one day of UTC, in columns and in order of their quarters. */
export interface DayCells {
  count: number;
  quarter: Int32Array;
  owner: Int32Array;
  model: Int32Array;
  machine: Int32Array;
  /** `SUMS.length` for each cell. */
  sums: Float64Array;
}

/**
 * The rollups as the reader keeps them: SQLite takes a microsecond to give a cell, columns a few nanoseconds. Each day has a
 * version in the store, so what is kept is never stale, and only days that changed are read again.
 */
export class UsageCells {
  readonly #days = new Map<number, { version: number; cells: DayCells }>();
  #kept = 0;
  #owners: { version: number; byId: ReadonlyMap<number, Owner> } | null = null;

  owners(db: Db): ReadonlyMap<number, Owner> {
    const version = ownersVersion(db);
    if (this.#owners?.version !== version) {
      this.#owners = { version, byId: new Map(allOwners(db).map((owner) => [owner.id, owner])) };
    }
    return this.#owners.byId;
  }

  /** Days that may hold quarters from `from` on and before `before`, in order; what is undated first. */
  *days(db: Db, from: number, before: number): Generator<DayCells> {
    const first = from <= UNDATED_QUARTER ? UNDATED_DAY : Math.floor(from / QUARTERS_PER_DAY);
    const last = Math.ceil(before / QUARTERS_PER_DAY);
    for (const { day, version } of rollupDays(db, first, last)) {
      const kept = this.#days.get(day);
      if (kept?.version === version) {
        yield kept.cells;
        continue;
      }
      const cells = readDay(db, day);
      if (kept !== undefined) this.#kept -= kept.cells.count;
      this.#days.delete(day);
      if (this.#kept + cells.count <= MAX_KEPT_CELLS) {
        this.#days.set(day, { version, cells });
        this.#kept += cells.count;
      }
      yield cells;
    }
  }
}

function readDay(db: Db, day: number): DayCells {
  // What is undated is a day of one quarter.
  const from = day === UNDATED_DAY ? UNDATED_QUARTER : day * QUARTERS_PER_DAY;
  const rows = cellsOfQuarters(db, from, day === UNDATED_DAY ? from + 1 : from + QUARTERS_PER_DAY);
  const count = rows.length;
  const width = SUMS.length;
  const cells: DayCells = {
    count,
    quarter: new Int32Array(count),
    owner: new Int32Array(count),
    model: new Int32Array(count),
    machine: new Int32Array(count),
    sums: new Float64Array(count * width),
  };
  for (const [at, row] of rows.entries()) {
    const [quarter = 0, owner = 0, model = 0, machine = 0] = row;
    cells.quarter[at] = quarter;
    cells.owner[at] = owner;
    cells.model[at] = model;
    cells.machine[at] = machine;
    for (let i = 0; i < width; i++) cells.sums[at * width + i] = row[i + FIRST_SUM] ?? 0;
  }
  return cells;
}
