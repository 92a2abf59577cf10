/** Session folders that are watched at once; what happens in the others is found by the scan. */
export const MAX_ACTIVE_SESSIONS = 256;

/** The session folders with the latest activity. */
export class ActiveSessions {
  readonly #lastActiveMs = new Map<string, number>();
  readonly #onLeave: (folder: string) => void;
  /** The one that leaves next; null where it is not known. */
  #oldest: { folder: string; atMs: number } | null = null;

  constructor(onLeave: (folder: string) => void) {
    this.#onLeave = onLeave;
  }

  has(folder: string): boolean {
    return this.#lastActiveMs.has(folder);
  }

  /** Notes activity in the folder at `atMs`; answers whether the folder is among the active ones now. */
  touch(folder: string, atMs: number): boolean {
    const before = this.#lastActiveMs.get(folder);
    if (before !== undefined && before >= atMs) return true;
    if (before === undefined && this.#lastActiveMs.size >= MAX_ACTIVE_SESSIONS) {
      this.#oldest ??= this.#findOldest();
      if (this.#oldest.atMs > atMs) return false;
      this.#onLeave(this.#oldest.folder);
      this.forget(this.#oldest.folder);
    }
    this.#lastActiveMs.set(folder, atMs);
    if (this.#oldest?.folder === folder) this.#oldest = null;
    return true;
  }

  forget(folder: string): void {
    this.#lastActiveMs.delete(folder);
    if (this.#oldest?.folder === folder) this.#oldest = null;
  }

  #findOldest(): { folder: string; atMs: number } {
    let oldest = { folder: "", atMs: Number.POSITIVE_INFINITY };
    for (const [folder, atMs] of this.#lastActiveMs) if (atMs < oldest.atMs) oldest = { folder, atMs };
    return oldest;
  }
}
