import { isAlive } from "../state/process-identity.ts";

/** Set for a monitor that outlives who started it. */
export const DETACHED = "AGENTPANE_DETACHED";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** How often a parent without a channel is looked at; it counts as gone within a second. */
const PARENT_POLL_MS = 400;

/**
 * Aborted by the first signal, or when the parent that started us is gone: its channel closes, or the process named in
 * `AGENTPANE_PARENT_PID` ends. A second signal finds no listener and ends the process at once.
 */
export function stopSignal(env: NodeJS.ProcessEnv = process.env): AbortSignal {
  const stop = new AbortController();
  let poll: NodeJS.Timeout | null = null;
  const onStop = () => {
    for (const signal of SIGNALS) process.off(signal, onStop);
    process.off("disconnect", onStop);
    if (poll !== null) clearInterval(poll);
    stop.abort();
  };
  for (const signal of SIGNALS) process.on(signal, onStop);
  if (process.channel && env[DETACHED] === undefined) {
    process.on("disconnect", onStop);
    process.channel.unref();
    if (!process.connected) onStop();
  }
  const parent = Number(env.AGENTPANE_PARENT_PID);
  if (Number.isSafeInteger(parent) && parent > 1) {
    const isChild = process.ppid === parent;
    poll = setInterval(() => {
      if (!isAlive(parent) || (isChild && process.ppid !== parent)) onStop();
    }, PARENT_POLL_MS);
  }
  return stop.signal;
}
