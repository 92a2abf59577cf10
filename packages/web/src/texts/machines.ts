import { counted } from "./counted.ts";

/** The machines, where they stand on other pages. */
export const machinesTexts = {
  all: "All machines",
  filter: "Machine",
  none: "No monitor",
  silent: "silent",
  backfill: (done: string, total: string) => `reading the past: ${done} of ${total}`,
  readingPast: (done: string, total: string) => `Reading the past ${done} of ${total}`,
  silentMany: (count: number) => `${counted(count, "machine")} silent`,
} as const;
