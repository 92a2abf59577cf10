import { fstatSync } from "node:fs";
import type { Adapter } from "@agentpane/agents";
import { type FileProof, PROOF_BYTES } from "@agentpane/protocol";
import { type Committed, decide, type FileFacts, proofRanges, provenMtimeMs } from "./decide.ts";
import { factsOf, readFully, sha256, withFile } from "./file-bytes.ts";
import { ReadWindow } from "./read-window.ts";
import { type LineCounts, type RangeReading, SegmentDraft } from "./segment-draft.ts";
import { LineSplitter } from "./split-lines.ts";

/** Bytes of one unfinished line that are passed over before others get their turn. */
const MAX_BYTES_PER_TURN = 32 * 1024 * 1024;

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

export interface ReadRequest {
  path: string;
  committed: Committed;
  adapter: Adapter;
  counts: LineCounts;
  /** What the last reading at the same cursor said, so that a huge unfinished line is not read again. */
  oversizeTo: number | null;
}

/**
 * Verifies the file against what is committed of it and reads the next lines: those of one window, or one line that is
 * longer.
 *
 * It is synchronous on purpose: from the page cache this takes a tenth of what the thread pool's hops cost, one reader
 * at a time bounds the buffers, and a live line needs no turn of the event loop.
 */
export function readOn(request: ReadRequest): ReadOutcome {
  try {
    return withFile(request.path, (descriptor) => readOpen(descriptor, request));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return { kind: "missing" };
    return { kind: "unreadable", error: error as Error };
  }
}

function readOpen(descriptor: number, { committed, adapter, counts, oversizeTo }: ReadRequest): ReadOutcome {
  const lookedAt = Date.now();
  const stats = fstatSync(descriptor);
  if (!stats.isFile()) return { kind: "unreadable", error: new Error("is not a regular file") };
  const file = factsOf(stats);
  const window = new ReadWindow(descriptor, file.size);
  const head = new Head(descriptor);
  let decision = decide(committed, file, null);
  if (decision.kind === "unchanged") return { kind: "unchanged", file };
  if (decision.kind === "verify") {
    head.read(proofRanges(committed.offset).headBytes);
    window.moveTo(committed.offset);
    decision = decide(committed, file, { headSha256: head.sha256(), tailSha256: sha256(window.before) });
    if (decision.kind !== "read") return { kind: "changed" };
  }
  const { generation, from, rewritten } = decision;
  const resumes = oversizeTo !== null && !rewritten && oversizeTo > from && oversizeTo <= file.size;
  const begin = resumes ? oversizeTo : from;
  if (resumes) head.read(PROOF_BYTES);
  else if (from === 0) head.read(0);
  if (resumes || from === 0) window.moveTo(begin);

  const splitter = new LineSplitter(from, begin);
  const draft = new SegmentDraft(adapter, from, counts);
  for (;;) {
    head.extend(splitter.position, window.fresh);
    splitter.feed(window.fresh);
    for (let line = splitter.next(); line !== null; line = splitter.next()) {
      draft.add(line);
      if (draft.isFull) break;
    }
    // Lines are views into the window, so it is left as it is once there is one.
    if (!draft.isEmpty || splitter.position >= file.size) break;
    if (splitter.skipping && splitter.position - begin >= MAX_BYTES_PER_TURN) break;
    if (!window.advance()) return { kind: "changed" };
  }
  if (fstatSync(descriptor).size < file.size) return { kind: "changed" };

  const atEnd = splitter.position >= file.size && !draft.isFull;
  const outcome = { kind: "read", file, drained: atEnd, rewritten } as const;
  if (draft.isEmpty) {
    return { ...outcome, reading: null, oversizeTo: splitter.skipping ? splitter.position : null };
  }
  const ranges = proofRanges(draft.to);
  const proof: FileProof = {
    size: file.size,
    mtimeMs: provenMtimeMs(file.mtimeMs, lookedAt),
    inode: file.inode,
    headSha256: head.sha256(ranges.headBytes),
    tailSha256: sha256(window.range(ranges.tailFrom, draft.to)),
  };
  return { ...outcome, reading: { ...draft.close(), generation, proof }, oversizeTo: null };
}

/** The file's first bytes, as they were read. */
class Head {
  readonly #descriptor: number;
  readonly #bytes = Buffer.allocUnsafe(PROOF_BYTES);
  #length = 0;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  read(length: number): void {
    this.#length = readFully(this.#descriptor, this.#bytes, length, 0);
  }

  /** Takes what of the bytes at `position` follows what is known of the head. */
  extend(position: number, bytes: Buffer): void {
    if (position === this.#length) this.#length += bytes.copy(this.#bytes, position, 0);
  }

  sha256(length = this.#length): string {
    return sha256(this.#bytes.subarray(0, length));
  }
}
