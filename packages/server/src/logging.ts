import { type DestinationStream, destination, type Logger, pino } from "pino";
import type { LogLevel } from "./config.ts";

/** What may carry a secret, at the depths that we log at. Transcript text is never given to a logger at all. */
const SECRET_PATHS = ["authorization", "token", "code", "control"].flatMap((name) => [
  name,
  `*.${name}`,
  `*.*.${name}`,
]);

/** A lost connection keeps its `code` (ECONNRESET): errors are written out before redaction would see it as a secret. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : `\ncaused by ${describeError(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}

export interface Loggers {
  server: Logger;
  http: Logger;
  feed: Logger;
  channel: Logger;
  access: Logger;
  store: Logger;
}

/** One logger per subsystem, all to one place. */
export function openLoggers(level: LogLevel, target: string | null | DestinationStream): Loggers {
  const stream =
    typeof target === "object" && target !== null
      ? target
      : destination({ dest: target ?? 2, sync: true, mkdir: false, mode: 0o600 });
  const root = pino(
    { level, base: null, redact: { paths: SECRET_PATHS, censor: "[secret]" }, serializers: { err: describeError } },
    stream,
  );
  const of = (subsystem: string) => root.child({ subsystem });
  return {
    server: of("server"),
    http: of("http"),
    feed: of("feed"),
    channel: of("channel"),
    access: of("access"),
    store: of("store"),
  };
}
