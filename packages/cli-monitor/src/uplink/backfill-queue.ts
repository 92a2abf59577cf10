import { READ_AHEAD_FILES, readAhead } from "../tail/read-ahead.ts";
import { behindBytes, type Source } from "../tail/source.ts";

/** What lies from before, newest file first, with how much of it is done. */
export class BackfillQueue {
  #waiting: Source[] = [];
  #sorted = true;
  readonly #left = new Map<Source, number>();
  #totalBytes = 0;
  /** Whose first bytes are being fetched already. */
  readonly #fetched = new Set<Source>();

  /** Bytes of everything that was queued since the queue was last empty; null where it is. */
  get progress(): { totalBytes: number; doneBytes: number } | null {
    if (this.#left.size === 0) return null;
    let left = 0;
    for (const source of this.#left.keys()) left += Math.min(behindBytes(source), this.#left.get(source) ?? 0);
    return { totalBytes: this.#totalBytes, doneBytes: Math.max(0, this.#totalBytes - left) };
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** The source's `queued` says that it waits here; where another queue took it meanwhile, it is passed over. */
  add(source: Source): void {
    this.#waiting.push(source);
    this.#sorted = false;
    if (this.#left.has(source)) return;
    const bytes = behindBytes(source);
    this.#left.set(source, bytes);
    this.#totalBytes += bytes;
  }

  take(): Source | null {
    if (!this.#sorted) {
      this.#waiting.sort((a, b) => a.mtimeSeenMs - b.mtimeSeenMs);
      this.#sorted = true;
    }
    this.#fetchNext();
    for (let source = this.#waiting.pop(); source !== undefined; source = this.#waiting.pop()) {
      if (source.queued !== "backfill") {
        this.done(source);
        continue;
      }
      source.queued = null;
      return source;
    }
    return null;
  }

  #fetchNext(): void {
    for (const source of this.#waiting.slice(-1 - READ_AHEAD_FILES)) {
      if (this.#fetched.has(source)) continue;
      this.#fetched.add(source);
      readAhead(source);
    }
  }

  /** The source was read; it may be added again for the rest. */
  done(source: Source): void {
    this.#fetched.delete(source);
    if (behindBytes(source) > 0 && source.drainedAt === null) return;
    this.#left.delete(source);
    if (this.#left.size === 0) this.#totalBytes = 0;
  }

  clear(): void {
    this.#waiting = [];
    this.#left.clear();
    this.#fetched.clear();
    this.#totalBytes = 0;
  }
}
