import { z } from "zod";
import { lineContext, transcriptEvent, usageCopy } from "./event.ts";
import { byteCount, count, epochMs, productId, sessionId, sha256Hex, subagentId, word } from "./units.ts";

/** Bytes hashed at the head of a file and before the cursor, to prove that it is still the same file. */
export const PROOF_BYTES = 4096;
export const MAX_SEGMENTS_PER_BODY = 2000;
export const MAX_EVENTS_PER_SEGMENT = 50_000;

/** A transcript as a thing. The machine is the token's, never the body's. */
export const sourceKey = z.object({
  product: productId,
  /** The config folder it was found under, symlinks resolved. */
  root: z.string().min(1).max(4096),
  session: sessionId,
  /** Null for the session's own transcript. */
  subagent: subagentId.nullable(),
  /** 1, or from 2 on for a second file of the same session under the same root. */
  copy: z.int().min(1).max(1000),
});
export type SourceKey = z.infer<typeof sourceKey>;

/** One string for a source within its machine; the order of its parts is the tie-break order of sources. */
export function sourceKeyString(key: SourceKey): string {
  return JSON.stringify([key.product, key.root, key.session, key.subagent ?? "", key.copy]);
}

/** What proves that a file is still the one whose bytes up to `offset` were committed. */
export const fileProof = z.object({
  size: byteCount,
  mtimeMs: z.number().min(0),
  /** A hint only: inodes are reused. Decimal, since 64 bits do not fit a number. */
  inode: z.string().max(20),
  /** SHA-256 of the first min(cursor, 4096) bytes. */
  headSha256: sha256Hex,
  /** SHA-256 of the up to 4096 bytes before the cursor. */
  tailSha256: sha256Hex,
});
export type FileProof = z.infer<typeof fileProof>;

/** From `agent-*.meta.json`: what the parent said of a subagent when it started it. */
export const subagentMeta = z.object({
  type: word.optional(),
  description: z.string().max(1000).optional(),
  /** The call in the parent's transcript that spawned it. */
  call: word.optional(),
  model: word.optional(),
  depth: count.optional(),
  finished: z.boolean().optional(),
});
export type SubagentMeta = z.infer<typeof subagentMeta>;

/**
 * Bytes `from`..`to` of one generation of one source, always whole lines, with everything they gave.
 * `from === to` is a touch: a new path, a deletion or new subagent facts, without bytes.
 */
export const segment = z.object({
  source: sourceKey,
  generation: z.int().min(1),
  from: byteCount,
  to: byteCount,
  /** Where the file is now. */
  path: z.string().min(1).max(4096),
  /** File birth as the monitor saw it first; it never changes. */
  birthMs: epochMs,
  proof: fileProof,
  /** The file is gone from disk. What was committed stays. */
  gone: z.boolean().optional(),
  meta: subagentMeta.optional(),
  /** Complete lines in the range, and how many of them `keep` dropped. */
  lines: count,
  dropped: count,
  contexts: z.array(lineContext).max(MAX_EVENTS_PER_SEGMENT),
  events: z.array(transcriptEvent).max(MAX_EVENTS_PER_SEGMENT),
  copies: z.array(usageCopy).max(MAX_EVENTS_PER_SEGMENT),
  /** Size of this segment's chunk in the body; 0 where no line was kept, or where it came before in parts. */
  chunkBytes: byteCount,
  /** Set where the chunk was too large for one body: its parts were sent ahead and are joined now. */
  parts: z.object({ count: z.int().min(1).max(64), sha256: sha256Hex }).optional(),
});
export type Segment = z.infer<typeof segment>;

/** One slice of a chunk that does not fit a body. Parts move no cursor and may be sent again. */
export const chunkPart = z.object({
  source: sourceKey,
  generation: z.int().min(1),
  from: byteCount,
  part: z.int().min(0).max(63),
  parts: z.int().min(1).max(64),
  /** Of the whole chunk. */
  sha256: sha256Hex,
  chunkBytes: byteCount,
});
export type ChunkPart = z.infer<typeof chunkPart>;

export const ingestManifest = z.object({
  protocol: z.int(),
  /**
   * Of the start of the monitor that sends it. A body of an earlier start than the one that registered last is refused: its
   * sender is dead, and what it knew of the files is not what its successor was told. Absent from older monitors.
   */
  bootId: z.string().min(1).max(64).optional(),
  parts: z.array(chunkPart).max(64),
  segments: z.array(segment).max(MAX_SEGMENTS_PER_BODY),
});
export type IngestManifest = z.infer<typeof ingestManifest>;

/** How far a source is committed. */
export const cursor = z.object({
  generation: z.int().min(1),
  offset: byteCount,
});
export type Cursor = z.infer<typeof cursor>;

/**
 * One answer per segment, in the order sent.
 * `cursor_mismatch`: seek to `cursor` and read on. `invalid`: this segment, and only it, broke the schema.
 * `parts_missing`: send all parts again. `deleted`: a person deleted this session; send no more of it.
 */
export const segmentAnswer = z.discriminatedUnion("result", [
  z.object({ result: z.literal("committed"), cursor }),
  z.object({ result: z.literal("cursor_mismatch"), cursor: cursor.nullable() }),
  z.object({ result: z.literal("invalid"), message: z.string() }),
  z.object({ result: z.literal("parts_missing") }),
  z.object({ result: z.literal("deleted") }),
]);
export type SegmentAnswer = z.infer<typeof segmentAnswer>;

export const ingestAnswer = z.object({ answers: z.array(segmentAnswer) });
export type IngestAnswer = z.infer<typeof ingestAnswer>;

/** What the server knows of one source; `register` answers all of a machine's. */
export const sourceCursor = z.object({
  source: sourceKey,
  ...cursor.shape,
  path: z.string(),
  birthMs: epochMs,
  proof: fileProof,
  gone: z.boolean(),
  /** A person deleted the session: nothing of it is wanted. */
  deleted: z.boolean(),
});
export type SourceCursor = z.infer<typeof sourceCursor>;
