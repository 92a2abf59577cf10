import type { Presence } from "@agentpane/protocol";

/** The registry may say "waiting" up to 60 ms after the hook came, and then still of the dialog before (observed, 2.1.330). */
const OWN_WAITING_MS = 500;
/** Between two dialogs of one session it may leave "waiting" for a moment. */
export const LEFT_WAITING_MS = 150;

export type Settlement = "answered" | "ended" | null;

/** What the registry says of one open request: that its dialog was left, or that its process is gone. */
export class WaitingWatch {
  readonly #openedAt: number;
  #wasSeen = false;
  #leftAt: number | null = null;
  #wasAlive = false;

  constructor(openedAt: number) {
    this.#openedAt = openedAt;
  }

  /** It may have been answered just now: the registry says no longer that it waits, but not for long enough. */
  get hasLeft(): boolean {
    return this.#leftAt !== null;
  }

  /** Asked at each change of the registry, and now and then. `presence` is the session's process; undefined where none is known. */
  next(presence: Presence | undefined, now: number): Settlement {
    if (presence === undefined || presence.life === "dead" || presence.life === "moved") {
      return this.#wasAlive ? "ended" : null;
    }
    if (presence.life === "alive") this.#wasAlive = true;
    if (presence.status === "waiting") {
      const isOwn = (presence.statusAt ?? 0) >= this.#openedAt || now - this.#openedAt >= OWN_WAITING_MS;
      this.#wasSeen ||= isOwn;
      this.#leftAt = null;
      return null;
    }
    if (!this.#wasSeen || presence.status === null) return null;
    this.#leftAt ??= now;
    // A clock that was set back must not keep it open.
    return Math.abs(now - this.#leftAt) >= LEFT_WAITING_MS ? "answered" : null;
  }
}
