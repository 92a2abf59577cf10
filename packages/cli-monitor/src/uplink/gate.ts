/**
 * Holds callers back while it is shut. It is shut from the start, by a refusal, and for as long as the server asks to
 * wait.
 */
export class Gate {
  #isOpen = false;
  #waiting: (() => void)[] = [];
  #pausedUntil = 0;
  #timer: NodeJS.Timeout | null = null;

  open(): void {
    this.#isOpen = true;
    this.#release();
  }

  shut(): void {
    this.#isOpen = false;
  }

  /** Shuts for `ms`, whatever else happens. */
  pauseFor(ms: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, performance.now() + ms);
  }

  /** Resolves once the gate is open; rejects with the signal's reason. */
  async passage(signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      if (this.#isOpen && performance.now() >= this.#pausedUntil) return;
      await new Promise<void>((resolve) => {
        const done = () => {
          signal.removeEventListener("abort", done);
          resolve();
        };
        signal.addEventListener("abort", done, { once: true });
        this.#waiting.push(done);
        this.#arm();
      });
    }
  }

  [Symbol.dispose](): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #arm(): void {
    const left = this.#pausedUntil - performance.now();
    if (left <= 0 || this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#release();
    }, left + 1);
  }

  #release(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const go of waiting) go();
  }
}
