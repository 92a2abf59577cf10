import type { SubagentRow } from "@agentpane/protocol";
import { createContext, useContext } from "react";

/** What the block of a call has to know of its session. */
export interface CallSurroundings {
  /** A call without a result still runs. */
  working: boolean;
  agentOfCall(call: string, subagent: string | null): SubagentRow | null;
  openAgent(subagent: string): void;
}

export const CallContext = createContext<CallSurroundings>({
  working: false,
  agentOfCall: () => null,
  openAgent: () => {},
});

export function useCallSurroundings(): CallSurroundings {
  return useContext(CallContext);
}
