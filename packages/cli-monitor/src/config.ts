import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { DEFAULT_PORT } from "@agentpane/protocol";
import { LOG_LEVELS, type LogLevel } from "./logger.ts";
import { defaultRoots, rootOf } from "./roots/root-paths.ts";
import { processSurroundings, type Surroundings, stateFolder } from "./state/state-folder.ts";

/** What a person gave: flags as they came. */
export interface RawMonitorConfig {
  server?: string | undefined;
  roots?: readonly string[] | undefined;
  name?: string | undefined;
  tokenFile?: string | undefined;
  logLevel?: string | undefined;
  /** Folder of the monitor's own state, where it is not the usual one. */
  state?: string | undefined;
}

/** Nothing left open, and no secret in it. */
export interface MonitorConfig {
  server: URL;
  /** Absolute config folders, in the order given, each once; they need not exist. */
  roots: readonly string[];
  /** What people call this machine. */
  name: string;
  /** Null where the token comes from the environment. */
  tokenFile: string | null;
  logLevel: LogLevel;
  stateFolder: string;
}

export interface MonitorSecrets {
  token: string;
}

/** A contradiction in what was given; the message says how to mend it. */
export class ConfigError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "ConfigError";
  }
}

const MAX_ROOTS = 64;
const MAX_NAME_CHARS = 200;
const MAX_TOKEN_FILE_BYTES = 4096;

/** Throws `ConfigError` where what was given cannot be meant. */
export function resolveMonitorConfig(raw: RawMonitorConfig, from: Surroundings = processSurroundings()): MonitorConfig {
  const given = raw.roots ?? [];
  const once = [...new Set([...defaultRoots(from.env, from.home), ...given.map((root) => rootOf(root, from.cwd))])];
  if (once.length > MAX_ROOTS) throw new ConfigError(`At most ${MAX_ROOTS} roots can be watched; give fewer --root.`);
  if (given.some((root) => root.trim() === ""))
    throw new ConfigError("--root is empty; give the agent's config folder.");
  return {
    server: serverUrl(raw.server ?? `http://127.0.0.1:${DEFAULT_PORT}`),
    roots: once,
    name: machineName(raw.name ?? from.hostname),
    tokenFile: tokenFile(raw, from),
    logLevel: logLevel(raw.logLevel ?? "info"),
    stateFolder: path.resolve(from.cwd, raw.state ?? stateFolder(from)),
  };
}

/** The third stage: reads the token, and only here. */
export function readMonitorSecrets(config: MonitorConfig, env: NodeJS.ProcessEnv = process.env): MonitorSecrets {
  const text = config.tokenFile === null ? (env.AGENTPANE_TOKEN ?? "") : readTokenFile(config.tokenFile);
  const token = text.trim();
  if (token === "") {
    throw new ConfigError(
      config.tokenFile === null
        ? "No token. Make one with `agentpane tokens add NAME --role monitor` and give it in --token-file or AGENTPANE_TOKEN."
        : `${config.tokenFile} is empty; write the token into it.`,
    );
  }
  if (/[^\x21-\x7e]/.test(token)) throw new ConfigError("The token holds characters that no token has; copy it again.");
  return { token };
}

function serverUrl(given: string): URL {
  const url = URL.canParse(given) ? new URL(given) : null;
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new ConfigError(`--server ${given} is not an address; write it as http://127.0.0.1:${DEFAULT_PORT}.`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new ConfigError("--server holds a password; give the token in --token-file or AGENTPANE_TOKEN instead.");
  }
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "") {
    throw new ConfigError(`--server takes no path; write it as ${url.origin}.`);
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    throw new ConfigError(
      `--server ${given} would carry the token over the network unencrypted; use https, or a tunnel to 127.0.0.1.`,
    );
  }
  return url;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}

function machineName(given: string): string {
  const name = given.trim();
  if (name === "") throw new ConfigError("--name is empty; give this machine a name.");
  return name.slice(0, MAX_NAME_CHARS);
}

function logLevel(given: string): LogLevel {
  const level = LOG_LEVELS.find((known) => known === given);
  if (level === undefined)
    throw new ConfigError(`--log-level ${given} is unknown; take one of ${LOG_LEVELS.join(", ")}.`);
  return level;
}

function tokenFile(raw: RawMonitorConfig, from: Surroundings): string | null {
  const inEnv = (from.env.AGENTPANE_TOKEN ?? "") !== "";
  if (raw.tokenFile !== undefined && inEnv) {
    throw new ConfigError("Both --token-file and AGENTPANE_TOKEN are given; leave one of them out.");
  }
  return raw.tokenFile === undefined ? null : path.resolve(from.cwd, raw.tokenFile);
}

function readTokenFile(file: string): string {
  try {
    const stats = statSync(file);
    if (process.platform !== "win32" && (stats.mode & 0o077) !== 0) {
      throw new ConfigError(`${file} can be read by others; run \`chmod 600 ${file}\`.`);
    }
    if (!stats.isFile() || stats.size > MAX_TOKEN_FILE_BYTES)
      throw new ConfigError(`${file} is not a file with a token.`);
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(
      `${file} cannot be read (${(error as NodeJS.ErrnoException).code}); check --token-file.`,
      error,
    );
  }
}
