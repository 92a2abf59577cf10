import type { Clock } from "./clock.ts";

/** A token bucket: holds at most `capacity`, refilled by `perSecond`. */
export class Bucket {
  readonly #clock: Clock;
  readonly #capacity: number;
  readonly #perSecond: number;
  #level: number;
  #at: number;

  constructor(clock: Clock, capacity: number, perSecond: number) {
    this.#clock = clock;
    this.#capacity = capacity;
    this.#perSecond = perSecond;
    this.#level = capacity;
    this.#at = clock.now();
  }

  /**
   * Takes `amount` and returns 0, or takes nothing and returns the seconds until it would succeed, at least 1.
   * More than the capacity is taken from a full bucket, which then owes the rest.
   */
  take(amount: number): number {
    this.#refill();
    const needed = Math.min(amount, this.#capacity);
    if (this.#level >= needed) {
      this.#level -= amount;
      return 0;
    }
    return Math.max(1, Math.ceil((needed - this.#level) / this.#perSecond));
  }

  /** Whether `take(1)` would succeed. */
  get open(): boolean {
    this.#refill();
    return this.#level >= 1;
  }

  /** Full again: whoever it counted has been quiet, so it need not be kept. */
  get full(): boolean {
    this.#refill();
    return this.#level >= this.#capacity;
  }

  #refill(): void {
    const now = this.#clock.now();
    // A clock set back must not drain the bucket.
    const passed = Math.max(0, now - this.#at);
    this.#level = Math.min(this.#capacity, this.#level + (passed / 1000) * this.#perSecond);
    this.#at = now;
  }
}
