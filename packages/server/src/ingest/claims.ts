import { AgentPaneError, type RequestClosing } from "@agentpane/protocol";
import { decisionDigest, requireFit } from "../fold/request-digest.ts";
import { addAudit } from "../store/audit.ts";
import type { NewDecision } from "../store/contract.ts";
import { type RequestClaim, requestById, type StoredRequest, saveClaim } from "../store/requests.ts";
import type { Db } from "../store/sqlite.ts";
import { auditResult } from "./requests.ts";

/** A decision of which nothing was heard for so long keeps nobody else from deciding; the monitor takes the first. */
export const CLAIM_MS = 10_000;

/** Reserves a request for one decision, in the open transaction, and writes down what was shown and decided. */
export function claim(db: Db, decided: NewDecision, now: number): { machine: string } | AgentPaneError {
  const known = requestById(db, decided.id);
  if (known === null) return new AgentPaneError("not_found", "There is no such request.");
  const settled = whoWasFirst(known, now);
  if (settled !== null) return settled;
  const shown = shownOf(known);
  const subject = { machine: known.machine, request: shown, decision: decided.decision };
  const entry = {
    at: now,
    who: decided.by,
    from: decided.from,
    session: known.session,
    request: known.id,
    latencyMs: Math.max(0, now - known.openedAt),
  };
  const { decision, digest } = decided;
  try {
    requireFit(subject);
    if (decisionDigest(subject) !== digest) {
      addAudit(db, { ...entry, what: "decision.refused", detail: { digest, decision, why: "digest_mismatch" } });
      return new AgentPaneError(
        "digest_mismatch",
        "The decision is not about what the agent asks. Nothing was done; look at the request again.",
      );
    }
  } catch (error) {
    if (error instanceof AgentPaneError) return error;
    throw error;
  }
  saveClaim(db, known.id, { decision: decided.decisionId, by: decided.by, at: now, type: decision.type, digest });
  const { machine } = known;
  addAudit(db, { ...entry, what: "decision", detail: { id: decided.decisionId, digest, decision, machine, shown } });
  return { machine };
}

/** It never left for the monitor: others may decide. */
export function release(db: Db, id: string, decisionId: string, reason: string, now: number): void {
  const known = requestById(db, id);
  if (known?.claim?.decision !== decisionId || known.claim.released) return;
  auditResult(db, known, known.claim, now, { code: "request_unreachable", message: reason });
  saveClaim(db, id, { ...known.claim, released: true });
}

function shownOf({ id, session, body, inputJson, planText }: StoredRequest) {
  const { subagent, kind, tool, suggestions, planPath } = body;
  const plan = planPath === null ? null : { path: planPath, text: planText ?? "" };
  return { id, session, subagent, kind, tool, inputJson: inputJson ?? "", suggestions, plan };
}

/** Null where nobody was. */
function whoWasFirst({ closing, claim }: StoredRequest, now: number): AgentPaneError | null {
  if (closing !== null) {
    return new AgentPaneError("request_settled", `It is settled already: ${settledBy(closing)}.`, {
      details: { closing },
    });
  }
  if (!stands(claim, now)) return null;
  return new AgentPaneError("request_settled", `A decision is on its way already: ${claim.type}, by ${claim.by}.`, {
    details: { claim: { by: claim.by, at: claim.at, type: claim.type } },
  });
}

function stands(claim: RequestClaim | null, now: number): claim is RequestClaim {
  return claim !== null && !claim.released && now - claim.at < CLAIM_MS;
}

/** "allowed in AgentPane, by Ana": `how` may name the person already. */
function settledBy({ how, name }: RequestClosing): string {
  return name === null || how.includes(name) ? how : `${how}, by ${name}`;
}
