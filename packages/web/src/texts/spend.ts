import { formatTokens } from "../ui/format.ts";
import { counted } from "./counted.ts";

/** Cost and context where they stand beside something else. */
export const spendTexts = {
  today: "Today",
  todayHelp: (zone: string) => `API-equivalent cost since midnight, ${zone}`,
  repricing: (percent: string) => `prices changed, ${percent} still to count`,
  lacks: (responses: number) => `and ${counted(responses, "response")} of a model without a price`,
  ofSession: (usd: string) => `API-equivalent cost ${usd}`,
  context: "context",
  contextUsed: (used: string, window: string, percent: string) =>
    `Context: ${used} of ${window} tokens, ${percent} full`,
  contextTokens: (used: string) => `Context: ${used} tokens; the model's window is not known`,
  compacted: (before: number | null, after: number | null) =>
    before === null
      ? "context compacted"
      : `context compacted from ${formatTokens(before)}${after === null ? "" : ` to ${formatTokens(after)}`} tokens`,
  compactedOften: (count: number, last: string) =>
    count === 1 ? last : `${counted(count, "compaction")}, last ${last}`,
  noPrice: "no price",
} as const;
