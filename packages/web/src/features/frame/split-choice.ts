import { Observable } from "../../observable.ts";

const KEY = "agentpane.split";

/** Shares of the width that the list has beside an open session. */
export const DEFAULT_SHARE = 0.546;
export const MIN_SHARE = 0.25;
export const MAX_SHARE = 0.7;
/** What a press of an arrow moves. */
export const SHARE_STEP = 0.02;

type Storage = Pick<globalThis.Storage, "getItem" | "setItem" | "removeItem">;

/** How a person divides the window between list and session. The share is remembered; a whole width is for now. */
export class SplitChoice extends Observable {
  readonly #storage: () => Storage;
  #share: number;
  #expanded = false;

  /** `storage` may throw, as a browser's does where it is not allowed. */
  constructor(storage: () => Storage) {
    super();
    this.#storage = storage;
    this.#share = read(storage);
  }

  readonly share = (): number => this.#share;
  readonly expanded = (): boolean => this.#expanded;

  setShare(share: number): void {
    this.#share = clampShare(share);
    try {
      if (this.#share === DEFAULT_SHARE) this.#storage().removeItem(KEY);
      else this.#storage().setItem(KEY, this.#share.toFixed(3));
    } catch {
      // Without storage the choice lasts as long as the page.
    }
    this.changed();
  }

  setExpanded(expanded: boolean): void {
    this.#expanded = expanded;
    this.changed();
  }
}

export function clampShare(share: number): number {
  return Math.min(MAX_SHARE, Math.max(MIN_SHARE, share));
}

function read(storage: () => Storage): number {
  try {
    const share = Number(storage().getItem(KEY) ?? Number.NaN);
    return Number.isFinite(share) ? clampShare(share) : DEFAULT_SHARE;
  } catch {
    return DEFAULT_SHARE;
  }
}

/** The page's own. */
export const splitChoice = new SplitChoice(() => localStorage);
