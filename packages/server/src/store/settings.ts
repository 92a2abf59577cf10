import type { Settings } from "@agentpane/protocol";
import { type Db, getRow, run } from "./sqlite.ts";

/** Price data that was fetched after the library was published; `models` is in the library's form. */
export interface FetchedPrices {
  url: string;
  at: number;
  models: unknown[];
}

/** Values are JSON of whoever owns the name. */
export type SettingName = "prices" | "priceData" | "pricing" | "dangerous" | "holdPrintProjects";

/** Null where it was never set. */
export function readSetting<Value>(db: Db, name: SettingName): Value | null {
  const row = getRow<{ value: string }>(db, "SELECT value FROM settings WHERE name = ?", name);
  return row === undefined ? null : (JSON.parse(row.value) as Value);
}

export function writeSetting(db: Db, name: SettingName, value: unknown): void {
  run(db, "INSERT OR REPLACE INTO settings VALUES (?, ?)", name, JSON.stringify(value));
}

/** What people set; what nobody ever set is absent. */
export function readSettings(db: Db): Settings {
  const settings: Settings = { prices: readSetting<Settings["prices"]>(db, "prices") ?? {} };
  const dangerous = readSetting<NonNullable<Settings["dangerous"]>>(db, "dangerous");
  if (dangerous !== null) settings.dangerous = dangerous;
  const holdPrintProjects = readSetting<NonNullable<Settings["holdPrintProjects"]>>(db, "holdPrintProjects");
  if (holdPrintProjects !== null) settings.holdPrintProjects = holdPrintProjects;
  return settings;
}

/** What is absent stays as it was: an older page that saves prices does not know of the rest. */
export function writeSettings(db: Db, settings: Settings): void {
  writeSetting(db, "prices", settings.prices);
  if (settings.dangerous !== undefined) writeSetting(db, "dangerous", settings.dangerous);
  if (settings.holdPrintProjects !== undefined) writeSetting(db, "holdPrintProjects", settings.holdPrintProjects);
}
