import { randomBytes } from "node:crypto";
import { type Db, getRow, run } from "./sqlite.ts";

/** Random id of this store's contents, made with the store. */
export function storeEpoch(db: Db): string {
  run(db, "INSERT OR IGNORE INTO meta (name, value) VALUES ('epoch', ?)", randomBytes(8).toString("hex"));
  return getRow<{ value: string }>(db, "SELECT value FROM meta WHERE name = 'epoch'")?.value ?? "";
}
