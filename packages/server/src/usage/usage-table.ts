import type { UsageRow } from "@agentpane/protocol";
import { SUMS } from "../store/rollups.ts";

const WIDTH = SUMS.length;
const COLUMN = Object.fromEntries(SUMS.map((name, index) => [name, index])) as Record<(typeof SUMS)[number], number>;
const NANO_PER_USD = 1_000_000_000;
const FIRST_ROWS = 64;

/** Rows of sums by key. All of them stand in one array, since a year has thousands of sessions. */
export class UsageTable {
  readonly #indexes = new Map<string, number>();
  #sums = new Float64Array(FIRST_ROWS * WIDTH);
  /** Of a row, by number of the model; few have any. */
  readonly #unpriced = new Map<number, Map<number, number>>();

  /** The row of a key, made where there is none. */
  row(key: string): number {
    let index = this.#indexes.get(key);
    if (index === undefined) {
      index = this.#indexes.size;
      this.#indexes.set(key, index);
      if ((index + 1) * WIDTH > this.#sums.length) {
        const grown = new Float64Array(this.#sums.length * 2);
        grown.set(this.#sums);
        this.#sums = grown;
      }
    }
    return index;
  }

  /** Adds the sums that stand in `from` at `at`, in the order of `SUMS`; they are of one model. */
  add(row: number, from: ArrayLike<number>, at: number, model: number): void {
    const sums = this.#sums;
    const to = row * WIDTH;
    for (let i = 0; i < WIDTH; i++) sums[to + i] = (sums[to + i] as number) + (from[at + i] as number);
    const unpriced = from[at + COLUMN.unpriced] as number;
    if (unpriced !== 0) this.#addUnpriced(row, model, unpriced);
  }

  /** In order of their keys. */
  rows(modelName: (id: number) => string): UsageRow[] {
    return [...this.#indexes]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, row]) => this.#row(key, this.#sums, row * WIDTH, this.#unpriced.get(row), modelName));
  }

  total(modelName: (id: number) => string): Omit<UsageRow, "key"> {
    const sums = new Float64Array(WIDTH);
    for (let at = 0; at < this.#indexes.size * WIDTH; at++)
      sums[at % WIDTH] = (sums[at % WIDTH] as number) + (this.#sums[at] as number);
    const unpriced = new Map<number, number>();
    for (const counts of this.#unpriced.values())
      for (const [model, count] of counts) unpriced.set(model, (unpriced.get(model) ?? 0) + count);
    const { key: _, ...total } = this.#row("", sums, 0, unpriced, modelName);
    return total;
  }

  #addUnpriced(row: number, model: number, count: number): void {
    let counts = this.#unpriced.get(row);
    if (counts === undefined) {
      counts = new Map();
      this.#unpriced.set(row, counts);
    }
    counts.set(model, (counts.get(model) ?? 0) + count);
  }

  #row(
    key: string,
    sums: Float64Array,
    at: number,
    unpriced: ReadonlyMap<number, number> | undefined,
    modelName: (id: number) => string,
  ): UsageRow {
    const sum = (column: number): number => sums[at + column] as number;
    const costNanoUsd = sum(COLUMN.cost);
    return {
      key,
      responses: sum(COLUMN.responses),
      inputTokens: sum(COLUMN.input),
      outputTokens: sum(COLUMN.output),
      cacheWrite5mTokens: sum(COLUMN.cache_write_5m),
      cacheWrite1hTokens: sum(COLUMN.cache_write_1h),
      cacheReadTokens: sum(COLUMN.cache_read),
      webSearches: sum(COLUMN.web_searches),
      costNanoUsd,
      costUsd: costNanoUsd / NANO_PER_USD,
      unpriced:
        unpriced === undefined
          ? []
          : [...unpriced]
              .map(([model, responses]) => ({ model: modelName(model), responses }))
              .sort((a, b) => (a.model < b.model ? -1 : 1)),
    };
  }
}
