import { createHash } from "node:crypto";
import {
  AgentPaneError,
  type AgentRequest,
  DECISIONS_OF_KIND,
  type Decision,
  decisionSubject,
} from "@agentpane/protocol";

export interface Decided {
  machine: string;
  request: Pick<AgentRequest, "id" | "session" | "subagent" | "kind" | "tool" | "inputJson" | "suggestions" | "plan">;
  decision: Decision;
}

/** Throws `invalid_request` where a decision cannot be one of this request. */
export function requireFit({ request, decision }: Decided): void {
  const { kind, suggestions } = request;
  if (!DECISIONS_OF_KIND[kind].includes(decision.type)) {
    const fitting = DECISIONS_OF_KIND[kind].join(" or ");
    throw new AgentPaneError("invalid_request", `A ${kind} is settled by ${fitting}, not by ${decision.type}.`);
  }
  if (decision.type !== "allow") return;
  const beyond = decision.always?.find((index) => index >= suggestions.length);
  if (beyond !== undefined) {
    throw new AgentPaneError("invalid_request", `The request has no suggestion number ${beyond}.`);
  }
  if (decision.updatedInputJson !== undefined && !isJsonObject(decision.updatedInputJson)) {
    throw new AgentPaneError("invalid_request", "The edited input is not a JSON object.");
  }
}

/** SHA-256, in hex, of what the person saw and chose. Throws `invalid_request` where a text in it is no JSON. */
export function decisionDigest({ machine, request, decision }: Decided): string {
  const { id, session, subagent, tool, inputJson, suggestions, plan } = request;
  try {
    const subject = decisionSubject({
      request: id,
      machine,
      session,
      subagent,
      tool,
      inputJson,
      suggestions,
      plan,
      decision,
    });
    return createHash("sha256").update(subject, "utf8").digest("hex");
  } catch (cause) {
    if (cause instanceof AgentPaneError) throw cause;
    throw new AgentPaneError("invalid_request", "What was asked or decided is not JSON.", { cause });
  }
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
