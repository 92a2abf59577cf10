import type { Adapter } from "@agentpane/agents";
import type { Logger } from "pino";
import type { Warnings } from "../warnings.ts";
import { FolderWatches } from "./folder-watches.ts";
import { RootTree, type TreeSink } from "./root-tree.ts";

/** Spans in milliseconds; tests shorten them. */
export interface RootTiming {
  /** Between two scans of everything. */
  scanMs: number;
  /** The same while there are not enough watches. */
  scanUnwatchedMs: number;
  /** Between two looks for a root that does not exist yet. */
  awaitRootMs: number;
}

export const ROOT_TIMING: RootTiming = { scanMs: 30_000, scanUnwatchedMs: 5_000, awaitRootMs: 2_000 };

export interface RootsOptions {
  roots: readonly string[];
  adapter: Adapter;
  sink: TreeSink;
  /** After each scan, with the roots that were scanned whole, symlinks resolved. */
  onScanned: (present: readonly string[]) => void;
  warnings: Warnings;
  timing: RootTiming;
  log: Logger;
}

/** All config folders of this machine: watched, and scanned from time to time. */
export class Roots implements AsyncDisposable {
  readonly #options: RootsOptions;
  readonly #watches: FolderWatches;
  readonly #trees: readonly RootTree[];
  #scanning: Promise<void> | null = null;
  #scanTimer: NodeJS.Timeout | null = null;
  #awaitTimer: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(options: RootsOptions) {
    this.#options = options;
    this.#watches = new FolderWatches((exhausted) => {
      if (!exhausted) return options.warnings.end("watches_exhausted", "");
      const mend = process.platform === "linux" ? " Raise fs.inotify.max_user_watches to see everything at once." : "";
      options.warnings.raise(
        "watches_exhausted",
        "",
        `The system has no folder watches left; some changes are seen by scan, within ${options.timing.scanUnwatchedMs / 1000} s.${mend}`,
      );
    });
    this.#trees = options.roots.map((root) => new RootTree(root, options.adapter, this.#watches, options.sink));
  }

  get foldersWatched(): number {
    return this.#watches.size;
  }

  get present(): { path: string; present: boolean }[] {
    return this.#trees.map((tree) => ({ path: tree.given, present: tree.state === "present" }));
  }

  /** Scans everything once, and again from then on. A scan that runs already serves both callers. */
  scan(): Promise<void> {
    this.#scanning ??= this.#scanAll().finally(() => {
      this.#scanning = null;
      this.#plan();
    });
    return this.#scanning;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    if (this.#scanTimer !== null) clearTimeout(this.#scanTimer);
    if (this.#awaitTimer !== null) clearTimeout(this.#awaitTimer);
    this.#watches[Symbol.dispose]();
    await this.#scanning;
    this.#watches[Symbol.dispose]();
  }

  async #scanAll(): Promise<void> {
    const seen = new Set<string>();
    for (const tree of this.#trees) {
      if (this.#stopped) return;
      await tree.scan();
      if (tree.real !== null && tree.state === "present") seen.add(tree.real);
    }
    if (this.#stopped) return;
    this.#judge();
    this.#options.onScanned([...seen]);
  }

  #judge(): void {
    const { warnings } = this.#options;
    // One of the two usual places is missing nearly everywhere; only where all are is it worth a word.
    const allMissing = this.#trees.every(({ state }) => state === "missing");
    for (const { given, state } of this.#trees) {
      if (allMissing) warnings.raise("root_missing", given, `${given} does not exist yet; it is watched for.`);
      else warnings.end("root_missing", given);
      if (state === "unreadable") {
        warnings.raise("root_unreadable", given, `${given} cannot be listed; check its permissions.`);
      } else {
        warnings.end("root_unreadable", given);
      }
    }
  }

  #plan(): void {
    if (this.#stopped) return;
    const { timing } = this.#options;
    if (this.#scanTimer !== null) clearTimeout(this.#scanTimer);
    this.#scanTimer = setTimeout(
      () => void this.scan(),
      this.#watches.exhausted ? timing.scanUnwatchedMs : timing.scanMs,
    );
    if (this.#awaitTimer !== null) clearTimeout(this.#awaitTimer);
    if (this.#trees.every(({ state }) => state !== "missing")) return;
    this.#awaitTimer = setTimeout(() => this.#awaitRoots(), timing.awaitRootMs);
  }

  #awaitRoots(): void {
    if (this.#trees.some((tree) => tree.appeared())) void this.scan();
    else this.#awaitTimer = setTimeout(() => this.#awaitRoots(), this.#options.timing.awaitRootMs);
  }
}
