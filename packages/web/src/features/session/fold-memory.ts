import { createContext, useCallback, useContext, useSyncExternalStore } from "react";
import { Observable } from "../../observable.ts";

/** What was opened by hand, by key: rows leave the page when scrolled away and come back as they were. */
export class Folds extends Observable {
  readonly #open = new Map<string, boolean>();

  get(key: string): boolean | undefined {
    return this.#open.get(key);
  }

  set(key: string, open: boolean): void {
    this.#open.set(key, open);
    this.changed();
  }

  /** So that what stands in them is seen. */
  openAll(keys: readonly string[]): void {
    for (const key of keys) this.#open.set(key, true);
    if (keys.length > 0) this.changed();
  }
}

export const FoldMemory = createContext(new Folds());

export function useFold(key: string, initially = false): [open: boolean, toggle: () => void] {
  const folds = useContext(FoldMemory);
  const open = useSyncExternalStore(
    folds.subscribe,
    useCallback(() => folds.get(key) ?? initially, [folds, key, initially]),
  );
  return [open, () => folds.set(key, !open)];
}
