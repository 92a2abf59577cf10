import type { Clock } from "./access/index.ts";

interface Timer {
  at: number;
  run: () => void;
}

/** A clock that stands until a test moves it. */
export class FakeClock implements Clock {
  #now = 1_800_000_000_000;
  readonly #timers = new Set<Timer>();

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#now + ms, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Moves on by `ms`, running what falls due in order, and lets what that started settle as far as it can. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    // What was begun just now sets its timers first.
    await settle();
    for (;;) {
      const next = [...this.#timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.run();
      await settle();
    }
    this.#now = until;
    await settle();
  }
}

/** Lets every promise that can go on without I/O do so. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
