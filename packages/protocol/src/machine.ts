import { z } from "zod";
import { byteCount, count, durationMs, epochMs, machineId, sha256Hex, word } from "./units.ts";

/** A monitor is silent when no heartbeat came for this long. */
export const MACHINE_SILENT_MS = 30_000;
export const HEARTBEAT_MS = 10_000;

/** A condition that a person should know of; it goes when it ends. */
export const monitorWarning = z.object({
  code: z.enum([
    "watches_exhausted",
    "root_missing",
    "root_unreadable",
    "file_unreadable",
    "line_refused",
    "disk_slow",
    "hook_unheard",
  ]),
  message: z.string().max(500),
  since: epochMs,
});
export type MonitorWarning = z.infer<typeof monitorWarning>;

export const monitorReport = z.object({
  uptimeMs: durationMs,
  roots: z.array(z.object({ path: z.string().max(4096), present: z.boolean() })).max(64),
  filesKnown: count,
  foldersWatched: count,
  /** Transcript bytes on disk that are not committed yet. */
  behindBytes: byteCount,
  behindFiles: count,
  /** When everything was last committed, or the monitor's start where it never was; null while all is. By its clock. */
  behindSince: epochMs.nullable().optional(),
  /** Bytes to be read in the backfill that runs now, and how many of them are done. */
  backfill: z.object({ totalBytes: byteCount, doneBytes: byteCount }).nullable(),
  /** Lines whose shape the fast path did not know, of all lines read. */
  lines: z.object({ total: count, slow: count, malformed: count }),
  unknownTypes: z.record(word, count),
  warnings: z.array(monitorWarning).max(64),
  residentBytes: byteCount,
});
export type MonitorReport = z.infer<typeof monitorReport>;

export const machineRow = z.object({
  id: machineId,
  name: z.string(),
  /** "linux", "darwin", "win32". */
  os: word,
  monitorVersion: word,
  registeredAt: epochMs,
  lastSeenAt: epochMs,
  /** `left`: it said goodbye. `silent`: nothing for 30 s. */
  state: z.enum(["connected", "silent", "left"]),
  sessions: count,
  report: monitorReport.nullable(),
});
export type MachineRow = z.infer<typeof machineRow>;

export const registerBody = z.object({
  protocol: z.int(),
  machine: machineId,
  /** SHA-256 of the host's own id: a copied home on another host must not pass for this machine. */
  hostSha256: sha256Hex,
  name: z.string().min(1).max(200),
  os: word,
  monitorVersion: word,
  /** Random per start of the monitor. */
  bootId: z.string().min(1).max(64),
});
export type RegisterBody = z.infer<typeof registerBody>;
