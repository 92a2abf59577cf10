import type { CountedCall, CountedRow } from "../store/responses.ts";
import {
  addToCell,
  addToOwner,
  type Cell,
  dayChanged,
  type OwnerTotals,
  QUARTER_MS,
  QUARTERS_PER_DAY,
  SUMS,
  UNDATED_QUARTER,
} from "../store/rollups.ts";
import type { Db } from "../store/sqlite.ts";

/** In the order of `SUMS`. */
export function sumsOf(call: CountedCall, responses: 0 | 1): number[] {
  const { input, output, cacheWrite5m, cacheWrite1h, cacheRead, webSearches, cost } = call;
  const unpriced = cost === null ? 1 : 0;
  return [responses, input, output, cacheWrite5m, cacheWrite1h, cacheRead, webSearches, cost ?? 0, unpriced];
}

/** What one transaction adds to the sums and takes off them, written once at its end. */
export class Deltas {
  readonly #cells = new Map<string, { cell: Cell; sums: Float64Array }>();
  readonly #owners = new Map<number, OwnerTotals>();

  /** Takes a response off where `sign` is -1. */
  add(row: CountedRow, sign: 1 | -1): void {
    this.#call(row, row.model, row, 1, sign);
    for (const step of row.steps) this.#call(row, step.model, step, 0, sign);
  }

  #call({ at, owner, machine }: CountedRow, model: number, call: CountedCall, responses: 0 | 1, sign: 1 | -1): void {
    const quarter = at === null ? UNDATED_QUARTER : Math.floor(at / QUARTER_MS);
    const key = `${quarter} ${owner} ${model} ${machine}`;
    let known = this.#cells.get(key);
    if (known === undefined) {
      known = { cell: { quarter, owner, model, machine }, sums: new Float64Array(SUMS.length) };
      this.#cells.set(key, known);
    }
    const sums = sumsOf(call, responses);
    for (let i = 0; i < SUMS.length; i++) known.sums[i] = (known.sums[i] as number) + sign * (sums[i] as number);

    let totals = this.#owners.get(owner);
    if (totals === undefined) {
      totals = { responses: 0, tokens: 0, cost: 0, unpriced: 0 };
      this.#owners.set(owner, totals);
    }
    totals.responses += sign * responses;
    const { input, output, cacheWrite5m, cacheWrite1h, cacheRead, cost } = call;
    totals.tokens += sign * (input + output + cacheWrite5m + cacheWrite1h + cacheRead);
    totals.cost += sign * (cost ?? 0);
    totals.unpriced += cost === null ? sign : 0;
  }

  /** Answers the owners that are gone, since nothing is left of them. */
  write(db: Db): number[] {
    const days = new Set<number>();
    for (const { cell, sums } of this.#cells.values()) {
      if (!sums.some((sum) => sum !== 0)) continue;
      addToCell(db, cell, sums);
      days.add(Math.floor(cell.quarter / QUARTERS_PER_DAY));
    }
    for (const day of days) dayChanged(db, day);
    const gone: number[] = [];
    for (const [owner, totals] of this.#owners) if (!addToOwner(db, owner, totals)) gone.push(owner);
    return gone;
  }
}
