import {
  type FileChangesQuery,
  MAX_SESSION_FILES,
  type SessionFile,
  type SessionFiles,
  type TranscriptEvent,
} from "@agentpane/protocol";
import { eventAt, eventsOfKinds } from "../store/events.ts";
import type { Db } from "../store/sqlite.ts";
import type { ChunkCache } from "./chunk-cache.ts";
import { ContentReader } from "./content.ts";
import { type ReadContent, type Touch, TranscriptFiles } from "./files-touched.ts";
import { withPlace } from "./page.ts";
import { formatPlace } from "./places.ts";
import { type ReadSource, shownSources } from "./shown.ts";

const KINDS = ["tool.call", "tool.result"] as const;
/** Changes whose lines one call counts: each opens a kept line. The rest is counted by the calls that follow. */
const MAX_COUNTED_AT_ONCE = 500;
/** Touches of transcripts that are kept for the next call, which then reads only what was added. */
const MAX_KEPT_TOUCHES = 100_000;
const MAX_NAMES = 20;
/** A full page ends here even where more changes were asked for; one change alone may be larger. */
const MAX_PAGE_BYTES = 8 * 1024 * 1024;

/** What was read of transcripts so far, the least recently used dropped first. */
export class FilesCache {
  readonly #chunks: ChunkCache;
  readonly #read = new Map<string, TranscriptFiles>();

  constructor(chunks: ChunkCache) {
    this.#chunks = chunks;
  }

  /** `budget` is how many changes may still be counted. */
  get(db: Db, source: ReadSource, budget: { left: number }): { files: TranscriptFiles; uncounted: number } {
    const { id, generation, adapterVersion, source: key } = source;
    // A row's number may be given out again once a session was deleted, but never to the same session.
    const name = `${id} ${generation} ${adapterVersion} ${key.session} ${source.subagent}`;
    const files = this.#read.get(name) ?? new TranscriptFiles();
    this.#read.delete(name);
    this.#read.set(name, files);
    const contents = new ContentReader(db, this.#chunks, source);
    const read: ReadContent = (event) => contents.read(event).content;
    for (const event of eventsOfKinds(db, id, generation, files.position, KINDS)) files.add(event, read);
    let counted = 0;
    const uncounted = files.count(budget.left, (event) => {
      counted += 1;
      return read(event);
    });
    budget.left -= counted;
    return { files, uncounted };
  }

  /** Called once a session was read whole: its transcripts are the last to go. */
  trim(): void {
    let touches = 0;
    for (const [name, read] of [...this.#read].reverse()) {
      touches += read.touches.length;
      if (touches > MAX_KEPT_TOUCHES) this.#read.delete(name);
    }
  }
}

interface Touched {
  source: ReadSource;
  touch: Touch;
}

/** Null where there is no such session. */
export function filesOf(db: Db, cache: FilesCache, session: string): SessionFiles | null {
  const read = touchesOf(db, cache, session);
  if (read === null) return null;
  const files = [...Map.groupBy(read.touches, ({ touch }) => touch.path)]
    .map(([path, touches]) => fileOf(path, touches))
    .sort((a, b) => (b.lastAt ?? 0) - (a.lastAt ?? 0) || (a.path < b.path ? -1 : 1));
  return {
    files: files.slice(0, MAX_SESSION_FILES),
    omitted: Math.max(0, files.length - MAX_SESSION_FILES),
    uncounted: read.uncounted,
  };
}

/** One page of what changed a file, as JSON in UTF-8; null where there is no such session. */
export function fileChangesOf(
  db: Db,
  cache: FilesCache,
  chunks: ChunkCache,
  session: string,
  { path, offset, limit }: FileChangesQuery,
): Uint8Array | null {
  const read = touchesOf(db, cache, session);
  if (read === null) return null;
  const changes = read.touches.filter(({ touch }) => touch.path === path && touch.use !== "read");
  const texts: string[] = [];
  let bytes = 0;
  for (const change of changes.slice(offset, offset + limit)) {
    const text = changeText(db, chunks, change);
    bytes += Buffer.byteLength(text);
    if (texts.length > 0 && bytes > MAX_PAGE_BYTES) break;
    texts.push(text);
  }
  return Buffer.from(`{"changes":[${texts.join(",")}],"total":${changes.length}}`);
}

/** In order of their time. */
function touchesOf(db: Db, cache: FilesCache, session: string): { touches: Touched[]; uncounted: number } | null {
  const sources = shownSources(db, session);
  if (sources === null) return null;
  const { primary, agents } = sources.shown;
  const budget = { left: MAX_COUNTED_AT_ONCE };
  let uncounted = 0;
  const touches = [...(primary === null ? [] : [primary]), ...agents.values()].flatMap((source) => {
    const read = cache.get(db, source, budget);
    uncounted += read.uncounted;
    return read.files.touches.map((touch): Touched => ({ source, touch }));
  });
  cache.trim();
  return { touches: touches.sort((a, b) => (a.touch.at ?? 0) - (b.touch.at ?? 0)), uncounted };
}

function fileOf(path: string, touches: readonly Touched[]): SessionFile {
  const file: SessionFile = {
    ...{ path, reads: 0, edits: 0, writes: 0, failed: 0, open: 0, added: 0, removed: 0, created: false },
    ...{ firstAt: touches[0]?.touch.at ?? null, lastAt: touches.at(-1)?.touch.at ?? null },
    ...{ last: { place: "", agent: null }, by: [] },
  };
  const by = new Set<string | null>();
  for (const { source, touch } of touches) {
    by.add(source.subagent);
    file.last = { place: placeOf(source, touch), agent: source.subagent };
    if (touch.result === null) file.open += 1;
    else if (touch.failed) file.failed += 1;
    else {
      if (touch.created && file.edits + file.writes === 0) file.created = true;
      file[`${touch.use}s`] += 1;
      file.added = sum(file.added, touch.added);
      file.removed = sum(file.removed, touch.removed);
    }
  }
  file.by = [...by].slice(0, MAX_NAMES);
  return file;
}

function sum(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}

function placeOf(source: ReadSource, { call }: Touch): string {
  return formatPlace({ source: source.id, generation: source.generation, position: call });
}

function changeText(db: Db, chunks: ChunkCache, { source, touch }: Touched): string {
  const contents = new ContentReader(db, chunks, source);
  const whole = (event: TranscriptEvent | undefined) =>
    event === undefined ? null : { ...withPlace(source, event), ...contents.read(event) };
  const { id, generation } = source;
  return JSON.stringify({
    place: placeOf(source, touch),
    agent: source.subagent,
    tool: touch.tool,
    at: touch.at,
    call: whole(eventAt(db, id, generation, touch.call)),
    result: touch.result === null ? null : whole(eventAt(db, id, generation, touch.result)),
  });
}
