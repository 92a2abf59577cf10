import type { Charge } from "../rates/charge.ts";
import { type UsageRow, UsageTotals } from "./usage-row.ts";

export const USAGE_GROUPS = ["day", "project", "model", "machine", "session", "subagent"] as const;
export type UsageGroup = (typeof USAGE_GROUPS)[number];

export interface UsageReport {
  /** In order of their keys. */
  rows: UsageRow[];
  total: UsageRow;
}

const TOTAL_KEY = "total";

/** Charges into rows. A response whose steps were done by several models stands in each model's row with its part. */
export class ReportBuilder {
  readonly #rows = new Map<string, UsageTotals>();
  readonly #total = new UsageTotals();

  add(key: string, charge: Charge): void {
    let row = this.#rows.get(key);
    if (!row) {
      row = new UsageTotals();
      this.#rows.set(key, row);
    }
    row.add(charge);
    this.#total.add(charge);
  }

  finish(): UsageReport {
    const keys = [...this.#rows.keys()].sort((a, b) => (a < b ? -1 : 1));
    return {
      rows: keys.map((key) => (this.#rows.get(key) ?? new UsageTotals()).row(key)),
      total: this.#total.row(TOTAL_KEY),
    };
  }
}
