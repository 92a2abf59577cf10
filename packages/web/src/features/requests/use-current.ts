import type { RequestRow } from "@agentpane/protocol";
import { useState } from "react";

export interface Current {
  row: RequestRow | null;
  choose(id: string): void;
  /** How often it became another by itself because the one before left; only `row` was moved to so, not chosen. */
  moves: number;
}

interface Standing {
  id: string | null;
  /** All that stood open, in their order, when this was found. */
  ids: readonly string[];
  moves: number;
}

/** The request that the keys speak to. It stays until it leaves, then the one that stood after it is next. */
export function useCurrent(open: readonly RequestRow[]): Current {
  const [standing, setStanding] = useState<Standing>({ id: null, ids: [], moves: 0 });
  const now = followed(standing, open);
  if (now !== standing) setStanding(now);
  return {
    row: open.find((row) => row.id === now.id) ?? null,
    choose: (id) => setStanding((before) => (before.id === id ? before : { ...before, id, moves: 0 })),
    moves: now.moves,
  };
}

function followed(before: Standing, open: readonly RequestRow[]): Standing {
  const ids = open.map((row) => row.id);
  const same = ids.length === before.ids.length && ids.every((id, index) => id === before.ids[index]);
  if (same) return before;
  if (before.id === null) return { id: ids[0] ?? null, ids, moves: 0 };
  if (ids.includes(before.id)) return { ...before, ids };
  const after = before.ids.slice(before.ids.indexOf(before.id) + 1).find((id) => ids.includes(id));
  return { id: after ?? ids.at(-1) ?? null, ids, moves: before.moves + 1 };
}
