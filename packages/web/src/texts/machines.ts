import { formatCount } from "../ui/format.ts";
import { counted } from "./counted.ts";

/** The machines and their monitors. */
export const machinesTexts = {
  label: (count: number) => counted(count, "machine"),
  title: "Machines",
  none: "No monitor",
  silent: "silent",
  silentMany: (count: number) => `${counted(count, "machine")} silent`,
  state: {
    connected: "Connected",
    silent: "Nothing heard since",
    left: "Stopped",
  },
  current: "every line committed",
  behind: (bytes: string, files: number) => `${bytes} behind in ${counted(files, "file")}`,
  backfill: (done: string, total: string) => `reading the past: ${done} of ${total}`,
  monitor: (version: string) => `monitor ${version}`,
  sessions: (count: number) => counted(count, "session"),
  files: (files: number, folders: number) => `${counted(files, "file")} known, ${counted(folders, "folder")} watched`,
  root: (path: string, present: boolean) => (present ? path : `${path} (not there yet)`),
  lines: (total: number) => `${counted(total, "line")} read`,
  slow: (count: number) => `${formatCount(count)} of a shape not known to the fast path`,
  malformed: (count: number) => `${formatCount(count)} unreadable`,
  unknownTypes: "Line types not known",
  readingPast: (done: string, total: string) => `Reading the past ${done} of ${total}`,
  more: (count: number) => `and ${formatCount(count)} more`,
} as const;
