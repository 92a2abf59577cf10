import { DEFAULT_DANGEROUS } from "@agentpane/protocol";
import { useQuery } from "@tanstack/react-query";
import { meQuery } from "../../api/queries.ts";
import { useServices } from "../../services.ts";

/** Whether this page's token may decide, and what settings call dangerous. Until it is known, nothing may be decided. */
export function useApprover(): { mayDecide: boolean; dangerous: readonly string[] } {
  const { api } = useServices();
  const { data } = useQuery(meQuery(api));
  const mayDecide = data !== undefined && (data.role === "approver" || data.role === "admin");
  return { mayDecide, dangerous: data?.dangerous ?? DEFAULT_DANGEROUS };
}
