import { hash } from "node:crypto";
import { closeSync, constants, openSync, readSync, type Stats } from "node:fs";
import type { FileFacts } from "./decide.ts";

/** Never follow a link that was put in a file's place, never wait for a pipe's other end. */
export const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Opens the file for `use` alone; throws what opening and using it throws. The descriptor never outlives the call. */
export function withFile<T>(path: string, use: (descriptor: number) => T): T {
  const descriptor = openSync(path, OPEN_FLAGS);
  try {
    return use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Reads `length` bytes from `position`, fewer only at the end of the file or at `limit`. */
export function readFully(
  descriptor: number,
  into: Buffer,
  length: number,
  position: number,
  limit = Number.POSITIVE_INFINITY,
): number {
  const wanted = Math.min(length, limit - position);
  let done = 0;
  while (done < wanted) {
    const bytes = readSync(descriptor, into, done, wanted - done, position + done);
    if (bytes === 0) break;
    done += bytes;
  }
  return done;
}

/** The file's size, time and inode in the form that proofs compare. */
export function factsOf(stats: Stats): FileFacts {
  return { size: stats.size, mtimeMs: Math.max(0, stats.mtimeMs), inode: String(stats.ino) };
}

export function sha256(bytes: Buffer): string {
  return hash("sha256", bytes, "hex");
}
