import { createHash, randomBytes } from "node:crypto";
import type { Role } from "@agentpane/protocol";

const TOKEN_BYTES = 32;
const CODE_BYTES = 24;
const LETTER: Record<Role, string> = { viewer: "v", approver: "p", admin: "a", monitor: "m" };
const TOKEN_FORM = /^ap_[vpam]_[A-Za-z0-9_-]{43}$/;
const CODE_FORM = /^[vpa]_[A-Za-z0-9_-]{32}$/;

/** A bearer token: its letter tells a person who finds one what it is; only the hash of the whole counts. */
export function newTokenSecret(role: Role): string {
  return `ap_${LETTER[role]}_${randomBytes(TOKEN_BYTES).toString("base64url")}`;
}

/** A one-time code, which says the role of the token it becomes. */
export function newCode(role: Exclude<Role, "monitor">): string {
  return `${LETTER[role]}_${randomBytes(CODE_BYTES).toString("base64url")}`;
}

/** The role that a code was made for; null where it has not the form of one. */
export function codeRole(code: string): Exclude<Role, "monitor"> | null {
  if (!CODE_FORM.test(code)) return null;
  return code.startsWith("a") ? "admin" : code.startsWith("p") ? "approver" : "viewer";
}

export function isTokenForm(text: string): boolean {
  return TOKEN_FORM.test(text);
}

/** What is stored and looked up, so that comparing takes the same time whatever was guessed. */
export function sha256Of(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

export function newTokenId(): string {
  return `t_${randomBytes(8).toString("hex")}`;
}
