import type { Role, TokenRow } from "@agentpane/protocol";
import type { NewToken, TokenIdentity } from "./contract.ts";
import { allRows, type Db, getRow, run } from "./sqlite.ts";

const COLUMNS = `id, name, role, created_at AS createdAt, expires_at AS expiresAt, last_used_at AS lastUsedAt,
                 revoked_at AS revokedAt, machine`;

export function insertToken(db: Db, token: NewToken): void {
  run(
    db,
    "INSERT INTO tokens (id, name, role, secret_sha256, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
    token.id,
    token.name,
    token.role,
    token.secretSha256,
    token.createdAt,
    token.expiresAt,
  );
}

export function allTokens(db: Db): TokenRow[] {
  return allRows<TokenRow>(db, `SELECT ${COLUMNS} FROM tokens ORDER BY created_at, id`).map((row) => ({ ...row }));
}

/** Valid now: neither expired nor revoked. */
export function tokenBySecret(db: Db, secretSha256: string, now: number): TokenIdentity | null {
  const row = getRow<TokenIdentity>(
    db,
    `SELECT id, name, role, machine, expires_at AS expiresAt FROM tokens
      WHERE secret_sha256 = ? AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?)`,
    secretSha256,
    now,
  );
  return row === undefined ? null : { ...row };
}

/** The machine a token is bound to (null: none yet); undefined where the token is not valid now. */
export function tokenMachine(db: Db, id: string, now: number): { machine: string | null; role: Role } | undefined {
  return getRow(
    db,
    `SELECT machine, role FROM tokens
      WHERE id = ? AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?)`,
    id,
    now,
  );
}

export function bindToken(db: Db, id: string, machine: string): void {
  run(db, "UPDATE tokens SET machine = ? WHERE id = ?", machine, id);
}

export function touchToken(db: Db, id: string, now: number): void {
  run(db, "UPDATE tokens SET last_used_at = ? WHERE id = ?", now, id);
}

/** By id, or all of that name; answers those that were valid until now. */
export function revokeTokens(db: Db, idOrName: string, now: number): TokenRow[] {
  const rows = allRows<TokenRow>(
    db,
    `UPDATE tokens SET revoked_at = ?1 WHERE (id = ?2 OR name = ?2) AND revoked_at IS NULL RETURNING ${COLUMNS}`,
    now,
    idOrName,
  );
  return rows.map((row) => ({ ...row }));
}
