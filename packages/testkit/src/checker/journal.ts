/**
 * What a writer noted down while it wrote: every life of every transcript, every complete line in it.
 * A life is one growth of one file: it only grows; truncating or rewriting the file begins the next.
 */
export interface JournaledLine {
  offset: number;
  /** Length without the newline. */
  length: number;
  /** SHA-256 of the bytes without the newline, hex. */
  sha256: string;
  kept: "whole" | "dropped" | "replaced" | "any";
  kinds: readonly string[];
  never: readonly string[];
  usage: readonly { key: string; outputTokens: number }[] | null;
}

export interface JournaledLife {
  root: string;
  session: string;
  subagent: string | null;
  /** Complete lines only, in order. */
  lines: JournaledLine[];
  /** Where the last complete line ends, its newline included. */
  completeBytes: number;
  /**
   * Up to here the life is known to have been committed (somebody looked while it stood): this much must still be
   * in the store whatever happened later. 0 where nobody looked.
   */
  seenBytes: number;
}

/** A transcript that is on the disk now, and the life that it shows. */
export interface PresentFile {
  path: string;
  life: JournaledLife;
}

export interface Journal {
  /** In the order of their beginnings. */
  lives: readonly JournaledLife[];
  present: readonly PresentFile[];
}
