import { resolve } from "node:path";
import { DEFAULT_PORT } from "@agentpane/protocol";
import { defaultDataDir } from "./data-dir.ts";

/** The flags that every command takes. */
export interface CommonFlags {
  data?: string;
  port?: number;
  json?: boolean;
}

export interface Settings {
  /** Absolute. */
  dataDir: string;
  port: number;
  /** Whether a person named the port; if not, a running server's own is taken. */
  portGiven: boolean;
  json: boolean;
}

export function resolveSettings(flags: CommonFlags, env: NodeJS.ProcessEnv = process.env): Settings {
  return {
    dataDir: resolve(flags.data ?? defaultDataDir(env)),
    port: flags.port ?? DEFAULT_PORT,
    portGiven: flags.port !== undefined,
    json: flags.json ?? false,
  };
}
