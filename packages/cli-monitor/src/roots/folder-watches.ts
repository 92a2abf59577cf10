import { type FSWatcher, watch } from "node:fs";
import { basename } from "node:path";
import { statsOf } from "./list-folder.ts";
import { isWithin } from "./root-paths.ts";

interface Watched {
  watcher: FSWatcher;
  inode: number;
}

/** One event in a watched folder; without a name where the system did not say which entry. */
export type FolderEvent = (name: string | null, renamed: boolean) => void;

/** Where the system watches a whole tree by itself, one watch per root does. */
export const WATCHES_WHOLE_TREES = process.platform === "darwin" || process.platform === "win32";

/** All folder watches of the monitor, each folder once. Running out of them is a state, not a failure. */
export class FolderWatches implements Disposable {
  readonly #watched = new Map<string, Watched>();
  readonly #onExhausted: (isExhausted: boolean) => void;
  readonly #begin: typeof watch;
  #exhausted = false;

  /** `begin` is the system's `watch`, unless a test has none left. */
  constructor(onExhausted: (isExhausted: boolean) => void, begin: typeof watch = watch) {
    this.#onExhausted = onExhausted;
    this.#begin = begin;
  }

  get size(): number {
    return this.#watched.size;
  }

  get exhausted(): boolean {
    return this.#exhausted;
  }

  has(path: string): boolean {
    return this.#watched.has(path);
  }

  /**
   * Watches the folder, anew where another one was watched in its place (`inode` spares a look at what it is now). Answers
   * whether the watch was set up just now, so that what came before it is to be looked for.
   */
  watch(path: string, onEvent: FolderEvent, options: { recursive?: boolean; inode?: number } = {}): boolean {
    const inode = options.inode ?? statsOf(path)?.ino;
    if (inode === undefined) return false;
    const before = this.#watched.get(path);
    if (before?.inode === inode) return false;
    this.unwatch(path);
    try {
      const recursive = options.recursive ?? false;
      const watcher = this.#begin(path, { persistent: false, recursive });
      watcher.on("change", (kind, name) => {
        const entry = name === null ? null : String(name);
        const renamed = kind === "rename";
        // So the system says that the folder itself went. Another in its place may have the same inode, which ext4 gives again
        // at once, so a look at that would not tell that this watch is over.
        if (renamed && entry === basename(path) && this.#watched.get(path)?.watcher === watcher) {
          this.unwatch(path);
          this.watch(path, onEvent, { recursive });
        }
        onEvent(entry, renamed);
      });
      // A folder that goes away may end its watch with an error; the scan finds what becomes of it.
      watcher.on("error", () => this.unwatch(path));
      this.#watched.set(path, { watcher, inode });
      return true;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if ((code === "ENOSPC" || code === "EMFILE") && !this.#exhausted) {
        this.#exhausted = true;
        this.#onExhausted(true);
      }
      return false;
    }
  }

  unwatch(path: string): void {
    const watched = this.#watched.get(path);
    if (watched === undefined) return;
    this.#watched.delete(path);
    watched.watcher.close();
    if (!this.#exhausted) return;
    this.#exhausted = false;
    this.#onExhausted(false);
  }

  /** Ends the watches of the folder and of all within it. */
  unwatchWithin(folder: string): void {
    for (const path of this.#watched.keys()) if (isWithin(folder, path)) this.unwatch(path);
  }

  [Symbol.dispose](): void {
    for (const { watcher } of this.#watched.values()) watcher.close();
    this.#watched.clear();
  }
}
