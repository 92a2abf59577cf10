import type { Stats } from "node:fs";
import path from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Adapter } from "@agentpane/agents";
import { ActiveSessions } from "./active-sessions.ts";
import { type FolderWatches, WATCHES_WHOLE_TREES } from "./folder-watches.ts";
import type { TreeFile } from "./layout.ts";
import { type Folder, type Listing, listFolder, lookAt, statsOf } from "./list-folder.ts";
import { realPath } from "./root-paths.ts";

/** Looks at files and folders between two turns of the event loop: about a millisecond's worth. */
const LOOKS_PER_TURN = 200;
/** Files that were silent for longer, in folders that are watched, are looked at in every fourth scan only. */
const COLD_MS = 60 * 60 * 1000;
const COLD_SCANS = 4;
/** A folder changed so shortly before it was listed may change again without another time. */
const RACY_FOLDER_MS = 2_000;

/** Who hears of files. */
export interface TreeSink {
  /** The file stands in its folder, as a scan sees it; whether it changed is not looked at. */
  onListed(file: TreeFile): void;
  /** The scan found the file as `stats` say. */
  onFound(file: TreeFile, stats: Stats): void;
  /** Something happened to the file just now; it may be gone. */
  onEvent(file: TreeFile): void;
}

interface Kept {
  /** Time and inode of the folder when it was listed; listed anew once they differ. */
  mtimeMs: number;
  inode: number;
  listing: Listing;
  /** When each of the files was last written to, as far as a scan saw. */
  mtimesMs: number[];
}

export type RootState = "present" | "missing" | "unreadable";

/** One config folder: what stands in it, by scan, and what happens in it, by watches. */
export class RootTree {
  /** As it was given; it may not exist yet. */
  readonly given: string;
  readonly #adapter: Adapter;
  readonly #watches: FolderWatches;
  readonly #sink: TreeSink;
  readonly #active: ActiveSessions;
  readonly #kept = new Map<string, Kept>();
  /** Sessions that a scan found to be among the active ones, to be watched when it is done. */
  readonly #freshlyActive = new Set<string>();
  #real: string | null = null;
  #state: RootState = "missing";
  #looks = 0;
  #scans = 0;

  constructor(given: string, adapter: Adapter, watches: FolderWatches, sink: TreeSink) {
    this.given = given;
    this.#adapter = adapter;
    this.#watches = watches;
    this.#sink = sink;
    this.#active = new ActiveSessions((folder) => watches.unwatchWithin(folder));
  }

  /** With symlinks resolved; null while it does not exist. */
  get real(): string | null {
    return this.#real;
  }

  get state(): RootState {
    return this.#state;
  }

  /** Whether the root was missing at the last scan and is there now. */
  appeared(): boolean {
    return this.#state === "missing" && realPath(this.given) !== null;
  }

  /** Looks at everything once, folders that did not change by their time alone. Tells the sink of every file. */
  async scan(): Promise<void> {
    this.#scans += 1;
    this.#real = realPath(this.given);
    const root = this.#real;
    if (root === null) {
      this.#state = "missing";
      this.#kept.clear();
      return;
    }
    const seen = new Set<string>();
    const top: Folder = { level: "root", path: root, relative: "", session: null };
    this.#state = (await this.#scanFolder(top, seen)) ? "present" : "unreadable";
    for (const session of this.#freshlyActive) {
      this.#enter(this.#sessionAt(session), (file) => void this.#tellFound(file));
    }
    this.#freshlyActive.clear();
    for (const folder of this.#kept.keys()) {
      if (seen.has(folder)) continue;
      this.#kept.delete(folder);
      this.#watches.unwatch(folder);
      this.#active.forget(folder);
    }
  }

