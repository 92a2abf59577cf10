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
  noPrice: "no price",
} as const;
