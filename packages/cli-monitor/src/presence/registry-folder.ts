import { readdirSync, readFileSync, type Stats } from "node:fs";
import path from "node:path";
import type { Adapter, RegistryEntry } from "@agentpane/agents";
import type { FolderWatches } from "../roots/folder-watches.ts";
import { statsOf } from "../roots/list-folder.ts";
import { realPath } from "../roots/root-paths.ts";
import type { RegistryFile } from "./decide.ts";

/** Where the agent's live processes stand in a root. */
const FOLDER = "sessions";
/** An entry is some 600 bytes. */
const MAX_ENTRY_BYTES = 64 * 1024;
/** More files than this are left behind by years of kills; the first in the listing are read. */
const MAX_FILES = 2_000;
/** When a file that was caught half written is read again; after that, with the next look. */
const RETRY_MS = [5, 20, 80] as const;
/** A file that changed so shortly before it was read may change again without another time. */
const RACY_FILE_MS = 10_000;

interface Held {
  file: RegistryFile;
  /** The file when it was read; null reads it again at the next look. */
  stats: Pick<Stats, "mtimeMs" | "ctimeMs" | "size" | "ino"> | null;
  readAt: number;
}

export interface RegistryFolderOptions {
  root: string;
  adapter: Adapter;
  watches: FolderWatches;
  /** The files are not what they were. */
  onChange: (pid: number) => void;
}

/** The live registry of one root: every file in it, read when something happens to it. */
export class RegistryFolder implements Disposable {
  readonly #options: RegistryFolderOptions;
  readonly #held = new Map<number, Held>();
  readonly #retries = new Map<number, NodeJS.Timeout>();
  #real: string | null = null;
  #disposed = false;

  constructor(options: RegistryFolderOptions) {
    this.#options = options;
  }

  get files(): RegistryFile[] {
    return [...this.#held.values()].map(({ file }) => file);
  }

  /** The root with symlinks resolved; null while it does not exist. */
  get real(): string | null {
    return this.#real;
  }

  /** Watches what is there by now, and reads what changed without a word. Cheap: a stat for each file. */
  look(): void {
    const { root, watches } = this.#options;
    const real = realPath(root);
    if (real !== this.#real) this.#forget();
    this.#real = real;
    if (real === null) return;
    watches.watch(real, (name) => {
      if (name === null || name === FOLDER) this.look();
    });
    const folder = path.join(real, FOLDER);
    watches.watch(folder, (name) => this.#onEvent(name));
    const found = new Set<number>();
    for (const name of list(folder)) {
      const pid = this.#pidOf(name);
      if (pid === null) continue;
      if (found.size >= MAX_FILES) break;
      found.add(pid);
      if (!this.#isUnchanged(pid)) this.#read(pid);
    }
    for (const pid of this.#held.keys()) if (!found.has(pid)) this.#read(pid);
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    for (const timer of this.#retries.values()) clearTimeout(timer);
  }

  #onEvent(name: string | null): void {
    if (this.#disposed) return;
    // By its own name the folder itself is meant: it went, and may be there again.
    if (name === null || name === FOLDER) return this.look();
    const pid = this.#pidOf(name);
    if (pid !== null) this.#read(pid);
  }

  #pidOf(name: string): number | null {
    return this.#options.adapter.registryName(`${FOLDER}/${name}`);
  }

  #pathOf(pid: number): string {
    return path.join(this.#real ?? this.#options.root, FOLDER, `${pid}.json`);
  }

  #isUnchanged(pid: number): boolean {
    const held = this.#held.get(pid);
    const stats = held?.stats ?? null;
    if (held === undefined || stats === null) return false;
    if (held.readAt - stats.mtimeMs < RACY_FILE_MS && Date.now() - held.readAt < RACY_FILE_MS) return false;
    const now = statsOf(this.#pathOf(pid));
    return (
      now !== null &&
      now.mtimeMs === stats.mtimeMs &&
      now.ctimeMs === stats.ctimeMs &&
      now.size === stats.size &&
      now.ino === stats.ino
    );
  }

  /** Reads the file and tells of it where it says anything new. One that cannot be read is read again soon. */
  #read(pid: number, attempt = 0): void {
    clearTimeout(this.#retries.get(pid));
    this.#retries.delete(pid);
    if (this.#disposed || this.#real === null) return;
    const at = this.#pathOf(pid);
    const stats = statsOf(at);
    const before = this.#held.get(pid);
    if (stats === null || !stats.isFile()) {
      if (this.#held.delete(pid)) this.#options.onChange(pid);
      return;
    }
    const entry = this.#entryIn(at, stats);
    const retryMs = entry === null ? RETRY_MS[attempt] : undefined;
    if (retryMs !== undefined) {
      const timer = setTimeout(() => this.#read(pid, attempt + 1), retryMs);
      timer.unref();
      this.#retries.set(pid, timer);
      if (before !== undefined) return;
    }
    const file = { root: this.#real, pid, entry };
    this.#held.set(pid, { file, stats: entry === null ? null : stats, readAt: Date.now() });
    if (before === undefined || !sameEntry(before.file.entry, entry)) this.#options.onChange(pid);
  }

  #entryIn(at: string, stats: Stats): RegistryEntry | null {
    if (stats.size > MAX_ENTRY_BYTES) return null;
    try {
      return this.#options.adapter.readRegistry(readFileSync(at));
    } catch {
      return null;
    }
  }

  #forget(): void {
    const pids = [...this.#held.keys()];
    this.#held.clear();
    for (const pid of pids) this.#options.onChange(pid);
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function sameEntry(a: RegistryEntry | null, b: RegistryEntry | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
