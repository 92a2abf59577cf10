import { lstatSync, readFileSync, type Stats } from "node:fs";
import type { Adapter } from "@agentpane/agents";
import type { TreeFile } from "./roots/layout.ts";
import type { TreeSink } from "./roots/root-tree.ts";
import { sameFacts } from "./tail/decide.ts";
import { factsOf } from "./tail/file-bytes.ts";
import { hashesAt } from "./tail/inspect.ts";
import type { Source } from "./tail/source.ts";
import { SourceTable } from "./tail/source-table.ts";
import type { Pump } from "./uplink/pump.ts";

/** How long a file may be away before it counts as deleted: a move looks like a deletion for a moment. */
const GONE_AFTER_MS = 500;
/** How soon a file is looked at again whose place hangs on an answer of the server. */
const PLACE_AGAIN_MS = 20;
/** Facts about a subagent are a few hundred bytes. */
const MAX_META_BYTES = 64 * 1024;

export interface ObserverOptions {
  adapter: Adapter;
  pump: Pump;
  /** Clock reading when the monitor started: files that changed since are live. */
  startedAtMs: number;
  /** Facts about subagents that changed since this time were perhaps never told. */
  metaToldUntilMs: number;
}

/** Turns what happens in folders into sources that the pump reads. */
export class Observer implements TreeSink, Disposable {
  readonly table: SourceTable;
  readonly #options: ObserverOptions;
  readonly #missing = new Map<Source, NodeJS.Timeout>();
  /** Files that may be a source's whose last bytes are on their way, by path. */
  readonly #undecided = new Map<string, NodeJS.Timeout>();
  /** What was found before the server told its cursors. */
  #early: { file: TreeFile; stats: Stats | null }[] | null = [];
  #scanMark = 1;
  /** Roots that were scanned whole before the server told its cursors. */
  #scannedEarly: readonly string[] | null = null;

  constructor(options: ObserverOptions) {
    this.#options = options;
    this.table = new SourceTable({ isThere, holds });
  }

