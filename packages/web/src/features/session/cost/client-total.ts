import type { SessionUsage } from "@agentpane/protocol";
import { costTexts } from "../../../texts/cost.ts";
import { formatFullTime, formatPercent, formatUsd } from "../../../ui/format.ts";

/** Sums that differ by less are the same to a reader: a rounding of the client's own dollars. */
const SAME_NANO_USD = 1_000;

/** Why the client's own total and ours differ, as far as the two say; null where the client wrote none. */
export function explainClientTotal({ total, client, overTime }: SessionUsage): string | null {
  if (client === null) return null;
  const difference = client.costNanoUsd - total.costNanoUsd;
  if (total.unpriced.length > 0) return costTexts.clientUnpriced;
  if (Math.abs(difference) <= SAME_NANO_USD) return costTexts.clientSame;
  if (difference > 0) return costTexts.clientMore(formatPercent(difference / client.costNanoUsd));
  const less = formatUsd(-difference);
  const last = overTime.at(-1)?.at;
  const earlier = client.at !== null && last !== undefined && last > client.at;
  return earlier ? costTexts.clientEarlier(less, formatFullTime(client.at ?? 0)) : costTexts.clientLess(less);
}
