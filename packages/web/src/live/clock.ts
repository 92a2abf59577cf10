import { Observable } from "../observable.ts";

const TICK_MS = 1000;

/** How times are read and waited for; the page's own, or a made one in tests. */
export interface Timers {
  /** Epoch milliseconds by the page's clock. */
  now(): number;
  /** The returned function cancels. */
  after(ms: number, run: () => void): () => void;
}

export const pageTimers: Timers = {
  now: () => Date.now(),
  after(ms, run) {
    const id = setTimeout(run, ms);
    return () => clearTimeout(id);
  },
};

/**
 * The server's time, as far as the page knows it: statuses and their ages are stated in it, and the two clocks may
 * differ. It ticks once a second while somebody looks on, and stands still while the server is away, since what the page
 * shows is of that moment then.
 */
export class ServerClock extends Observable {
  readonly #timers: Timers;
  #offsetMs = 0;
  #stoppedAt: number | null = null;
  #cancelTick: (() => void) | null = null;
  #listeners = 0;

  constructor(timers: Timers) {
    super();
    this.#timers = timers;
  }

  /** Epoch milliseconds by the server's clock. */
  readonly now = (): number => this.#stoppedAt ?? this.#timers.now() + this.#offsetMs;

  /** A frame was made at `serverNow`. It travelled a little; on one host that is under a millisecond. */
  sync(serverNow: number): void {
    this.#offsetMs = serverNow - this.#timers.now();
    this.#stoppedAt = null;
    this.changed();
  }

  /** Nothing newer than `serverTime` is known. */
  stop(serverTime: number): void {
    this.#stoppedAt = serverTime;
    this.changed();
  }

  /** The server is there again, though it has not stated its time yet. */
  resume(): void {
    this.#stoppedAt = null;
    this.changed();
  }

  override readonly subscribe = (listener: () => void): (() => void) => {
    const off = this.attach(listener);
    this.#listeners += 1;
    if (this.#listeners === 1) this.#tick();
    return () => {
      off();
      this.#listeners -= 1;
      if (this.#listeners > 0) return;
      this.#cancelTick?.();
      this.#cancelTick = null;
    };
  };

  #tick(): void {
    const untilNextSecond = TICK_MS - (this.now() % TICK_MS);
    this.#cancelTick = this.#timers.after(this.#stoppedAt === null ? untilNextSecond : TICK_MS, () => {
      if (this.#stoppedAt === null) this.changed();
      this.#tick();
    });
  }
}
