import { linkAnswer, type Role } from "@agentpane/protocol";
import { requireServer } from "../running-server.ts";
import type { Settings } from "../settings.ts";
import { print, printJson, say } from "../terminal/print.ts";
import { relative } from "../terminal/times.ts";

export async function printLink(settings: Settings, options: { role: Exclude<Role, "monitor"> }): Promise<void> {
  const server = requireServer(settings);
  const { path, role, expiresAt } = linkAnswer.parse(await server.call("POST", "/links", { role: options.role }));
  const url = `${server.address}${path}`;
  if (settings.json) return printJson({ url, role, expiresAt });
  print(url);
  say(`Good once, for the role ${role}; it expires ${relative(expiresAt, Date.now())}.`);
}
