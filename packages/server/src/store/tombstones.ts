import { type Db, getRow, run } from "./sqlite.ts";

export function isDeleted(db: Db, session: string): boolean {
  return getRow(db, "SELECT 1 FROM tombstones WHERE session = ?", session) !== undefined;
}

export function addTombstone(db: Db, session: string, now: number): void {
  run(db, "INSERT OR IGNORE INTO tombstones (session, deleted_at) VALUES (?, ?)", session, now);
}
