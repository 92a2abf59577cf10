import type { LogLevel, ServerOptions } from "@agentpane/server";
import type { Settings } from "./settings.ts";
import { VERSION } from "./version.ts";
import { webRoot } from "./web-root.ts";

export interface ServerFlags {
  host?: string;
  logLevel?: LogLevel;
}

export function serverOptions(settings: Settings, flags: ServerFlags, logFile?: string): ServerOptions {
  return {
    dataDir: settings.dataDir,
    port: settings.port,
    host: flags.host,
    logLevel: flags.logLevel,
    logFile,
    version: VERSION,
    webRoot: webRoot(),
  };
}
