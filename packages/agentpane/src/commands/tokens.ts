import { AgentPaneError, type Role, type TokenRow, tokenName } from "@agentpane/protocol";
import type { Settings } from "../settings.ts";
import { print, printJson, say, table } from "../terminal/print.ts";
import { when } from "../terminal/times.ts";
import { atTokenDesk } from "../token-desk.ts";

const DAY_MS = 24 * 3_600_000;

export async function addToken(
  settings: Settings,
  name: string,
  options: { role: Role; expires?: number },
): Promise<void> {
  const valid = tokenName.safeParse(name);
  if (!valid.success)
    throw new AgentPaneError("invalid_request", `"${name}" is no name for a token: letters, digits, space and . _ @ -`);
  const expiresAt = options.expires === undefined ? null : Date.now() + options.expires * DAY_MS;
  const made = await atTokenDesk(settings, (desk) => desk.add(name, options.role, expiresAt));
  if (settings.json) return printJson(made);
  print(made.token);
  say(`This is shown once. ${made.name}: role ${made.role}, expires ${when(made.expiresAt, Date.now())}.`);
}

export async function listTokens(settings: Settings, options: { all?: boolean }): Promise<void> {
  const now = Date.now();
  const tokens = await atTokenDesk(settings, (desk) => desk.list());
  const shown = options.all === true ? tokens : tokens.filter((token) => isValid(token, now));
  if (settings.json) return printJson({ tokens: shown });
  if (shown.length === 0) return print("No valid tokens. Make one: agentpane tokens add NAME --role viewer");
  const rows = shown.map((token) => [
    token.id,
    token.name,
    token.role,
    when(token.createdAt, now),
    when(token.lastUsedAt, now),
    token.revokedAt === null ? when(token.expiresAt, now) : `revoked ${when(token.revokedAt, now)}`,
  ]);
  print(table([["ID", "NAME", "ROLE", "MADE", "LAST USED", "EXPIRES"], ...rows]));
}

export async function revokeToken(settings: Settings, idOrName: string): Promise<void> {
  const revoked = await atTokenDesk(settings, (desk) => desk.revoke(idOrName));
  if (revoked.length === 0) {
    throw new AgentPaneError("not_found", `No valid token is called ${idOrName}. See: agentpane tokens list`);
  }
  if (settings.json) return printJson({ tokens: revoked });
  for (const { id, name, role } of revoked) print(`Revoked ${name} (${id}, ${role}).`);
}

function isValid(token: TokenRow, now: number): boolean {
  return token.revokedAt === null && (token.expiresAt === null || token.expiresAt > now);
}
