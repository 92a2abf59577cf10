import type { Adapter } from "@agentpane/agents";
import type { Presence } from "@agentpane/protocol";
import type { Logger } from "pino";
import { FolderWatches } from "../roots/folder-watches.ts";
import { type Decision, decide, type KnownPresences, presenceOf, type RegistryFile } from "./decide.ts";
import { type ProcessTable, processTable } from "./process-table.ts";
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
  processes?: ProcessTable;
}

/** Who runs on this machine and what they say they do: the agents' live registries against the process table. */
export class PresenceWatch implements Disposable {
  readonly #options: PresenceWatchOptions;
  readonly #processes: ProcessTable;
  readonly #watches: FolderWatches;
  readonly #folders: readonly RegistryFolder[];
  #known: KnownPresences;
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
    });
    this.#folders = options.roots.map(
      (root) =>
        new RegistryFolder({
          root,
          adapter: options.adapter,
          watches: this.#watches,
          onChange: () => this.#onChange(),
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

  [Symbol.dispose](): void {
    this.#disposed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#goodbye !== null) clearTimeout(this.#goodbye);
    for (const folder of this.#folders) folder[Symbol.dispose]();
    this.#watches[Symbol.dispose]();
  }

  #look(): void {
    this.#looking = true;
    for (const folder of this.#folders) folder.look();
    this.#looking = false;
    this.#decide();
    this.#timer = setTimeout(() => this.#look(), this.#options.timing.livenessMs);
    this.#timer.unref();
  }

  #onChange(): void {
    // A look decides once, over all that it found.
    if (!this.#looking) this.#decide();
  }

  #decide(): void {
    if (this.#disposed) return;
    const table = this.#processes;
    const files = this.#files();
    // Asked once for each process, so that all that is decided is of one moment.
    const starts = new Map<number, ReturnType<ProcessTable["start"]>>();
    const start = (pid: number) => {
      if (!starts.has(pid)) starts.set(pid, table.start(pid));
      return starts.get(pid);
    };
    const { tellsStarts, domain } = table;
    const processes = { start, tellsStarts, pidNamespace: domain.pidNamespace };
    const { known, changed, gone } = decide(this.#known, files, processes, Date.now());
    this.#known = known;
    if (changed.length > 0 || gone.length > 0) {
      this.#options.onChange({ changed, gone });
      this.#note();
    }
    const pids = [...starts.keys()].filter((pid) => starts.get(pid) === undefined);
    if (pids.length > 0) void table.refresh(pids).then(() => this.#decideIfTold(pids));
    if ([...known.values()].some(({ life, fileGoneAt }) => life === "alive" && fileGoneAt !== null))
      this.#lookAgainSoon();
  }

  #decideIfTold(pids: readonly number[]): void {
    if (!this.#disposed && pids.some((pid) => this.#processes.start(pid) !== undefined)) this.#decide();
  }

  #lookAgainSoon(): void {
    if (this.#goodbye !== null || this.#disposed) return;
    this.#goodbye = setTimeout(() => {
      this.#goodbye = null;
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