  /** The server's cursors are in the table: from now on what is found is placed and read. */
  begin(): void {
    const early = this.#early ?? [];
    this.#early = null;
    for (const { file, stats } of early) {
      if (stats === null) this.onEvent(file);
      else this.onFound(file, stats);
    }
    if (this.#scannedEarly !== null) this.onScanned(this.#scannedEarly);
    this.#scannedEarly = null;
  }

  /** Whether a file that is away may still turn up elsewhere. */
  get isWaiting(): boolean {
    return this.#missing.size > 0 || this.#undecided.size > 0;
  }

  onListed(file: TreeFile): void {
    const source = this.table.at(file.path);
    if (source !== undefined) source.scanMark = this.#scanMark;
  }

  onFound(file: TreeFile, stats: Stats): void {
    if (this.#early !== null) {
      this.#early.push({ file, stats });
      return;
    }
    if (file.isMeta) return this.#foundMeta(file, stats);
    const known = this.table.at(file.path);
    if (known === undefined && this.#mustWait(file)) return this.#lookAgain(file);
    const source = known ?? this.#place(file, stats);
    source.scanMark = this.#scanMark;
    const facts = factsOf(stats);
    source.sizeSeen = facts.size;
    source.mtimeSeenMs = facts.mtimeMs;
    this.#isHere(source);
    if (source.drainedAt === null && !source.rewritten && !source.untold && isCommitted(source, facts)) {
      source.drainedAt = facts;
    }
    if (source.drainedAt !== null && sameFacts(source.drainedAt, facts) && !source.goneThere && !source.untold) return;
    this.#options.pump.notice(source, facts.mtimeMs > this.#options.startedAtMs ? "live" : "backfill");
  }

  onEvent(file: TreeFile): void {
    if (this.#early !== null) {
      this.#early.push({ file, stats: null });
      return;
    }
    if (file.isMeta) return this.#changedMeta(file);
    let source = this.table.at(file.path);
    if (source === undefined) {
      if (this.#mustWait(file)) return this.#lookAgain(file);
      const stats = lstatSync(file.path, { throwIfNoEntry: false });
      if (stats === undefined || !stats.isFile()) return;
      source = this.#place(file, stats);
      source.mtimeSeenMs = stats.mtimeMs;
    }
    // Reading finds out whether it is there; until then it counts as there.
    source.goneHere = false;
    this.#options.pump.notice(source, "live");
  }

  /** A scan of `roots` is complete: what it did not meet is gone. */
  onScanned(roots: readonly string[]): void {
    if (this.#early !== null) {
      this.#scannedEarly = roots;
      return;
    }
    for (const source of this.table) {
      if (source.goneHere || source.scanMark === this.#scanMark) continue;
      if (roots.includes(source.key.root)) this.onMissing(source);
    }
    this.#scanMark += 1;
  }

  /** Other bytes stand in the source's file. True where another source's file was moved over it; that one is read now. */
  giveUp(source: Source): boolean {
    const mover = this.table.giveUp(source);
    if (mover === undefined) return false;
    source.goneHere = true;
    source.rewritten = false;
    source.drainedAt = null;
    this.#isHere(mover);
    mover.scanMark = this.#scanMark;
    this.#options.pump.notice(source, "live");
    this.#options.pump.notice(mover, "live");
    return true;
  }

  /** The source's file is not where it was. It may be on its way elsewhere, so this waits a moment. */
  onMissing(source: Source): void {
    if (this.#missing.has(source)) return;
    const timer = setTimeout(() => {
      this.#missing.delete(source);
      const hasPath = this.table.at(source.path) === source;
      if (hasPath && isThere(source.path)) return this.#options.pump.notice(source, "live");
      source.goneHere = true;
      this.#options.pump.notice(source, "live");
    }, GONE_AFTER_MS);
    this.#missing.set(source, timer);
  }

  [Symbol.dispose](): void {
    for (const timer of [...this.#missing.values(), ...this.#undecided.values()]) clearTimeout(timer);
  }

  #isHere(source: Source): void {
    source.goneHere = false;
    const timer = this.#missing.get(source);
    if (timer === undefined) return;
    clearTimeout(timer);
    this.#missing.delete(source);
  }

  /**
   * A file was rewritten, read, and moved before the server answered: by the cursor that we know it would be another file.
   * So a new path waits while a source of the same conversation is away with bytes unanswered.
   */
  #mustWait(file: TreeFile): boolean {
    const others = this.table.conversation(file.root, file.name.session, file.name.subagent);
    return others.some((source) => source.busy && !(this.table.at(source.path) === source && isThere(source.path)));
  }

  #lookAgain(file: TreeFile): void {
    if (this.#undecided.has(file.path)) return;
    const timer = setTimeout(() => {
      this.#undecided.delete(file.path);
      this.onEvent(file);
    }, PLACE_AGAIN_MS);
    this.#undecided.set(file.path, timer);
  }

  #place(file: TreeFile, stats: Stats): Source {
    const { product } = this.#options.adapter;
    const birthMs = Math.max(0, Math.floor(stats.birthtimeMs > 0 ? stats.birthtimeMs : stats.mtimeMs));
    const { session, subagent } = file.name;
    const source = this.table.place({ product, root: file.root, session, subagent, path: file.path, birthMs });
    source.sizeSeen = stats.size;
    if (subagent !== null && source.meta === null) source.meta = this.#readMeta(metaPath(file.path));
    this.#isHere(source);
    return source;
  }

  /** After a start the server has the facts of what is committed, but for those that changed while nobody looked. */
  #foundMeta(file: TreeFile, { mtimeMs }: Stats): void {
    const source = this.table.at(transcriptPath(file.path));
    if (source === undefined || source.metaMtimeMs === mtimeMs) return;
    const isNews = source.metaMtimeMs !== null || mtimeMs > this.#options.metaToldUntilMs;
    source.metaMtimeMs = mtimeMs;
    if (isNews) this.#tellMeta(source, file.path);
  }

  #changedMeta(file: TreeFile): void {
    const source = this.table.at(transcriptPath(file.path));
    const stats = lstatSync(file.path, { throwIfNoEntry: false });
    if (source === undefined || stats === undefined || !stats.isFile()) return;
    source.metaMtimeMs = stats.mtimeMs;
    this.#tellMeta(source, file.path);
  }

  #tellMeta(source: Source, path: string): void {
    const meta = this.#readMeta(path);
    if (meta === null || JSON.stringify(meta) === JSON.stringify(source.meta)) return;
    source.meta = meta;
    source.untold = true;
    this.#options.pump.notice(source, "live");
  }

  #readMeta(path: string): Source["meta"] {
    try {
      const bytes = readFileSync(path);
      return bytes.byteLength > MAX_META_BYTES ? null : this.#options.adapter.readSubagentMeta(bytes);
    } catch {
      return null;
    }
  }
}

/** `agent-<id>.jsonl` and `agent-<id>.meta.json` stand side by side. */
function metaPath(transcript: string): string {
  return transcript.replace(/\.jsonl$/, ".meta.json");
}
function transcriptPath(meta: string): string {
  return meta.replace(/\.meta\.json$/, ".jsonl");
}

function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
  } catch {
    return true;
  }
}

function holds(path: string, source: Source): boolean {
  const { offset, proof } = source.committed;
  const hashes = hashesAt(path, offset);
  return hashes !== null && hashes.headSha256 === proof?.headSha256 && hashes.tailSha256 === proof.tailSha256;
}

function isCommitted(source: Source, facts: { size: number; mtimeMs: number; inode: string }): boolean {
  const { offset, proof } = source.committed;
  return proof !== null && offset === facts.size && sameFacts(proof, facts);
}
