import {
  AgentPaneError,
  type EventContent,
  type Finding,
  type FindPage,
  type FindQuery,
  MAX_CONTENT_CHARS,
  type TranscriptEvent,
} from "@agentpane/protocol";
import { chunksFrom } from "../store/chunks.ts";
import { type EventPosition, eventsInRange } from "../store/events.ts";
import { isListed } from "../store/sessions.ts";
import type { Db } from "../store/sqlite.ts";
import type { ChunkCache } from "./chunk-cache.ts";
import { ContentReader, keptLines } from "./content.ts";
import { BEGINNING, formatPlace, parsePlace } from "./places.ts";
import { type ReadSource, shownTranscript } from "./shown.ts";

/** Kept lines that one step looks into; a chunk is opened whole. It takes the reader thread some tens of milliseconds. */
const MAX_STEP_BYTES = 4 * 1024 * 1024;
const CHUNKS_AT_ONCE = 16;
const MAX_TIMES = 1_000;
const BEFORE_CHARS = 60;
const AFTER_CHARS = 160;
const MAX_DEPTH = 12;
/** Behind every event of a line. */
const LINE_END_INDEX = 4_095;
/** They stand in no transcript as something of their own. */
const UNSEEN: ReadonlySet<TranscriptEvent["kind"]> = new Set(["response", "todo"]);

/** One step of a search through one transcript; null where there is no such session or subagent. */
export function findInTranscript(db: Db, cache: ChunkCache, session: string, query: FindQuery): FindPage | null {
  const source = shownTranscript(db, session, query.subagent ?? null);
  if (source === null) {
    const empty = query.subagent === undefined && isListed(db, session);
    return empty ? { findings: [], next: null, searchedBytes: 0, totalBytes: 0 } : null;
  }
  return new Search(db, cache, source, query).step();
}

class Search {
  readonly #db: Db;
  readonly #source: ReadSource;
  readonly #cache: ChunkCache;
  readonly #contents: ContentReader;
  readonly #limit: number;
  readonly #text: RegExp;
  /** What a line holds to the letter, however it is escaped, if it holds the text; null where nothing is sure. */
  readonly #raw: RegExp | null;
  readonly #after: EventPosition;
  readonly #findings: Finding[] = [];

  constructor(db: Db, cache: ChunkCache, source: ReadSource, query: FindQuery) {
    this.#db = db;
    this.#source = source;
    this.#cache = cache;
    this.#contents = new ContentReader(db, cache, source);
    this.#limit = query.limit;
    this.#text = literally(query.q);
    const sure = longest(query.q.split(/["\\/\p{Cc}]/u));
    this.#raw = sure === "" ? null : literally(sure);
    this.#after = this.#begin(query.after);
  }

  step(): FindPage {
    const { id, generation, offset: totalBytes } = this.#source;
    let searched = 0;
    let at = Math.max(0, this.#after.offset);
    for (;;) {
      const ranges = chunksFrom(this.#db, id, generation, at, CHUNKS_AT_ONCE);
      for (const range of ranges) {
        for (const [offset, line] of keptLines(this.#db, this.#cache, this.#source, range) ?? []) {
          if (offset < at) continue;
          if (searched >= MAX_STEP_BYTES) return this.#page({ offset, index: -1 }, offset, totalBytes);
          searched += line.byteLength;
          const full = this.#look(offset, line);
          if (full !== null) return this.#page(full, offset, totalBytes);
        }
        at = range.to;
      }
      if (ranges.length < CHUNKS_AT_ONCE) return this.#page(null, totalBytes, totalBytes);
    }
  }

  #begin(after: string | undefined): EventPosition {
    if (after === undefined) return BEGINNING;
    const place = parsePlace(after);
    if (place === null) throw new AgentPaneError("invalid_request", "The place is not one that this server gave.");
    const here = place.source === this.#source.id && place.generation === this.#source.generation;
    return here ? place.position : BEGINNING;
  }

  /** Adds what one line holds. Where the page is full, the event to go on behind. */
  #look(offset: number, line: Buffer): EventPosition | null {
    if (this.#raw !== null) {
      const raw = line.toString("utf8");
      // A letter may be written as an escape.
      if (!this.#raw.test(raw) && !raw.includes("\\u")) return null;
    }
    for (const event of eventsInRange(this.#db, this.#source.id, this.#source.generation, offset, offset + 1)) {
      if (UNSEEN.has(event.kind)) continue;
      if (offset === this.#after.offset && event.index <= this.#after.index) continue;
      const finding = this.#findingIn(event);
      if (finding === null) continue;
      this.#findings.push(finding);
      if (this.#findings.length >= this.#limit) return event;
    }
    return null;
  }

  #findingIn(event: TranscriptEvent): Finding | null {
    const text = textOf(event, this.#contents.read(event).content);
    const first = this.#text.exec(text);
    if (first === null) return null;
    let times = 0;
    for (const _ of text.matchAll(new RegExp(this.#text, "giu"))) if (++times >= MAX_TIMES) break;
    const end = first.index + first[0].length;
    return {
      place: this.#place(event),
      offset: event.offset,
      index: event.index,
      kind: event.kind,
      at: event.at,
      times,
      before: oneLine(text.slice(Math.max(0, first.index - BEFORE_CHARS), first.index)),
      match: oneLine(first[0]),
      after: oneLine(text.slice(end, end + AFTER_CHARS)),
    };
  }

  #place(position: EventPosition): string {
    return formatPlace({ source: this.#source.id, generation: this.#source.generation, position });
  }

  /** `next` is the event to go on behind, index -1 for the line to go on with. */
  #page(next: EventPosition | null, searchedBytes: number, totalBytes: number): FindPage {
    const place =
      next === null ? null : next.index >= 0 ? next : { offset: Math.max(0, next.offset - 1), index: LINE_END_INDEX };
    return {
      findings: this.#findings,
      next: place === null ? null : this.#place(place),
      searchedBytes: Math.min(searchedBytes, totalBytes),
      totalBytes,
    };
  }
}

/** Everything of an event that a reader can be shown. */
function textOf(event: TranscriptEvent, content: EventContent | undefined): string {
  const texts: string[] = [];
  if (event.kind === "title") texts.push(event.title);
  if (content?.text !== undefined) texts.push(content.text);
  else if ("summary" in event && content?.input === undefined) texts.push(event.summary);
  if (event.kind === "tool.call") texts.push(event.tool);
  gather(content?.input, texts, { chars: 0 }, 0);
  gather(content?.result, texts, { chars: 0 }, 0);
  return texts.join("\n");
}

function gather(value: unknown, into: string[], sum: { chars: number }, depth: number): void {
  if (depth > MAX_DEPTH || sum.chars > MAX_CONTENT_CHARS) return;
  if (typeof value === "string" && value !== "") {
    into.push(value.slice(0, MAX_CONTENT_CHARS));
    sum.chars += value.length;
  } else if (typeof value === "object" && value !== null) {
    for (const inner of Object.values(value)) gather(inner, into, sum, depth + 1);
  }
}

function literally(text: string): RegExp {
  return new RegExp(text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&"), "iu");
}

function longest(parts: readonly string[]): string {
  return parts.reduce((best, part) => (part.length > best.length ? part : best), "");
}

/** As a part of one line; halves of surrogate pairs at the cuts do not survive UTF-8. */
function oneLine(text: string): string {
  return text.replaceAll(/\s+/gu, " ").toWellFormed();
}
