import { HEARTBEAT_MS } from "@agentpane/protocol";

/** Every span the uplink waits, in milliseconds; tests shorten them. */
export interface UplinkTiming {
  heartbeatMs: number;
  /** First wait after a failed call; it doubles up to `retryMaxMs`. */
  retryFirstMs: number;
  retryMaxMs: number;
  /** How long an open breaker keeps bodies back, unless the server shows that it is well. */
  breakerOpenMs: number;
  /** How often a server that does not answer is asked whether it is ready. */
  probeMs: number;
  /** The same for one that answers with failures: it is there, so asking at once tells nothing new. */
  probeFailingMs: number;
  registerTimeoutMs: number;
  ingestTimeoutMs: number;
  shortTimeoutMs: number;
}

export const UPLINK_TIMING: UplinkTiming = {
  heartbeatMs: HEARTBEAT_MS,
  retryFirstMs: 1_000,
  retryMaxMs: 30_000,
  breakerOpenMs: 60_000,
  probeMs: 1_000,
  probeFailingMs: 10_000,
  registerTimeoutMs: 20_000,
  ingestTimeoutMs: 30_000,
  shortTimeoutMs: 5_000,
};

/** Failures in a row that open the breaker. */
export const BREAKER_FAILURES = 5;

/** The wait before try number `attempt` (from 1): doubled each time, then spread over its upper half by `random`. */
export function backoffMs(attempt: number, timing: UplinkTiming, random: number): number {
  const full = Math.min(timing.retryMaxMs, timing.retryFirstMs * 2 ** Math.min(attempt - 1, 30));
  return full * (0.5 + random / 2);
}

/** Resolves after `ms`; rejects with the signal's reason once that is aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error);
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    signal.addEventListener("abort", onAbort, { once: true });
  });
}
