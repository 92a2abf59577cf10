import type { AgentRequest, RequestClosing, RequestRow, RequestState } from "@agentpane/protocol";

/** What is stored of a request; texts are null where they were too large to be read for a list. */
export interface RequestFacts {
  id: string;
  session: string;
  openedAt: number;
  state: RequestState;
  closing: RequestClosing | null;
  body: Omit<AgentRequest, "id" | "session" | "openedAt" | "inputJson" | "plan"> & {
    planPath: string | null;
    summary: string;
  };
  inputBytes: number;
  inputJson: string | null;
  planText: string | null;
}

/** A request as pages and scripts get it. `reachable`: its monitor's channel is there. */
export function requestRowOf(
  facts: RequestFacts,
  machine: { id: string; name: string },
  reachable: boolean,
): RequestRow {
  const { id, session, openedAt, state, closing, body, inputBytes, inputJson, planText } = facts;
  const { root: _root, planPath, ...rest } = body;
  return {
    id,
    session,
    openedAt,
    ...rest,
    machine: { id: machine.id, name: machine.name },
    inputJson,
    inputBytes,
    plan: planPath === null ? null : { path: planPath, text: planText },
    state,
    closing,
    latencyMs: closing === null ? null : Math.max(0, closing.at - openedAt),
    reachable: state === "open" && reachable,
  };
}
