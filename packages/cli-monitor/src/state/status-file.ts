import { hash } from "node:crypto";
import path from "node:path";
import { epochMs, monitorReport } from "@agentpane/protocol";
import { z } from "zod";
import { readJson, replaceFile } from "./state-folder.ts";

const monitorStatus = z.object({
  pid: z.int().min(1),
  at: epochMs,
  server: z.string(),
  connected: z.boolean(),
  /** When last everything that was seen had been told to the server; null where that never was. */
  toldUntil: epochMs.nullable(),
  report: monitorReport,
});
/** What a running monitor last wrote of itself, for `cli-monitor status`. */
export type MonitorStatus = z.infer<typeof monitorStatus>;

/** One name for one set of roots, whatever their order. */
export function rootSetName(roots: readonly string[]): string {
  return hash("sha256", JSON.stringify([...roots].sort()), "hex").slice(0, 16);
}

export function statusFile(folder: string, roots: readonly string[]): string {
  return path.join(folder, `monitor-${rootSetName(roots)}.status.json`);
}

/** Where the monitor of these roots notes which processes it saw. */
export function seenFile(folder: string, roots: readonly string[]): string {
  return path.join(folder, `monitor-${rootSetName(roots)}.seen.json`);
}

export function writeStatus(file: string, status: MonitorStatus): void {
  replaceFile(file, `${JSON.stringify(status)}\n`);
}

/** Null where no monitor of these roots has written any yet. */
export function readStatus(file: string): MonitorStatus | null {
  const parsed = monitorStatus.safeParse(readJson(file));
  return parsed.success ? parsed.data : null;
}
