import { hash } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from "node:fs";
import type { Adapter } from "@agentpane/agents";
import { type FileProof, PROOF_BYTES } from "@agentpane/protocol";
import { type Committed, decide, type FileFacts, proofRanges, provenMtimeMs } from "./decide.ts";
import { type LineCounts, type RangeReading, SegmentDraft } from "./segment-draft.ts";
import { LineSplitter } from "./split-lines.ts";

/** New bytes of one read, and so about the size of a segment: long enough to compress well, 1-3 ms to parse. */
export const READ_BYTES = 256 * 1024;
/** Bytes of one unfinished line that are passed over before others get their turn. */
const MAX_BYTES_PER_TURN = 32 * 1024 * 1024;

/** Never follow a link that was put in a file's place, never wait for a pipe's other end. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

export interface Reading extends RangeReading {
  generation: number;
  proof: FileProof;
}

export type ReadOutcome =
  | { kind: "missing" }
  | { kind: "unreadable"; error: Error }
  /** It changed under our hands; look again. */
  | { kind: "changed" }
  | { kind: "unchanged"; file: FileFacts }
  | {
      kind: "read";
      /** Null where no further line is complete. */
      reading: Reading | null;
      /** The file as it was before it was read. */
      file: FileFacts;
      /** Whether every complete line of `file` is read. */
      drained: boolean;
      rewritten: boolean;
      /** How far an unfinished line that is too long was looked through; null where there is none. */
      oversizeTo: number | null;
    };

/** The two windows that reads go into by turns, so that what overlaps can be compared. One reader at a time uses them. */
const windows = [
  Buffer.allocUnsafeSlow(PROOF_BYTES + READ_BYTES),
  Buffer.allocUnsafeSlow(PROOF_BYTES + READ_BYTES),
] as const;

/**
 * Verifies `path` against what is committed of it and reads the next lines, about `READ_BYTES` of them.
 *
 * It is synchronous on purpose: from the page cache this takes a tenth of what the thread pool's hops cost, one reader
 * at a time bounds the buffers, and a live line needs no turn of the event loop. The descriptor never outlives the call.
 *
 * `oversizeTo` is what the last call said of the same cursor, so that a huge unfinished line is not read again.
 */
export function readOn(
  path: string,
  committed: Committed,
  adapter: Adapter,
  counts: LineCounts,
  oversizeTo: number | null = null,
): ReadOutcome {
  let descriptor: number;
  try {
    descriptor = openSync(path, OPEN_FLAGS);
  } catch (error) {
    return failure(error as NodeJS.ErrnoException);
  }
  try {
    return readOpen(descriptor, committed, adapter, counts, oversizeTo);
  } catch (error) {
    return failure(error as NodeJS.ErrnoException);
  } finally {
    closeSync(descriptor);
  }
}

function failure(error: NodeJS.ErrnoException): ReadOutcome {
  return error.code === "ENOENT" || error.code === "ENOTDIR" ? { kind: "missing" } : { kind: "unreadable", error };
}

/** The file's size, time and inode in the form that proofs compare. */
export function factsOf(stats: Stats): FileFacts {
  return { size: stats.size, mtimeMs: Math.max(0, stats.mtimeMs), inode: String(stats.ino) };
}

