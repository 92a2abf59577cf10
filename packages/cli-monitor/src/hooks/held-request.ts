import type { HookRequest } from "@agentpane/agents";
import type { AgentRequest } from "@agentpane/protocol";
import type { HookCall } from "./hook-call.ts";
import type { JoinedRequest } from "./joiner.ts";
import type { WaitingWatch } from "./waiting.ts";

/** A request that a person may settle, and the call that waits for it. */
export interface HeldRequest {
  /** As it was told, from the bytes that are held. */
  told: AgentRequest;
  asked: HookRequest;
  call: HookCall;
  bytes: number;
  /** Null where its transcript is not known. */
  joined: JoinedRequest | null;
  waiting: WaitingWatch;
  /** When its caller went away; null while it waits. */
  hungUpAt: number | null;
}
