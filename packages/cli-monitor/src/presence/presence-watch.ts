import type { watch } from "node:fs";
import type { Adapter } from "@agentpane/agents";
import type { Presence } from "@agentpane/protocol";
import type { Logger } from "pino";
import { FolderWatches } from "../roots/folder-watches.ts";
import { type Decision, decide, FILE_GONE_MS, type KnownPresences, presenceOf, type RegistryFile } from "./decide.ts";
import { type ProcessTable, processTable, type Start } from "./process-table.ts";
import { RegistryFolder } from "./registry-folder.ts";
import type { SeenFile } from "./seen-file.ts";

/** Spans in milliseconds; tests shorten them. */
export interface PresenceTiming {
  /** Between two looks at the processes that are known. */
  livenessMs: number;
  /** An agent takes its file away just before it ends: its process is looked at again after this. */
  goodbyeMs: number;
}
export const PRESENCE_TIMING: PresenceTiming = { livenessMs: 2_000, goodbyeMs: 250 };

/** What differs from what was told before. */
export type PresenceChange = Pick<Decision, "changed" | "gone">;

export interface PresenceWatchOptions {
  roots: readonly string[];
  adapter: Adapter;
  /** What an earlier run of this monitor saw alive, and where to note what this one does. */
  seen: SeenFile;
  onChange: (change: PresenceChange) => void;
  timing: PresenceTiming;
  log: Logger;
  /** This system's, unless a test has another. */
  processes?: ProcessTable;
  watch?: typeof watch;
}

/** Who runs on this machine and what they say they do: the agents' live registries against the process table. */
export class PresenceWatch implements Disposable {
  readonly #options: PresenceWatchOptions;
  readonly #processes: ProcessTable;
  readonly #watches: FolderWatches;
  readonly #folders: readonly RegistryFolder[];
  #known: KnownPresences;
  /** What the process table said at the last look, and since then of each process whose file changed. */
  #starts = new Map<number, Start>();
  #noted = "";
  #timer: NodeJS.Timeout | null = null;
  #goodbye: NodeJS.Timeout | null = null;
  #looking = false;
  #disposed = false;

  constructor(options: PresenceWatchOptions) {
    this.#options = options;
    this.#processes = options.processes ?? processTable();
    this.#known = options.seen.read(this.#processes.domain);
    // Without a watch, entries are read at each look: later, and still true.
    this.#watches = new FolderWatches((exhausted) => {
      if (exhausted) options.log.warn("no folder watch left for the agent's registry; it is read every other second");
    }, options.watch);
    this.#folders = options.roots.map(
      (root) =>
        new RegistryFolder({
          root,
          adapter: options.adapter,
          watches: this.#watches,
          onChange: (pid) => this.#onChange(pid),
        }),
    );
  }

  /** Everything that is known now. */
  get presences(): Presence[] {
    return [...this.#known.values()].map(presenceOf);
  }

  start(): void {
    this.#look();
  }

  /** Reads what changed at this very moment, for whoever cannot wait until the system tells of it. */
  lookNow(): void {
    this.#readFolders();
    this.#decide();
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#goodbye !== null) clearTimeout(this.#goodbye);
    for (const folder of this.#folders) folder[Symbol.dispose]();
    this.#watches[Symbol.dispose]();
  }

  #look(): void {
    this.#readFolders();
    this.#decide();
    this.#timer = setTimeout(() => this.#look(), this.#options.timing.livenessMs);
    this.#timer.unref();
  }

  #readFolders(): void {
    this.#looking = true;
    for (const folder of this.#folders) folder.look();
    this.#looking = false;
    this.#starts.clear();
  }

  #onChange(pid: number): void {
    // A look decides once, over all that it found.
    if (this.#looking) return;
    this.#starts.delete(pid);
    this.#decide();
  }

  #decide(): void {
    if (this.#disposed) return;
    const table = this.#processes;
    const start = (pid: number) => {
      if (!this.#starts.has(pid)) this.#starts.set(pid, table.start(pid));
      return this.#starts.get(pid);
    };
    const { tellsStarts, domain } = table;
    const processes = { start, tellsStarts, pidNamespace: domain.pidNamespace };
    const now = Date.now();
    const { known, changed, gone } = decide(this.#known, this.#files(), processes, now);
    this.#known = known;
    if (changed.length > 0 || gone.length > 0) {
      this.#options.onChange({ changed, gone });
      this.#note();
    }
    this.#lookUp([...this.#starts.keys()].filter((pid) => this.#starts.get(pid) === undefined));
    const leaving = [...known.values()].filter(
      (one) => one.life === "alive" && now - (one.fileGoneAt ?? 0) < FILE_GONE_MS,
    );
    if (leaving.length > 0) this.#lookAgainSoon(leaving.map(({ pid }) => pid));
  }

  /** Of what the table cannot tell at once. */
  #lookUp(pids: readonly number[]): void {
    if (pids.length === 0) return;
    void this.#processes.refresh(pids).then(() => {
      if (!pids.some((pid) => this.#processes.start(pid) !== undefined)) return;
      for (const pid of pids) this.#starts.delete(pid);
      this.#decide();
    });
  }

  #lookAgainSoon(pids: readonly number[]): void {
    if (this.#goodbye !== null) return;
    this.#goodbye = setTimeout(() => {
      this.#goodbye = null;
      for (const pid of pids) this.#starts.delete(pid);
      this.#decide();
    }, this.#options.timing.goodbyeMs);
    this.#goodbye.unref();
  }

  /** Of a root that is given twice, by links, once. */
  #files(): RegistryFile[] {
    const roots = new Set<string | null>();
    const files: RegistryFile[] = [];
    for (const folder of this.#folders) {
      if (roots.has(folder.real)) continue;
      roots.add(folder.real);
      files.push(...folder.files);
    }
    return files;
  }

  /** Writes down who was seen, where that is news: the states of the living change often and are read anew anyway. */
  #note(): void {
    const seen = [...this.#known.values()].filter(({ life }) => life !== "unproven");
    const lives = seen.map(({ session, pid, procStart, life }) => `${session} ${pid} ${procStart} ${life}`);
    const noted = lives.sort().join("\n");
    if (noted === this.#noted) return;
    this.#noted = noted;
    try {
      this.#options.seen.write(this.#processes.domain, this.#known);
    } catch (error) {
      this.#options.log.warn({ err: error }, "who was seen alive cannot be written down");
    }
  }
}
