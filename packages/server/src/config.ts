import { AgentPaneError, DEFAULT_PORT } from "@agentpane/protocol";

export const LOG_LEVELS = ["debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** As flags and environment give it. */
export interface ServerOptions {
  /** Folder of the store, made where it is missing. */
  dataDir: string;
  version: string;
  /** A loopback address; 127.0.0.1 unless said. */
  host?: string | undefined;
  /** 0 takes a free one. */
  port?: number | undefined;
  /** Folder of the built dashboard. */
  webRoot?: string | null | undefined;
  logLevel?: LogLevel | undefined;
  /** Where log lines go; standard error unless said. */
  logFile?: string | undefined;
}

/** Without optionals: what the server runs with. */
export interface ServerConfig {
  dataDir: string;
  version: string;
  host: "127.0.0.1" | "::1";
  port: number;
  webRoot: string | null;
  logLevel: LogLevel;
  logFile: string | null;
}

/** Throws `address_refused` for anything but loopback, `invalid_request` for a port that is none. */
export function resolveConfig(options: ServerOptions): ServerConfig {
  const port = options.port ?? DEFAULT_PORT;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new AgentPaneError("invalid_request", `${options.port} is not a port. Give one between 0 and 65535.`);
  }
  return {
    dataDir: options.dataDir,
    version: options.version,
    host: loopback(options.host ?? "127.0.0.1"),
    port,
    webRoot: options.webRoot ?? null,
    logLevel: options.logLevel ?? "warn",
    logFile: options.logFile ?? null,
  };
}

function loopback(host: string): ServerConfig["host"] {
  if (host === "127.0.0.1" || host === "localhost") return "127.0.0.1";
  if (host === "::1" || host === "[::1]") return "::1";
  throw new AgentPaneError(
    "address_refused",
    `${host} is not a loopback address. Without TLS AgentPane listens on 127.0.0.1 or ::1 only: whoever reaches it can act through it.`,
  );
}
