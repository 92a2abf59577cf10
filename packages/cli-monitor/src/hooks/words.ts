import type { HookSign } from "@agentpane/agents";
import type { Decision, RequestKind, RequestOutcome } from "@agentpane/protocol";

/** How a decision reads in a list: "edited and allowed by Ana". */
export function decidedHow(decision: Decision, by: string): string {
  return `${decisionWords(decision)} by ${by}`.slice(0, 500);
}

function decisionWords(decision: Decision): string {
  switch (decision.type) {
    case "allow": {
      const allowed = (decision.always ?? []).length > 0 ? "allowed always" : "allowed";
      return decision.updatedInputJson === undefined ? allowed : `edited and ${allowed}`;
    }
    case "deny":
      return decision.stop ? "denied and stopped" : "denied";
    case "answer":
      return "answered";
    case "skip":
      return "skipped";
    case "approve":
      return decision.acceptEdits ? "approved (and edits accepted)" : "approved";
    case "reject":
      return "rejected";
  }
}

export function decidedOutcome(decision: Decision): RequestOutcome {
  switch (decision.type) {
    case "allow":
      return (decision.always ?? []).length > 0 ? "always" : "allowed";
    case "deny":
      return "denied";
    case "answer":
      return "answered";
    case "skip":
      return "skipped";
    case "approve":
      return "approved";
    case "reject":
      return "rejected";
  }
}

const OUTCOMES: Readonly<Record<RequestKind, { yes: RequestOutcome; no: RequestOutcome }>> = {
  permission: { yes: "allowed", no: "denied" },
  question: { yes: "answered", no: "skipped" },
  plan: { yes: "approved", no: "rejected" },
};

/** What a result in the transcript means for what was asked. */
export function resultOutcome(kind: RequestKind, denied: boolean): RequestOutcome {
  return denied ? OUTCOMES[kind].no : OUTCOMES[kind].yes;
}

export function resultHow({ by, denied }: Extract<HookSign, { kind: "result" }>): string {
  const what = denied ? "denied" : "allowed";
  if (by === "person") return `${what} in the terminal`;
  return by === "hook" ? `${what} by another hook` : `${what} by a rule`;
}
