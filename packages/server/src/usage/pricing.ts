import { uncountedShare } from "../store/responses.ts";
import { readSetting } from "../store/settings.ts";
import type { Db } from "../store/sqlite.ts";

/** How far history is priced by the rates of `fingerprint`: responses up to number `done` of those up to `of`. */
export interface Pricing {
  fingerprint: string;
  done: number;
  of: number;
}

export function isUnfinished(pricing: Pricing | null): pricing is Pricing {
  return pricing !== null && pricing.done < pricing.of;
}

/** Share of history that is still to be counted, or to be priced by the rates of now; 0 when done. */
export function repricingShare(db: Db): number {
  const uncounted = uncountedShare(db);
  if (uncounted > 0) return uncounted;
  const pricing = readSetting<Pricing>(db, "pricing");
  return isUnfinished(pricing) ? (pricing.of - pricing.done) / pricing.of : 0;
}
