/** What mapping needs to know of a source. */
export interface PlacedSource {
  path: string;
  key: { copy: number };
  committed: { offset: number };
}

/** What mapping needs to know of the disk. */
export interface Looks<S> {
  /** Whether the source's file still stands where it was last. */
  isThere(source: S): boolean;
  /** Whether the bytes up to the source's cursor stand in the file in question. */
  holds(source: S): boolean;
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
 * The same path is the same source, even rewritten (that is its next generation; but see `claimant`). Another path is the
 * same source only if the old path is gone and the bytes up to the cursor are the same there; otherwise it is a second
 * file.
 */
export function place<S extends PlacedSource>(path: string, others: readonly S[], looks: Looks<S>): Placement<S> {
  const known = others.find((source) => source.path === path && looks.isThere(source));
  if (known !== undefined) return { kind: "known", source: known };
  const gone = others.filter((source) => !looks.isThere(source));
  // Of a source without bytes there is nothing to compare, and nothing that could be mixed up.
  const moved = longestHeld(gone, looks) ?? gone.find(({ committed }) => committed.offset === 0);
  if (moved !== undefined) return { kind: "moved", source: moved };
  return { kind: "new", copy: Math.max(0, ...others.map((source) => source.key.copy)) + 1 };
}

/**
 * The source whose file was moved over that of `known`, whose own bytes are no longer there: one of the same conversation
 * whose path is gone and whose bytes stand here. Undefined where the file was simply rewritten.
 */
export function claimant<S extends PlacedSource>(known: S, others: readonly S[], looks: Looks<S>): S | undefined {
  const gone = others.filter((source) => source !== known && !looks.isThere(source));
  return longestHeld(gone, looks);
}

function longestHeld<S extends PlacedSource>(gone: readonly S[], looks: Looks<S>): S | undefined {
  const held = gone.filter((source) => source.committed.offset > 0 && looks.holds(source));
  return held.sort((a, b) => b.committed.offset - a.committed.offset)[0];
}
