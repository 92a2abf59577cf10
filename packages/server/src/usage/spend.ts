import type { SessionRow } from "@agentpane/protocol";
import { sessionTotals } from "../store/rollups.ts";
import type { Db } from "../store/sqlite.ts";

/** What a session's row says of its spend, subagents included. */
export function sessionSpend(
  db: Db,
  session: string,
): Pick<SessionRow, "costNanoUsd" | "unpricedResponses" | "tokens"> {
  const totals = sessionTotals(db, session);
  return {
    costNanoUsd: totals?.cost ?? 0,
    unpricedResponses: totals?.unpriced ?? 0,
    tokens: totals?.tokens ?? 0,
  };
}
