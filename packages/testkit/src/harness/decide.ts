import { createHash } from "node:crypto";
import { type Decision, decisionSubject, type RequestRow } from "@agentpane/protocol";
import type { ApiAnswer, ApiClient } from "./api-client.ts";

/** Settles a request as the page does: under a digest of what the row shows, which must be all of it. */
export async function decideOn(api: ApiClient, row: RequestRow, decision: Decision): Promise<ApiAnswer> {
  const { id, machine, session, subagent, tool, inputJson, suggestions, plan } = row;
  if (inputJson === null || plan?.text === null) throw new Error("the row does not hold the whole request");
  const shown = plan === null ? null : { path: plan.path, text: plan.text };
  const about = { request: id, machine: machine.id, session, subagent, tool, inputJson, suggestions, plan: shown };
  const digest = createHash("sha256")
    .update(decisionSubject({ ...about, decision }))
    .digest("hex");
  return await api.call("POST", `/api/v1/requests/${id}/decision`, { body: { decision, digest } });
}
