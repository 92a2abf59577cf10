import type { AgentPaneError } from "@agentpane/protocol";
import { type RawMonitorConfig, readMonitorSecrets, resolveMonitorConfig } from "../config.ts";
import { startMonitor } from "../monitor.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { stopSignal } from "./stop-signal.ts";

/** Longest that ending may take before the process ends with what is open; the promise is five seconds. */
const STOP_DEADLINE_MS = 4_500;

/**
 * Runs the monitor in the foreground until it is told to stop. Ends by itself only where the server refuses it before it
 * was ever taken on; a refusal later is logged, and the server asked again.
 */
export async function runStart(raw: RawMonitorConfig, say: (line: string) => void): Promise<ExitCode> {
  const config = resolveMonitorConfig(raw);
  const secrets = readMonitorSecrets(config);
  const stop = stopSignal();
  const ending = Promise.withResolvers<AgentPaneError | null>();
  if (stop.aborted) ending.resolve(null);
  stop.addEventListener("abort", () => ending.resolve(null), { once: true });
  let taken = false;
  const monitor = await startMonitor(config, secrets, {
    onRegistered: () => {
      if (!taken) tellParent("registered");
      taken = true;
    },
    onUnreached: () => tellParent("unreached"),
    onRefused: (error) => {
      if (!taken) ending.resolve(error);
    },
  });
  const refusal = await ending.promise;
  // The entry file ends the process when this returns, with whatever hangs on longer.
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, STOP_DEADLINE_MS);
  await Promise.race([monitor[Symbol.asyncDispose](), late.promise]);
  clearTimeout(timer);
  if (refusal === null) return EXIT.ok;
  say(refusal.message);
  return EXIT.refused;
}

/** How far the start is, for whoever waits for it; that nobody does any more is no failure of ours. */
export type StartMessage = "registered" | "unreached";

function tellParent(message: StartMessage): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}
