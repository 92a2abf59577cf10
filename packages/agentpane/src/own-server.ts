import { AgentPaneError } from "@agentpane/protocol";
import { type LogLevel, type Server, startServer } from "@agentpane/server";
import { findServer } from "./running-server.ts";
import type { Settings } from "./settings.ts";
import { VERSION } from "./version.ts";
import { webRoot } from "./web-root.ts";

export interface ServerFlags {
  host?: string;
  logLevel?: LogLevel;
}

/** Starts the server in this process; where one runs on the same store already, the error says where it is. */
export async function startOwnServer(settings: Settings, flags: ServerFlags, logFile?: string): Promise<Server> {
  const { dataDir, port } = settings;
  const { host, logLevel } = flags;
  try {
    return await startServer({ dataDir, port, host, logLevel, logFile, version: VERSION, webRoot: webRoot() });
  } catch (cause) {
    const running = findServer({ ...settings, portGiven: false });
    if (running === null || !(cause instanceof AgentPaneError) || cause.code !== "store_locked") throw cause;
    const message = `AgentPane runs already, at ${running.address}. A link to it: agentpane link`;
    throw new AgentPaneError("store_locked", message, { cause });
  }
}
