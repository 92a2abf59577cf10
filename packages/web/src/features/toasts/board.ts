import type { Timers } from "../../live/clock.ts";
import { Observable } from "../../observable.ts";

/** Long enough to read a title and reach for it; what it said still stands in the tab's title and in the rail. */
const SHOWN_MS = 12_000;

export const TOAST_KINDS = ["need", "silent", "back"] as const;
export type ToastKind = (typeof TOAST_KINDS)[number];

/**
 * What is to be said of what changed out of sight: of each kind one toast at most, whatever number of things it speaks of, so
 * that a storm of changes makes no storm of toasts. Knows no React.
 */
export class ToastBoard extends Observable implements Disposable {
  readonly #timers: Timers;
  readonly #of: Record<ToastKind, readonly string[]> = { need: [], silent: [], back: [] };
  readonly #cancel: Partial<Record<ToastKind, () => void>> = {};
  #snapshot: Readonly<Record<ToastKind, readonly string[]>> = { ...this.#of };
  readonly #holds = new Set<"pointed" | "hidden">();

  constructor(timers: Timers) {
    super();
    this.#timers = timers;
  }

  /** The ids that each kind speaks of, oldest first; nothing where it says nothing. */
  readonly getSnapshot = (): Readonly<Record<ToastKind, readonly string[]>> => this.#snapshot;

  add(kind: ToastKind, ids: readonly string[]): void {
    const fresh = ids.filter((id) => !this.#of[kind].includes(id));
    if (fresh.length > 0) this.#put(kind, [...this.#of[kind], ...fresh]);
  }

  /** What was said of these is no longer so, or was seen. */
  withdraw(kind: ToastKind, ids: readonly string[]): void {
    const left = this.#of[kind].filter((id) => !ids.includes(id));
    if (left.length < this.#of[kind].length) this.#put(kind, left);
  }

  dismiss(kind: ToastKind): void {
    if (this.#of[kind].length > 0) this.#put(kind, []);
  }

  /** Nothing goes by itself while somebody points at the toasts, or nobody can see the page. */
  hold(reason: "pointed" | "hidden", held: boolean): void {
    if (held === this.#holds.has(reason)) return;
    if (held) this.#holds.add(reason);
    else this.#holds.delete(reason);
    for (const kind of TOAST_KINDS) this.#arm(kind);
  }

  [Symbol.dispose](): void {
    for (const cancel of Object.values(this.#cancel)) cancel();
  }

  #put(kind: ToastKind, ids: readonly string[]): void {
    this.#of[kind] = ids;
    this.#snapshot = { ...this.#of };
    // The last toast goes from under the pointer without the pointer leaving it.
    if (TOAST_KINDS.every((each) => this.#of[each].length === 0)) this.#holds.delete("pointed");
    this.#arm(kind);
    this.changed();
  }

  #arm(kind: ToastKind): void {
    this.#cancel[kind]?.();
    delete this.#cancel[kind];
    if (this.#holds.size > 0 || this.#of[kind].length === 0) return;
    this.#cancel[kind] = this.#timers.after(SHOWN_MS, () => this.dismiss(kind));
  }
}