  async #scanFolder(folder: Folder, seen: Set<string>): Promise<boolean> {
    // Two links to one folder, or a link to one that is scanned anyway: its files are told once.
    if (seen.has(folder.path)) return true;
    seen.add(folder.path);
    const { kept, isFresh } = this.#look(folder);
    if (kept === null) return false;
    const isWatched = this.#watches.has(folder.path);
    for (const [place, file] of kept.listing.files.entries()) {
      this.#sink.onListed(file);
      const lastMs = kept.mtimesMs[place] ?? Number.POSITIVE_INFINITY;
      const isCold = isWatched && !isFresh && Date.now() - lastMs > COLD_MS;
      if (isCold && (place + this.#scans) % COLD_SCANS !== 0) continue;
      // Facts about subagents are replaced whole, which changes the folder.
      if (file.isMeta && !isFresh) continue;
      if (++this.#looks % LOOKS_PER_TURN === 0) await nextTurn();
      kept.mtimesMs[place] = this.#tellFound(file);
    }
    for (const inner of kept.listing.folders) {
      if (++this.#looks % LOOKS_PER_TURN === 0) await nextTurn();
      const isThere = await this.#scanFolder(inner, seen);
      if (!isThere) this.#kept.delete(folder.path);
    }
    return true;
  }

  /** Watches the folder and lists it, anew only where it changed; null where it cannot be listed. */
  #look(folder: Folder): { kept: Kept | null; isFresh: boolean } {
    const before = this.#kept.get(folder.path);
    // All that can come into a session's folder is the folder of its subagents, and that is looked at by itself.
    if (folder.level === "session" && before !== undefined && before.listing.folders.length > 0) {
      return { kept: before, isFresh: false };
    }
    const stats = statsOf(folder.path);
    if (stats === null || !stats.isDirectory() || this.#real === null) return { kept: null, isFresh: false };
    const watchedAnew = this.#watch(folder, stats.ino);
    if (before?.mtimeMs === stats.mtimeMs && before.inode === stats.ino && !watchedAnew) {
      return { kept: before, isFresh: false };
    }
    const racy = Date.now() - stats.mtimeMs < RACY_FOLDER_MS;
    const listing = listFolder(this.#adapter, this.#real, folder);
    if (listing === null) return { kept: null, isFresh: false };
    const kept = { mtimeMs: racy ? -1 : stats.mtimeMs, inode: stats.ino, listing, mtimesMs: [] };
    this.#kept.set(folder.path, kept);
    return { kept, isFresh: true };
  }

  /** Watches the folder if its level is one that is watched; answers whether that is new, so that it is to be listed. */
  #watch(folder: Folder, inode: number): boolean {
    if (WATCHES_WHOLE_TREES) {
      if (folder.level !== "root") return false;
      return this.#watches.watch(folder.path, (name) => this.#onTreeEvent(name), { recursive: true, inode });
    }
    if (folder.session !== null && !this.#active.has(folder.session)) return false;
    return this.#watches.watch(folder.path, (name, renamed) => this.#onEvent(folder, name, renamed), { inode });
  }

  /** Answers when the file was last written to. */
  #tellFound(file: TreeFile): number {
    const stats = statsOf(file.path);
    if (stats === null || !stats.isFile()) return Number.POSITIVE_INFINITY;
    this.#sink.onFound(file, stats);
    if (file.isMeta || WATCHES_WHOLE_TREES) return stats.mtimeMs;
    const session = sessionFolder(file);
    const known = this.#active.has(session);
    if (this.#active.touch(session, stats.mtimeMs) && !known) this.#freshlyActive.add(session);
    return stats.mtimeMs;
  }

  #tellEvent(file: TreeFile): void {
    this.#sink.onEvent(file);
    if (file.isMeta || WATCHES_WHOLE_TREES) return;
    const session = sessionFolder(file);
    const known = this.#active.has(session);
    if (this.#active.touch(session, Date.now()) && !known) {
      this.#enter(this.#sessionAt(session), (inner) => this.#tellEvent(inner));
    }
  }

  /** Watches a folder that may have come into being and tells of what already stands in it. */
  #enter(folder: Folder, tell: (file: TreeFile) => void): void {
    const stats = statsOf(folder.path);
    if (stats?.isDirectory() && this.#watch(folder, stats.ino)) this.#tellAll(folder, tell);
  }

  #tellAll(folder: Folder, tell: (file: TreeFile) => void): void {
    const listing = this.#real === null ? null : listFolder(this.#adapter, this.#real, folder);
    for (const file of listing?.files ?? []) tell(file);
    for (const inner of listing?.folders ?? []) this.#enter(inner, tell);
  }

  #sessionAt(folder: string): Folder {
    const relative = path
      .relative(this.#real ?? "", folder)
      .split(path.sep)
      .join("/");
    return { level: "session", path: folder, relative, session: folder };
  }

  #onEvent(folder: Folder, name: string | null, renamed: boolean): void {
    if (this.#real === null) return;
    const tell = (file: TreeFile) => this.#tellEvent(file);
    if (name === null) return this.#tellAll(folder, tell);
    // Only what came, went or was replaced needs a look; a changed file is what it was.
    const found = renamed ? lookAt(this.#adapter, this.#real, folder, name) : null;
    if (found !== null && "level" in found) {
      if (found.level === "session") this.#active.touch(found.path, Date.now());
      return this.#enter(found, tell);
    }
    const file = found ?? lookAt(this.#adapter, this.#real, folder, name, "file");
    if (file !== null && !("level" in file)) tell(file);
  }

  #onTreeEvent(name: string | null): void {
    const root = this.#real;
    if (root === null || name === null) return;
    const parts = name.split(path.sep);
    const last = parts.pop();
    if (last === undefined || parts[0] !== "projects") return;
    const level = (["root", "projects", "project", "session"] as const)[parts.length] ?? "subagents";
    const session = parts.length < 3 ? null : path.join(root, ...parts.slice(0, 3));
    this.#onEvent({ level, path: path.join(root, ...parts), relative: parts.join("/"), session }, last, true);
  }
}

/** The folder beside a session's transcript, in which its subagents' transcripts stand. */
function sessionFolder(file: TreeFile): string {
  const folder = path.dirname(file.path);
  const within = `${path.sep}${file.name.session}${path.sep}subagents`;
  const at = file.name.subagent === null ? -1 : `${folder}${path.sep}`.lastIndexOf(`${within}${path.sep}`);
  return at === -1 ? path.join(folder, file.name.session) : folder.slice(0, at + 1 + file.name.session.length);
}
