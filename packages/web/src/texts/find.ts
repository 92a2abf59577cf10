import { formatCount } from "../ui/format.ts";
import { counted } from "./counted.ts";

/** Finding in a session; loaded with it. */
export const findTexts = {
  open: "Find in this session",
  field: "Find in this session",
  previous: "Previous place",
  next: "Next place",
  close: "Close the search",
  nothing: "Nothing found",
  failed: "The search failed",
  searching: (count: number, percent: number) => `${formatCount(count)} so far, ${percent}%`,
  found: (count: number, more: string) => `${counted(count, "place")}${more}`,
  position: (index: number, count: number, more: string) => `${formatCount(index)} of ${formatCount(count)}${more}`,
} as const;