function readOpen(
  descriptor: number,
  committed: Committed,
  adapter: Adapter,
  counts: LineCounts,
  oversizeTo: number | null,
): ReadOutcome {
  const lookedAt = Date.now();
  const stats = fstatSync(descriptor);
  if (!stats.isFile()) return { kind: "unreadable", error: new Error("is not a regular file") };
  const file = factsOf(stats);
  let decision = decide(committed, file, null);
  if (decision.kind === "unchanged") return { kind: "unchanged", file };

  const head = Buffer.allocUnsafe(PROOF_BYTES);
  let headBytes = 0;
  let window: Buffer = windows[0];
  /** Bytes at the window's beginning that stand before what is new. */
  let history = 0;
  let filled: number;
  if (decision.kind === "verify") {
    const ranges = proofRanges(committed.offset);
    headBytes = readFully(descriptor, head, ranges.headBytes, 0);
    filled = readFully(descriptor, window, ranges.tailBytes + READ_BYTES, ranges.tailFrom, file.size);
    history = Math.min(ranges.tailBytes, filled);
    decision = decide(committed, file, {
      headSha256: sha256(head.subarray(0, headBytes)),
      tailSha256: sha256(window.subarray(0, history)),
    });
    if (decision.kind !== "read") return { kind: "changed" };
  } else {
    filled = 0;
  }
  const { generation, from, rewritten } = decision;
  if (from === 0) {
    history = 0;
    headBytes = 0;
    filled = readFully(descriptor, window, READ_BYTES, 0, file.size);
  }

  const resumeAt =
    oversizeTo !== null && !rewritten && oversizeTo > from && oversizeTo <= file.size ? oversizeTo : null;
  const splitter = new LineSplitter(from, resumeAt ?? from);
  const draft = new SegmentDraft(adapter, from, counts);
  if (resumeAt !== null) {
    headBytes = readFully(descriptor, head, PROOF_BYTES, 0);
    history = Math.min(PROOF_BYTES, resumeAt);
    filled = readFully(descriptor, window, history + READ_BYTES, resumeAt - history, file.size);
  }
  const begun = splitter.position;
  for (;;) {
    if (filled < history) return { kind: "changed" };
    if (splitter.position < PROOF_BYTES && headBytes === splitter.position) {
      headBytes += window.copy(head, headBytes, history, Math.min(filled, history + PROOF_BYTES - headBytes));
    }
    splitter.feed(window.subarray(history, filled));
    for (let line = splitter.next(); line !== null; line = splitter.next()) {
      draft.add(line);
      if (draft.isFull) break;
    }
    // Lines are views into the window, so it is left as it is once there is one.
    if (!draft.isEmpty || splitter.position >= file.size) break;
    if (splitter.position - begun >= MAX_BYTES_PER_TURN && splitter.skipping) break;
    const overlap = Math.min(PROOF_BYTES, filled);
    const known = window.subarray(filled - overlap, filled);
    window = window === windows[0] ? windows[1] : windows[0];
    filled = readFully(descriptor, window, overlap + READ_BYTES, splitter.position - overlap, file.size);
    history = overlap;
    // Whoever rewrites the file between two reads gives himself away here.
    if (filled <= overlap || known.compare(window, 0, overlap) !== 0) return { kind: "changed" };
  }
  if (fstatSync(descriptor).size < file.size) return { kind: "changed" };
  if (draft.isEmpty) {
    const atEnd = splitter.position >= file.size;
    return {
      kind: "read",
      reading: null,
      file,
      drained: atEnd,
      rewritten,
      oversizeTo: splitter.skipping ? splitter.position : null,
    };
  }
  const range = draft.close();
  const ranges = proofRanges(range.to);
  const windowFrom = splitter.position - filled;
  const headSha256 =
    from >= PROOF_BYTES && committed.proof !== null && !rewritten
      ? committed.proof.headSha256
      : sha256(head.subarray(0, ranges.headBytes));
  const reading: Reading = {
    ...range,
    generation,
    proof: {
      size: file.size,
      mtimeMs: provenMtimeMs(file.mtimeMs, lookedAt),
      inode: file.inode,
      headSha256,
      tailSha256: sha256(window.subarray(ranges.tailFrom - windowFrom, range.to - windowFrom)),
    },
  };
  return {
    kind: "read",
    reading,
    file,
    drained: splitter.position >= file.size && !draft.isFull,
    rewritten,
    oversizeTo: null,
  };
}

/** Hashes of a file as a proof at `offset` would have them; null where it cannot be read or is shorter. */
export function hashesAt(path: string, offset: number): { headSha256: string; tailSha256: string } | null {
  let descriptor: number;
  try {
    descriptor = openSync(path, OPEN_FLAGS);
  } catch {
    return null;
  }
  try {
    const ranges = proofRanges(offset);
    const bytes = Buffer.allocUnsafe(ranges.headBytes);
    if (!fstatSync(descriptor).isFile()) return null;
    if (readFully(descriptor, bytes, ranges.headBytes, 0) < ranges.headBytes) return null;
    const headSha256 = sha256(bytes);
    if (readFully(descriptor, bytes, ranges.tailBytes, ranges.tailFrom) < ranges.tailBytes) return null;
    return { headSha256, tailSha256: sha256(bytes) };
  } catch {
    return null;
  } finally {
    closeSync(descriptor);
  }
}

/** The proof of a file of which nothing is committed yet. */
export function emptyProof(file: FileFacts): FileProof {
  const nothing = sha256(Buffer.alloc(0));
  return { ...file, headSha256: nothing, tailSha256: nothing };
}

function sha256(bytes: Buffer): string {
  return hash("sha256", bytes, "hex");
}

/** Reads `length` bytes from `position`, fewer only at the end of the file or at `limit`. */
function readFully(descriptor: number, into: Buffer, length: number, position: number, limit = Infinity): number {
  const wanted = Math.min(length, limit - position);
  let done = 0;
  while (done < wanted) {
    const bytes = readSync(descriptor, into, done, wanted - done, position + done);
    if (bytes === 0) break;
    done += bytes;
  }
  return done;
}
