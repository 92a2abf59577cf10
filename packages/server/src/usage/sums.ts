import type { UsageRow } from "@agentpane/protocol";
import { SUMS } from "../store/rollups.ts";

const NANO_PER_USD = 1_000_000_000;
const UNPRICED = SUMS.length - 1;

/** What cells add up to. */
export class Sums {
  readonly #sums = new Float64Array(SUMS.length);
  readonly #unpriced = new Map<string, number>();

  /** Adds the sums of one cell, which stand in `from` at `at`. */
  add(from: ArrayLike<number>, at: number, model: () => string): void {
    const sums = this.#sums;
    for (let i = 0; i < SUMS.length; i++) sums[i] = (sums[i] as number) + (from[at + i] as number);
    const unpriced = from[at + UNPRICED] as number;
    if (unpriced === 0) return;
    const name = model();
    this.#unpriced.set(name, (this.#unpriced.get(name) ?? 0) + unpriced);
  }

  row(key: string): UsageRow {
    const [responses, input, output, write5m, write1h, read, searches, cost] = this.#sums as unknown as number[];
    const unpriced = [...this.#unpriced]
      .map(([model, count]) => ({ model, responses: count }))
      .sort((a, b) => (a.model < b.model ? -1 : 1));
    return {
      key,
      responses: responses ?? 0,
      inputTokens: input ?? 0,
      outputTokens: output ?? 0,
      cacheWrite5mTokens: write5m ?? 0,
      cacheWrite1hTokens: write1h ?? 0,
      cacheReadTokens: read ?? 0,
      webSearches: searches ?? 0,
      costNanoUsd: cost ?? 0,
      costUsd: (cost ?? 0) / NANO_PER_USD,
      unpriced,
    };
  }
}
