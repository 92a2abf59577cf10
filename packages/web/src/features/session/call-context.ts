import type { SubagentRow } from "@agentpane/protocol";
import { createContext, useContext } from "react";

/** What the block of a call has to know of its session. */
export interface CallSurroundings {
  /** A call without a result still runs. */
  working: boolean;
  /** A person is asked: a call without a result may run, or wait for the answer. */
  asked: boolean;
  /** Where the session works; paths under it are shown without it. */
  cwd: string | null;
  agentOfCall(call: string, subagent: string | null): SubagentRow | null;
  openAgent(subagent: string): void;
}

export const CallContext = createContext<CallSurroundings>({
  working: false,
  asked: false,
  cwd: null,
  agentOfCall: () => null,
  openAgent: () => {},
});

export function useCallSurroundings(): CallSurroundings {
  return useContext(CallContext);
}

/** `path` as seen from where the session works; as it is where it lies elsewhere. */
export function usePath(path: string): string {
  const { cwd } = useCallSurroundings();
  return cwd !== null && path.startsWith(`${cwd}/`) && path.length > cwd.length + 1 ? path.slice(cwd.length + 1) : path;
}
