import type { RequestRow } from "@agentpane/protocol";
import { useQuery } from "@tanstack/react-query";
import { requestQuery } from "../../api/queries.ts";
import { useServices } from "../../services.ts";
import { type WholeRequest, wholeOf } from "./shown.ts";

/** The request with all of its input and plan; what is too large for the feed is asked for by its id. */
export function useWhole(row: RequestRow): { whole: WholeRequest | null; problem: Error | null } {
  const { api } = useServices();
  const here = wholeOf(row);
  const query = useQuery({ ...requestQuery(api, row.id), enabled: here === null && row.state === "open" });
  if (here !== null) return { whole: here, problem: null };
  const fetched = query.data === undefined ? null : wholeOf({ ...query.data, state: row.state, closing: row.closing });
  return { whole: fetched, problem: query.error };
}
