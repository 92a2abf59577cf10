import { randomBytes } from "node:crypto";
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Server } from "@agentpane/server";

const NAME = "monitor of this computer";

/**
 * A fresh token for the monitor that `up` starts, in a file that only its owner reads; the one of the run before is
 * revoked. Fresh, because a token is bound to one machine for good, and this folder may have come here from another.
 */
export async function renewMonitorToken(access: Server["access"], dataDir: string): Promise<string> {
  await access.revoke(NAME);
  const { token } = await access.mint(NAME, "monitor", null);
  const path = monitorTokenFile(dataDir);
  const fresh = `${path}.${randomBytes(4).toString("hex")}`;
  writeFileSync(fresh, `${token}\n`, { mode: 0o600 });
  renameSync(fresh, path);
  return path;
}

export function monitorTokenFile(dataDir: string): string {
  return join(dataDir, "monitor.token");
}
