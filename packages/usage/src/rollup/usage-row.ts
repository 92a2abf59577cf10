import type { Charge, TokenCounts } from "../rates/charge.ts";

/** Totals of a group of responses. Money is integer nano-dollars, and counts only what has a price. */
export interface UsageRow extends TokenCounts {
  key: string;
  responses: number;
  costNanoUsd: number;
  /** Responses (or advisors' steps) of models that nobody lists a price of, by model, in order of its id. */
  unpriced: { model: string; responses: number }[];
}

/** Adds charges up, and takes them off again when a response is counted otherwise. */
export class UsageTotals {
  readonly #row: Omit<UsageRow, "key" | "unpriced"> = {
    responses: 0,
    inputTokens: 0,
    outputTokens: 0,
    cacheWrite5mTokens: 0,
    cacheWrite1hTokens: 0,
    cacheReadTokens: 0,
    webSearches: 0,
    costNanoUsd: 0,
  };
  readonly #unpriced = new Map<string, number>();

  add(charge: Charge, sign: 1 | -1 = 1): void {
    const row = this.#row;
    row.responses += sign * charge.responses;
    row.inputTokens += sign * charge.inputTokens;
    row.outputTokens += sign * charge.outputTokens;
    row.cacheWrite5mTokens += sign * charge.cacheWrite5mTokens;
    row.cacheWrite1hTokens += sign * charge.cacheWrite1hTokens;
    row.cacheReadTokens += sign * charge.cacheReadTokens;
    row.webSearches += sign * charge.webSearches;
    row.costNanoUsd += sign * (charge.costNanoUsd ?? 0);
    if (charge.costNanoUsd !== null) return;
    const left = (this.#unpriced.get(charge.model) ?? 0) + sign;
    if (left === 0) this.#unpriced.delete(charge.model);
    else this.#unpriced.set(charge.model, left);
  }

  row(key: string): UsageRow {
    const unpriced = [...this.#unpriced]
      .map(([model, responses]) => ({ model, responses }))
      .sort((a, b) => (a.model < b.model ? -1 : 1));
    return { key, ...this.#row, unpriced };
  }
}
