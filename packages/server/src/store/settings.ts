import { type Db, getRow, run } from "./sqlite.ts";

/** Price data that was fetched after the library was published; `models` is in the library's form. */
export interface FetchedPrices {
  url: string;
  at: number;
  models: unknown[];
}

/** Values are JSON of whoever owns the name. */
export type SettingName = "prices" | "priceData" | "pricing";

/** Null where it was never set. */
export function readSetting<Value>(db: Db, name: SettingName): Value | null {
  const row = getRow<{ value: string }>(db, "SELECT value FROM settings WHERE name = ?", name);
  return row === undefined ? null : (JSON.parse(row.value) as Value);
}

export function writeSetting(db: Db, name: SettingName, value: unknown): void {
  run(db, "INSERT OR REPLACE INTO settings VALUES (?, ?)", name, JSON.stringify(value));
}
