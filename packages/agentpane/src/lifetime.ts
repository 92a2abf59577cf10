const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** A stop takes no longer than this, whatever hangs. */
const MAX_STOP_MS = 5_000;

/** When this program is to end. Nothing is listened to before a command that runs on asks for it. */
export class Lifetime {
  /** Resolves when a stop was asked for and took too long. */
  readonly overdue: Promise<void>;
  readonly #stop = new AbortController();

  constructor() {
    this.overdue = new Promise((resolve) => {
      this.#stop.signal.addEventListener("abort", () => setTimeout(resolve, MAX_STOP_MS), { once: true });
    });
  }

  /**
   * Aborted by the first signal, or when the process that started us and holds a channel to us is gone. A second signal
   * then finds no listener and ends the process at once, as the system would.
   */
  get signal(): AbortSignal {
    const onStop = () => {
      for (const signal of SIGNALS) process.off(signal, onStop);
      process.off("disconnect", onStop);
      this.#stop.abort();
    };
    for (const signal of SIGNALS) process.on(signal, onStop);
    const channel: typeof process.channel | null = process.channel;
    if (channel === null) {
      // There was one, and it closed before we looked.
      onStop();
    } else if (channel !== undefined) {
      process.on("disconnect", onStop);
      // A listener would otherwise keep the process running for the channel's sake.
      channel.unref();
    }
    return this.#stop.signal;
  }
}

export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
