import type { FileProof, SourceCursor, SourceKey, SubagentMeta } from "@agentpane/protocol";
import { sourceKeyString } from "@agentpane/protocol";
import type { Committed, FileFacts } from "./decide.ts";

/** A lane of the uplink: what changes now goes before what lies from before. */
export type Lane = "live" | "backfill";

/**
 * One transcript as the monitor knows it: about 1 KiB, whatever its size. What is committed is the server's word; the
 * rest is what we saw of the file since the start.
 */
export interface Source {
  readonly id: string;
  readonly key: SourceKey;
  readonly birthMs: number;
  /** Where the file is now, symlinks resolved. */
  path: string;
  committed: Committed;
  /** A person deleted the session: nothing of it is wanted. */
  deleted: boolean;
  /** Whether the server believes that the file is gone. */
  goneThere: boolean;
  /** Whether the file is gone. */
  goneHere: boolean;
  /** The file as it was when its last complete line was read; null until then. */
  drainedAt: FileFacts | null;
  /** Size when we last looked, for the figures of the heartbeat. */
  sizeSeen: number;
  /** Its modification time then: backfill begins with the newest. */
  mtimeSeenMs: number;
  /** The scan that last met the file. */
  scanMark: number;
  /** Seen rewritten: the next reading begins another generation even if the bytes look alike again. */
  rewritten: boolean;
  /** How far an unfinished line that is too long was looked through. */
  oversizeTo: number | null;
  /** In which queue it waits; null where it does not. */
  queued: Lane | null;
  /** A body with its lines is being built or is on its way; there is never a second one. */
  busy: boolean;
  /** It changed while it was busy. */
  dirty: Lane | null;
  /** The server must be told of its path, its end or its facts, even without new lines. */
  untold: boolean;
  meta: SubagentMeta | null;
  /** Modification time of the file with its facts when it was last read; null until then. */
  metaMtimeMs: number | null;
  /** The server refused even an empty event in its place; it is left alone until the next start. */
  setAside: boolean;
}

function blank(key: SourceKey, path: string, birthMs: number): Source {
  return {
    id: sourceKeyString(key),
    key,
    birthMs,
    path,
    committed: { generation: 1, offset: 0, proof: null },
    deleted: false,
    goneThere: false,
    goneHere: false,
    drainedAt: null,
    sizeSeen: 0,
    mtimeSeenMs: 0,
    scanMark: 0,
    rewritten: false,
    oversizeTo: null,
    queued: null,
    busy: false,
    dirty: null,
    untold: false,
    meta: null,
    metaMtimeMs: null,
    setAside: false,
  };
}

export function newSource(key: SourceKey, path: string, birthMs: number): Source {
  return blank(key, path, birthMs);
}

export function knownSource(cursor: SourceCursor): Source {
  const source = blank(cursor.source, cursor.path, cursor.birthMs);
  adoptCursor(source, cursor);
  return source;
}

/** Takes the server's word on how far the source is committed. */
export function adoptCursor(source: Source, cursor: SourceCursor): void {
  source.committed = { generation: cursor.generation, offset: cursor.offset, proof: cursor.proof };
  source.deleted = cursor.deleted;
  source.goneThere = cursor.gone;
  source.drainedAt = null;
  source.oversizeTo = null;
  source.rewritten = false;
  source.sizeSeen = Math.max(source.sizeSeen, cursor.offset);
}

/** The server knows nothing of the source (any more): all of it is to be sent. */
export function forgetCommitted(source: Source): void {
  source.committed = { generation: 1, offset: 0, proof: null };
  source.goneThere = false;
  source.drainedAt = null;
  source.oversizeTo = null;
  source.rewritten = false;
}

/** A segment was committed up to `offset`. */
export function advance(source: Source, generation: number, offset: number, proof: FileProof): void {
  source.committed = { generation, offset, proof };
  source.rewritten = false;
  source.oversizeTo = null;
}

/** Where the next reading begins, with the rewriting that we saw taken into account. */
export function readingCursor(source: Source): Committed {
  return source.rewritten ? { generation: source.committed.generation + 1, offset: 0, proof: null } : source.committed;
}

/** Bytes on disk that are not committed, as far as we know. */
export function behindBytes(source: Source): number {
  if (source.deleted || source.goneHere || source.setAside) return 0;
  const { offset } = source.rewritten ? { offset: 0 } : source.committed;
  return Math.max(0, source.sizeSeen - offset);
}
