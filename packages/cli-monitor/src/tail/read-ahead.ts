import { close, open, read } from "node:fs";
import { OPEN_FLAGS } from "./file-bytes.ts";
import type { Source } from "./source.ts";

/** Files whose first bytes are fetched while others are read. */
export const READ_AHEAD_FILES = 4;

/**
 * Has the system fetch what will be read next, in the thread pool. Reading itself is synchronous, so that without this a first
 * start on a cold disk would wait for one file after the other. What fails here fails again, and is told, when it is read.
 */
export function readAhead(source: Source): void {
  open(source.path, OPEN_FLAGS, (openError, descriptor) => {
    if (openError !== null) return;
    read(descriptor, Buffer.alloc(1), 0, 1, source.committed.offset, () => close(descriptor, () => {}));
  });
}
