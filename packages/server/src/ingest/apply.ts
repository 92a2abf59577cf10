import { createHash } from "node:crypto";
import {
  type ChunkPart,
  MAX_UNPACKED_BYTES,
  type Segment,
  type SegmentAnswer,
  sourceKeyString,
} from "@agentpane/protocol";
import { foldLines } from "../fold/fold-source.ts";
import { emptyState, FOLD_VERSION } from "../fold/source-state.ts";
import { dropParts, stagedBytes, stagedParts, stagePart } from "../store/chunk-parts.ts";
import { insertChunk } from "../store/chunks.ts";
import { insertEvents } from "../store/events.ts";
import type { Db } from "../store/sqlite.ts";
import type { UsageCounter } from "../usage/counter.ts";
import { type Catalogue, copySource, type SourceRecord } from "./catalogue.ts";
import type { Growth } from "./growth.ts";

/** Parts of one machine that may wait to be joined; past it they are dropped and asked for again. */
const MAX_STAGED_BYTES = 2 * MAX_UNPACKED_BYTES;

export interface ApplyContext {
  db: Db;
  catalogue: Catalogue;
  growth: Growth;
  counter: UsageCounter;
  machine: string;
  adapterVersion: number;
  now: number;
}

/** Puts one slice of a chunk aside. Moves no cursor; the same slice again changes nothing. */
export function applyPart(context: ApplyContext, part: ChunkPart, bytes: Uint8Array): void {
  const { db, machine } = context;
  const key = sourceKeyString(part.source);
  if (stagedBytes(db, machine) + bytes.byteLength > MAX_STAGED_BYTES) dropParts(db, machine, key);
  stagePart(db, { machine, key, generation: part.generation, from: part.from }, { ...part, bytes }, context.now);
}

/**
 * Takes one segment into the open transaction, or answers why not. Nothing is written for a segment that is refused,
 * so its neighbours stand.
 */
export function applySegment(context: ApplyContext, segment: Segment, ownChunk: Uint8Array): SegmentAnswer {
  const { db, catalogue, counter, growth, machine } = context;
  const entry = catalogue.session(segment.source.session, segment.source.product);
  if (entry.deleted) return { result: "deleted" };

  const key = sourceKeyString(segment.source);
  const known = entry.sources.find((source) => source.key === key && source.machine === machine);
  if (!follows(segment, known)) {
    const cursor = known === undefined ? null : { generation: known.generation, offset: known.offset };
    return { result: "cursor_mismatch", cursor };
  }
  let chunk = ownChunk;
  if (segment.parts !== undefined) {
    const joined = joinParts(context, segment, key, segment.parts);
    if (!(joined instanceof Uint8Array)) return joined;
    chunk = joined;
  }

  growth.willTouch(entry);
  const source = known ?? catalogue.add(entry, machine, segment, context.adapterVersion);
  const begins = known === undefined || segment.generation > known.generation;
  if (begins) beginGeneration(source, segment);
  if (segment.to > segment.from) {
    if (chunk.byteLength > 0) {
      insertChunk(db, source.id, source.generation, { from: segment.from, to: segment.to, bytes: chunk });
    }
    insertEvents(db, source.id, source.generation, segment.events);
    counter.add(copySource(source), source.generation, segment.copies);
    foldLines(source.state, segment.contexts, segment.events);
    source.offset = segment.to;
    source.proof = segment.proof;
    source.adapterVersion = context.adapterVersion;
    source.foldVersion = FOLD_VERSION;
    if (segment.parts !== undefined) dropParts(db, machine, key);
  }
  source.path = segment.path;
  source.gone = segment.gone === true;
  if (segment.meta !== undefined) source.meta = segment.meta;
  growth.touched(entry, source, segment.events.at(-1) ?? null);
  return { result: "committed", cursor: { generation: source.generation, offset: source.offset } };
}

/** Whether the segment begins where the source ends, or begins its first or next generation. */
function follows(segment: Segment, known: SourceRecord | undefined): boolean {
  if (known === undefined) return segment.generation === 1 && segment.from === 0;
  if (segment.generation === known.generation) return segment.from === known.offset;
  return segment.generation === known.generation + 1 && segment.from === 0;
}

/** What an earlier generation committed stays, under its own number. */
function beginGeneration(source: SourceRecord, segment: Segment): void {
  source.generation = segment.generation;
  source.offset = 0;
  source.proof = segment.proof;
  source.state = emptyState();
}

function joinParts(
  { db, machine }: ApplyContext,
  segment: Segment,
  key: string,
  claimed: { count: number; sha256: string },
): Uint8Array | SegmentAnswer {
  const staged = stagedParts(db, { machine, key, generation: segment.generation, from: segment.from });
  const complete = staged.length === claimed.count && staged.every((part) => part.sha256 === claimed.sha256);
  const joined = complete ? Buffer.concat(staged.map((part) => part.bytes)) : null;
  if (joined === null || createHash("sha256").update(joined).digest("hex") !== claimed.sha256) {
    dropParts(db, machine, key);
    return { result: "parts_missing" };
  }
  if (joined.byteLength > MAX_UNPACKED_BYTES) {
    dropParts(db, machine, key);
    return { result: "invalid", message: `parts: join to over ${MAX_UNPACKED_BYTES} bytes` };
  }
  return joined;
}
