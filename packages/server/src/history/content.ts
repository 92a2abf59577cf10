import { type Adapter, adapters } from "@agentpane/agents";
import type { ErrorCode, EventContent, TranscriptEvent } from "@agentpane/protocol";
import { chunkBytes, chunkRangeAt } from "../store/chunks.ts";
import type { Db } from "../store/sqlite.ts";
import { type ChunkCache, type OpenChunk, openChunk } from "./chunk-cache.ts";
import type { ReadSource } from "./shown.ts";

/** An event's whole content, or why it cannot be had. Neither where the event has none (an over-long line, say). */
export interface ReadContent {
  content?: EventContent;
  contentError?: ErrorCode;
}

/** Reads the contents of one source's events, a line at a time: events of one line are asked for in a row. */
export class ContentReader {
  readonly #db: Db;
  readonly #cache: ChunkCache;
  readonly #source: ReadSource;
  readonly #adapter: Adapter;
  #line: { offset: number; contents: Map<number, EventContent>; kinds: Map<number, string> } | null = null;

  constructor(db: Db, cache: ChunkCache, source: ReadSource) {
    this.#db = db;
    this.#cache = cache;
    this.#source = source;
    this.#adapter = adapters[source.source.product];
  }

  read(event: TranscriptEvent): ReadContent {
    if (this.#line?.offset !== event.offset) {
      const kept = this.#keptLine(event.offset);
      if (kept === "corrupt") return { contentError: "chunk_corrupt" };
      // Lines that were too long to be read were never kept; every other event has its line.
      if (kept === null) return event.kind === "malformed" ? {} : { contentError: "chunk_mismatch" };
      this.#line = {
        offset: event.offset,
        contents: this.#adapter.lineContent(kept, event.offset),
        kinds: new Map(this.#adapter.readLine(kept, event.offset).events.map(({ index, kind }) => [index, kind])),
      };
    }
    if (this.#disagrees(event)) return { contentError: "chunk_mismatch" };
    const content = this.#line.contents.get(event.index);
    return content === undefined ? {} : { content };
  }

  /** Whether the kept line gives another event than the stored one. A refused line stands as `malformed` over what it is. */
  #disagrees(event: TranscriptEvent): boolean {
    const sameAdapter = this.#source.adapterVersion === this.#adapter.version;
    return sameAdapter && event.kind !== "malformed" && this.#line?.kinds.get(event.index) !== event.kind;
  }

  #keptLine(offset: number): Buffer | null | "corrupt" {
    const range = chunkRangeAt(this.#db, this.#source.id, this.#source.generation, offset);
    if (range === undefined) return null;
    const chunk = keptLines(this.#db, this.#cache, this.#source, range);
    return chunk === null ? "corrupt" : (chunk.get(offset) ?? null);
  }
}

/** The lines of one chunk by their offset, in order; null where it does not open. */
export function keptLines(
  db: Db,
  cache: ChunkCache,
  source: Pick<ReadSource, "id" | "generation">,
  range: { id: number; from: number; to: number },
): OpenChunk {
  // By place and not by row: a row's number may be given out again once a session was deleted.
  return cache.get(`${source.id}.${source.generation}.${range.from}`, () => {
    const bytes = chunkBytes(db, range.id);
    return bytes === undefined ? null : openChunk(range.from, range.to, bytes);
  });
}
