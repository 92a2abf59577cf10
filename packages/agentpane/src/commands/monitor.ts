import { existsSync } from "node:fs";
import { readMonitorSecrets, resolveMonitorConfig, startMonitor } from "@agentpane/cli-monitor";
import type { AgentPaneError } from "@agentpane/protocol";
import { aborted } from "../lifetime.ts";
import { monitorTokenFile } from "../monitor-token.ts";
import { findServer } from "../running-server.ts";
import type { Settings } from "../settings.ts";

export interface MonitorFlags {
  server?: string;
  tokenFile?: string;
  root: string[];
  name?: string;
  logLevel?: string;
}

/** Runs a monitor until it is told to stop, until the process that started it is gone, or until the server refuses it. */
export async function monitor(settings: Settings, flags: MonitorFlags, stop: AbortSignal): Promise<void> {
  const config = resolveMonitorConfig({
    server: flags.server ?? findServer(settings)?.address ?? `http://127.0.0.1:${settings.port}`,
    roots: flags.root,
    name: flags.name,
    tokenFile: flags.tokenFile ?? ownTokenFile(settings),
    logLevel: flags.logLevel,
  });
  // Refused before it was ever taken on, it would be refused for ever; later refusals may be mended, and are logged.
  const refused = Promise.withResolvers<AgentPaneError>();
  let taken = false;
  await using _monitor = await startMonitor(config, readMonitorSecrets(config), {
    onRegistered: () => {
      taken = true;
    },
    onRefused: (error) => {
      if (!taken) refused.resolve(error);
    },
  });
  const refusal = await Promise.race([refused.promise, aborted(stop)]);
  if (refusal !== undefined) throw refusal;
}

/** The token that `up` left in the data folder, where nothing else was given. */
function ownTokenFile({ dataDir }: Settings): string | undefined {
  const path = monitorTokenFile(dataDir);
  return (process.env.AGENTPANE_TOKEN ?? "") === "" && existsSync(path) ? path : undefined;
}
