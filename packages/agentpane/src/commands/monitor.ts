import { existsSync } from "node:fs";
import { readMonitorSecrets, resolveMonitorConfig, startMonitor } from "@agentpane/cli-monitor";
import { aborted } from "../lifetime.ts";
import { monitorTokenFile } from "../monitor-token.ts";
import { findServer } from "../running-server.ts";
import type { Settings } from "../settings.ts";
import { say } from "../terminal/print.ts";

export interface MonitorFlags {
  server?: string;
  tokenFile?: string;
  root: string[];
  name?: string;
  logLevel?: string;
}

/** Runs a monitor until it is told to stop, or until the process that started it is gone. */
export async function monitor(settings: Settings, flags: MonitorFlags, stop: AbortSignal): Promise<void> {
  const config = resolveMonitorConfig({
    server: flags.server ?? findServer(settings)?.address ?? `http://127.0.0.1:${settings.port}`,
    roots: flags.root,
    name: flags.name,
    tokenFile: flags.tokenFile ?? ownTokenFile(settings),
    logLevel: flags.logLevel,
  });
  await using _monitor = await startMonitor(config, readMonitorSecrets(config), {
    onRefused: (error) => say(`The server refuses this monitor: ${error.message}`),
  });
  await aborted(stop);
}

/** The token that `up` left in the data folder, where nothing else was given. */
function ownTokenFile({ dataDir }: Settings): string | undefined {
  const path = monitorTokenFile(dataDir);
  return (process.env.AGENTPANE_TOKEN ?? "") === "" && existsSync(path) ? path : undefined;
}
