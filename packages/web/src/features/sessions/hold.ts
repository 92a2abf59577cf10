import type { Timers } from "../../live/clock.ts";
import { Observable } from "../../observable.ts";

/**
 * A row never moves while somebody points at the list or has the focus in it. A hand that rests for this long points at
 * nothing any more: on a second monitor the pointer may lie on the list for hours, and the list must go on.
 */
const REST_MS = 30_000;

/** Whether the order of the list has to stand still. */
export class OrderHold extends Observable implements Disposable {
  readonly #timers: Timers;
  readonly #reasons = new Set<"pointer" | "focus">();
  #held = false;
  #cancelRest: () => void = () => {};

  constructor(timers: Timers) {
    super();
    this.#timers = timers;
  }

  readonly getSnapshot = (): boolean => this.#held;

  /** The pointer moved over a row, or the focus came to one or moved within. */
  touch(reason: "pointer" | "focus"): void {
    this.#reasons.add(reason);
    this.#set(true);
    this.#cancelRest();
    this.#cancelRest = this.#timers.after(REST_MS, () => this.release());
  }

  /** The pointer or the focus left. */
  leave(reason: "pointer" | "focus"): void {
    this.#reasons.delete(reason);
    if (this.#reasons.size === 0) this.release();
  }

  /** Shows the new order now, whatever points at the list. */
  readonly release = (): void => {
    this.#cancelRest();
    this.#reasons.clear();
    this.#set(false);
  };

  [Symbol.dispose](): void {
    this.#cancelRest();
  }

  #set(held: boolean): void {
    if (held === this.#held) return;
    this.#held = held;
    this.changed();
  }
}
