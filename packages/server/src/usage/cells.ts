import {
  allOwners,
  cellsOfQuarters,
  type Owner,
  ownersVersion,
  QUARTERS_PER_DAY,
  rollupDays,
  SUMS,
  sessionProjects,
  UNDATED_DAY,
  UNDATED_QUARTER,
} from "../store/rollups.ts";
import { commitsVersion, type Db } from "../store/sqlite.ts";

/** Cells kept in memory, 88 bytes each; a year of heavy use has about 100,000. Beyond them days are read each time. */
const MAX_KEPT_CELLS = 300_000;

const UNPRICED = SUMS.indexOf("unpriced");
/** Stands for all models that have a price. */
const PRICED = -1;

/** Where the sums begin in a row. */
const FIRST_SUM = 4;

/** Ways in which a day's cells are kept summed up; each takes half of what the cells take, at most. */
const MAX_KEPT_SUMS = 8;

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

/** A day as the reader keeps it: its cells, and the sums of them that were asked for before. */
interface KeptDay {
  version: number;
  cells: DayCells;
  sums: Map<string, DayCells>;
}

/** How the cells of a day come together. */
export interface Grouping {
  /** Names it: the same name, the same groups. */
  name: string;
  /** What cells have in common that belong together, from the column that decides it. */
  column: "quarter" | "owner" | "model" | "machine";
  group(mark: number): unknown;
}

/**
 * The rollups as the reader keeps them: SQLite takes a microsecond to give a cell, columns a few nanoseconds. Each day has a
 * version in the store, so what is kept is never stale, and only days that changed are read again.
 */
export class UsageCells {
  readonly #days = new Map<number, KeptDay>();
  #kept = 0;
  #owners: { version: number; byId: ReadonlyMap<number, Owner> } | null = null;

  #projects: { version: number; bySession: ReadonlyMap<string, string> } | null = null;

  owners(db: Db): ReadonlyMap<number, Owner> {
    const version = ownersVersion(db);
    if (this.#owners?.version !== version) {
      this.#owners = { version, byId: new Map(allOwners(db).map((owner) => [owner.id, owner])) };
    }
    return this.#owners.byId;
  }

  /** Projects of sessions that have one; read again only where anything was committed meanwhile. */
  projects(db: Db): ReadonlyMap<string, string> {
    const version = commitsVersion(db);
    if (this.#projects?.version !== version) this.#projects = { version, bySession: new Map(sessionProjects(db)) };
    return this.#projects.bySession;
  }

  /**
   * Days that may hold quarters from `from` on and before `before`, in order; what is undated first. Of a day that lies within
   * as a whole, cells that belong together by `grouping` come as one: a year is a hundred thousand cells, and few of these.
   */
  *days(db: Db, from: number, before: number, grouping: Grouping): Generator<DayCells> {
    const first = from <= UNDATED_QUARTER ? UNDATED_DAY : Math.floor(from / QUARTERS_PER_DAY);
    const last = Math.ceil(before / QUARTERS_PER_DAY);
    for (const { day, version } of rollupDays(db, first, last)) {
      const kept = this.#days.get(day);
      const isWhole = day === UNDATED_DAY || (day * QUARTERS_PER_DAY >= from && (day + 1) * QUARTERS_PER_DAY <= before);
      if (kept?.version === version) {
        yield isWhole ? summed(kept, grouping) : kept.cells;
        continue;
      }
      const cells = readDay(db, day);
      if (kept !== undefined) this.#kept -= kept.cells.count;
      this.#days.delete(day);
      if (this.#kept + cells.count <= MAX_KEPT_CELLS) {
        this.#days.set(day, { version, cells, sums: new Map() });
        this.#kept += cells.count;
      }
      yield cells;
    }
  }
}

/** The day's cells by `grouping`, made with the second question for them: most days that change are asked for once. */
function summed({ cells, sums }: KeptDay, grouping: Grouping): DayCells {
  let known = sums.get(grouping.name);
  if (known === undefined) {
    if (sums.size >= MAX_KEPT_SUMS) sums.clear();
    known = sumUp(cells, grouping);
    sums.set(grouping.name, known);
  }
  return known;
}

/** The cells themselves where summing up would spare less than half of them. */
function sumUp(cells: DayCells, { column, group }: Grouping): DayCells {
  const marks = cells[column];
  const firsts: number[] = [];
  const rowOf = new Int32Array(cells.count);
  const rows = new Map<unknown, Map<number, number>>();
  const width = SUMS.length;
  for (let at = 0; at < cells.count; at++) {
    const key = group(marks[at] as number);
    let byModel = rows.get(key);
    if (byModel === undefined) {
      byModel = new Map();
      rows.set(key, byModel);
    }
    // Which model it was matters to whoever names those without a price.
    const model = (cells.sums[at * width + UNPRICED] as number) === 0 ? PRICED : (cells.model[at] as number);
    let row = byModel.get(model);
    if (row === undefined) {
      row = firsts.push(at) - 1;
      byModel.set(model, row);
    }
    rowOf[at] = row;
  }
  if (firsts.length * 2 > cells.count) return cells;
  const sums = new Float64Array(firsts.length * width);
  for (let at = 0; at < cells.count; at++) {
    const to = (rowOf[at] as number) * width;
    for (let i = 0; i < width; i++) sums[to + i] = (sums[to + i] as number) + (cells.sums[at * width + i] as number);
  }
  const pick = (from: Int32Array): Int32Array => Int32Array.from(firsts, (at) => from[at] as number);
  return {
    count: firsts.length,
    quarter: pick(cells.quarter),
    owner: pick(cells.owner),
    model: pick(cells.model),
    machine: pick(cells.machine),
    sums,
  };
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
