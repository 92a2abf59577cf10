import { fstatSync } from "node:fs";
import type { FileProof } from "@agentpane/protocol";
import { type FileFacts, type ProofHashes, proofRanges } from "./decide.ts";
import { readFully, sha256, withFile } from "./file-bytes.ts";
import { LineSplitter } from "./split-lines.ts";

const READ_BYTES = 256 * 1024;

/** Hashes of a file as a proof at `offset` would have them; null where it cannot be read or is shorter. */
export function hashesAt(path: string, offset: number): ProofHashes | null {
  try {
    return withFile(path, (descriptor) => {
      const ranges = proofRanges(offset);
      const bytes = Buffer.allocUnsafe(ranges.headBytes);
      if (!fstatSync(descriptor).isFile()) return null;
      if (readFully(descriptor, bytes, ranges.headBytes, 0) < ranges.headBytes) return null;
      const headSha256 = sha256(bytes);
      if (readFully(descriptor, bytes, ranges.tailBytes, ranges.tailFrom) < ranges.tailBytes) return null;
      return { headSha256, tailSha256: sha256(bytes) };
    });
  } catch {
    return null;
  }
}

/** Where the lines of the range begin; null where it cannot be read or does not end with a line. */
export function lineStarts(path: string, from: number, to: number): number[] | null {
  const bytes = Buffer.allocUnsafe(READ_BYTES);
  try {
    return withFile(path, (descriptor) => {
      const splitter = new LineSplitter(from);
      const starts: number[] = [];
      let end = from;
      while (splitter.position < to) {
        const filled = readFully(descriptor, bytes, READ_BYTES, splitter.position, to);
        if (filled === 0) return null;
        splitter.feed(bytes.subarray(0, filled));
        for (let line = splitter.next(); line !== null; line = splitter.next()) {
          starts.push(line.offset);
          end = line.end;
        }
      }
      return end === to ? starts : null;
    });
  } catch {
    return null;
  }
}

/** The proof of a file of which nothing is committed yet. */
export function emptyProof(file: FileFacts): FileProof {
  const nothing = sha256(Buffer.alloc(0));
  return { ...file, headSha256: nothing, tailSha256: nothing };
}
