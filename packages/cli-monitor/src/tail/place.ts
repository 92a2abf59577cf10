/** What mapping needs to know of a source. */
export interface PlacedSource {
  path: string;
  key: { copy: number };
  committed: { offset: number };
}

export type Placement<S> =
  | { kind: "known"; source: S }
  /** The source's file moved here. */
  | { kind: "moved"; source: S }
  /** A file that was not there before; `copy` tells it from others of the same conversation. */
  | { kind: "new"; copy: number };

/**
 * Which source a file is. `others` are the sources of the same product, root, session and subagent.
 *
 * The same path is the same source, even rewritten (that is its next generation). Another path is the same source only
 * if the old path is gone and the bytes up to the cursor are the same there; otherwise it is a second file.
 */
export function place<S extends PlacedSource>(
  path: string,
  others: readonly S[],
  isThere: (path: string) => boolean,
  matches: (source: S) => boolean,
): Placement<S> {
  const known = others.find((source) => source.path === path);
  if (known !== undefined) return { kind: "known", source: known };
  const moved = others.find((source) => !isThere(source.path) && (source.committed.offset === 0 || matches(source)));
  if (moved !== undefined) return { kind: "moved", source: moved };
  return { kind: "new", copy: Math.max(0, ...others.map((source) => source.key.copy)) + 1 };
}
