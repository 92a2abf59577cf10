import { formatCount } from "../ui/format.ts";
import { counted } from "./counted.ts";

/** What a session did with files; loaded with its tab. */
export const filesTexts = {
  loading: "Loading the files",
  failedTitle: "The files could not be loaded",
  stale: "The files could not be read anew; this is what was read before.",
  empty: "No file has been read or changed by a tool of this session.",
  unknown: "What commands do to files (a formatter, sed, git) no transcript says: it is not counted here.",
  filter: "Filter by path",
  none: (words: string) => `No file has “${words}” in its path.`,
  show: "Show",
  all: "All",
  changed: "Changed",
  onlyRead: "Read only",
  sortBy: "Sort by",
  sorts: { recent: "Last touched", path: "Path", changes: "Most changed" },
  summary: (files: number, changed: number) => `${counted(files, "file")}, ${formatCount(changed)} changed`,
  omitted: (count: number) => `${counted(count, "more file")}, touched longer ago, not listed.`,
  reads: (count: number) => `read ${times(count)}`,
  edits: (count: number) => `edited ${times(count)}`,
  writes: (count: number) => `written ${times(count)}`,
  failed: (count: number) => `${formatCount(count)} failed`,
  open: (count: number) => `${formatCount(count)} running`,
  created: "new",
  outside: "outside",
  outsideHelp: "outside of the folder that the session works in",
  added: (count: number) => `+${formatCount(count)}`,
  removed: (count: number) => `−${formatCount(count)}`,
  notCounted: "lines not counted",
  by: (names: string) => `by ${names}`,
  mainAgent: "main agent",
  lastTouched: "Last touched",
  inTranscript: "In the transcript",
  changes: (path: string) => `Changes of ${path}`,
  loadingChanges: "Loading the changes",
  changesFailed: "The changes could not be loaded.",
  moreChanges: "Load more changes",
  changesShown: (shown: number, total: number) => `${formatCount(shown)} of ${counted(total, "change")}`,
  noChanges: "It was only read.",
} as const;

function times(count: number): string {
  if (count === 1) return "once";
  return count === 2 ? "twice" : `${formatCount(count)} times`;
}
