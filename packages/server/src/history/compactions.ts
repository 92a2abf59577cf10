import { type Compaction, MAX_COMPACTIONS } from "@agentpane/protocol";
import { compactionEvents } from "../store/events.ts";
import type { Db } from "../store/sqlite.ts";
import type { ReadSource } from "./shown.ts";

/** Where the session's own thread was compacted, as far as its primary transcript tells; of many the last. */
export function compactionsOf(db: Db, primary: ReadSource | null): Compaction[] {
  if (primary === null) return [];
  return compactionEvents(db, primary.id, primary.generation, MAX_COMPACTIONS).map(({ at, preTokens, postTokens }) => ({
    at,
    preTokens: preTokens ?? null,
    postTokens: postTokens ?? null,
  }));
}
