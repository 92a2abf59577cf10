import { type Level, type Logger, pino } from "pino";

export type LogLevel = "silent" | Level;
export const LOG_LEVELS: readonly LogLevel[] = ["silent", "fatal", "error", "warn", "info", "debug", "trace"];

/** One logger per part of the monitor. None of them is ever given text of a transcript. */
export interface MonitorLoggers {
  monitor: Logger;
  roots: Logger;
  tail: Logger;
  uplink: Logger;
  presence: Logger;
  reach: Logger;
  hooks: Logger;
}

/** Where a secret could stand in what is logged; it is replaced there. */
const SECRET_FIELDS = ["token", "*.token", "authorization", "*.authorization", "*.headers.authorization"];

/** Writes lines of JSON to stderr, or to the descriptor of an open log file. */
export function createLoggers(level: LogLevel, descriptor = 2): MonitorLoggers {
  const base = pino(
    { level, redact: { paths: SECRET_FIELDS, censor: "(secret)" }, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ fd: descriptor, sync: true }),
  );
  return {
    monitor: base.child({ part: "monitor" }),
    roots: base.child({ part: "roots" }),
    tail: base.child({ part: "tail" }),
    uplink: base.child({ part: "uplink" }),
    presence: base.child({ part: "presence" }),
    reach: base.child({ part: "reach" }),
    hooks: base.child({ part: "hooks" }),
  };
}
