import type { Role } from "@agentpane/protocol";
import { type Db, getRow, run } from "./sqlite.ts";

export function insertLoginCode(db: Db, code: { sha256: string; role: Role; expiresAt: number }, now: number): void {
  run(db, "DELETE FROM login_codes WHERE expires_at <= ?", now);
  run(
    db,
    "INSERT INTO login_codes (sha256, role, expires_at) VALUES (?, ?, ?)",
    code.sha256,
    code.role,
    code.expiresAt,
  );
}

/** Uses the code up, expired or not; null where it was used, expired or never existed. */
export function takeLoginCode(db: Db, sha256: string, now: number): { role: Role } | null {
  const row = getRow<{ role: Role; expires_at: number }>(
    db,
    "DELETE FROM login_codes WHERE sha256 = ? RETURNING role, expires_at",
    sha256,
  );
  return row === undefined || row.expires_at <= now ? null : { role: row.role };
}
