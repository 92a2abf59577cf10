import { type FileProof, PROOF_BYTES } from "@agentpane/protocol";

/** How far a source is committed, and what proves that a file is still that source. */
export interface Committed {
  generation: number;
  offset: number;
  /** Null while nothing of the source is committed. */
  proof: FileProof | null;
}

/** What the file system says of a file now. */
export interface FileFacts {
  size: number;
  mtimeMs: number;
  inode: string;
}

/** SHA-256 of the two ranges of the file that `FileProof` names, as they are now. */
export interface ProofHashes {
  headSha256: string;
  tailSha256: string;
}

export type Decision =
  /** Nothing to do: the file is the committed one, to its last byte. */
  | { kind: "unchanged" }
  /** Hash the file as the proof says and decide again. */
  | { kind: "verify" }
  /** Read on from `from`; `rewritten` where that begins another generation. */
  | { kind: "read"; generation: number; from: number; rewritten: boolean };

/**
 * A modification time is only as fine as the kernel's clock tick (1-10 ms): a file can be rewritten within the tick in
 * which we looked and keep its time. A proof taken so soon after the last write therefore gets a time that no file
 * has, and the next look verifies the hashes instead of trusting it.
 */
export const RACY_MTIME_MS = 20;

/** The time to write into a proof for a file that was looked at when the clock said `now`. */
export function provenMtimeMs(mtimeMs: number, now: number): number {
  return now - mtimeMs < RACY_MTIME_MS ? Math.max(0, mtimeMs - 1) : mtimeMs;
}

export function sameFacts(a: FileFacts, b: FileFacts): boolean {
  return a.size === b.size && a.mtimeMs === b.mtimeMs && a.inode === b.inode;
}

/** The whole rule of cursors and generations, for one file and one moment. */
export function decide(committed: Committed, file: FileFacts, hashes: ProofHashes | null): Decision {
  const { generation, offset, proof } = committed;
  if (proof === null || offset === 0) return { kind: "read", generation, from: 0, rewritten: false };
  if (file.size < offset) return { kind: "read", generation: generation + 1, from: 0, rewritten: true };
  if (hashes !== null) {
    const same = hashes.headSha256 === proof.headSha256 && hashes.tailSha256 === proof.tailSha256;
    return same
      ? { kind: "read", generation, from: offset, rewritten: false }
      : { kind: "read", generation: generation + 1, from: 0, rewritten: true };
  }
  // A cursor before the end may stand in the middle of a long reading, so only a file read to its end rests.
  if (offset === file.size && sameFacts(file, proof)) return { kind: "unchanged" };
  return { kind: "verify" };
}

/** The ranges that a proof at `offset` hashes: the head, and what stands before the cursor. */
export function proofRanges(offset: number): { headBytes: number; tailFrom: number; tailBytes: number } {
  const bytes = Math.min(offset, PROOF_BYTES);
  return { headBytes: bytes, tailFrom: offset - bytes, tailBytes: bytes };
}
