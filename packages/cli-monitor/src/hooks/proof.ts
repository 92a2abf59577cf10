import { createHmac, timingSafeEqual } from "node:crypto";

export const NONCE = /^[0-9a-f]{32}$/;

/** Proves that whoever says this can read the key, without telling it. `role` keeps one end's proof from being the other's. */
export function proof(key: string, role: string, nonce: string): string {
  return createHmac("sha256", key).update(`agentpane ${role} ${nonce}`).digest("hex");
}

/** Compares without telling by time where two texts differ. */
export function sameSecret(given: unknown, expected: string): boolean {
  if (typeof given !== "string") return false;
  const one = Buffer.from(given);
  const other = Buffer.from(expected);
  return one.byteLength === other.byteLength && timingSafeEqual(one, other);
}
