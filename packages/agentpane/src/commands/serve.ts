import { aborted } from "../lifetime.ts";
import { type ServerFlags, startOwnServer } from "../own-server.ts";
import type { Settings } from "../settings.ts";
import { print, printJson } from "../terminal/print.ts";

/** Runs the server alone until it is told to stop. */
export async function serve(settings: Settings, flags: ServerFlags, stop: AbortSignal): Promise<void> {
  await using server = await startOwnServer(settings, flags);
  if (settings.json) {
    printJson({ url: server.address, port: server.port, pid: process.pid, dataDir: settings.dataDir });
  } else {
    print(`AgentPane serves ${server.address}`);
    print(`Store: ${settings.dataDir}`);
    print("A link for a person: agentpane link    A token for a monitor: agentpane tokens add NAME --role monitor");
  }
  await aborted(stop);
}
