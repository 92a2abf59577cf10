import type { Decision } from "@agentpane/protocol";
import { useState } from "react";
import { useServices } from "../../services.ts";
import { digestOf, type WholeRequest } from "./shown.ts";

export interface Deciding {
  sending: boolean;
  /** Why the last decision was not taken; who was first, where somebody was. */
  problem: string | null;
  /** One at a time: while one is on its way, nothing else is sent. */
  decide(decision: Decision): void;
}

/** Sends decisions about one request. What became of it comes over the feed, which takes the request away. */
export function useDecide(whole: WholeRequest | null): Deciding {
  const { api } = useServices();
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const send = async (request: WholeRequest, decision: Decision): Promise<void> => {
    setSending(true);
    setProblem(null);
    try {
      await api.decide(request.row.id, { decision, digest: await digestOf(request, decision) });
    } catch (error) {
      setProblem((error as Error).message);
      setSending(false);
    }
  };
  return {
    sending,
    problem,
    decide(decision) {
      if (whole !== null && !sending) void send(whole, decision);
    },
  };
}
