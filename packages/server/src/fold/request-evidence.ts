import { CHANNEL_LOST_MS, type RequestKind } from "@agentpane/protocol";
import { earliest, plain, type Status } from "./reported.ts";

/** Open requests of one session that its row names; of more, the oldest. */
export const MAX_REQUESTS_PER_SESSION = 50;

/** A request that stands open, by the server's clock. */
export interface RequestEvidence {
  id: string;
  kind: RequestKind;
  tool: string;
  summary: string;
  subagent: string | null;
  openedAt: number;
  /** Since when nothing was heard on its machine's channel; null while it is there. */
  lostAt: number | null;
}

const SAYS: Readonly<Record<RequestKind, { status: Status["status"]; words: string }>> = {
  permission: { status: "approval", words: "waits for permission" },
  question: { status: "question", words: "asked a question" },
  plan: { status: "approval", words: "a plan waits for approval" },
};

/** In whatever order they are given, the same ones in the same order. */
export function oldestFirst(requests: Iterable<RequestEvidence>): RequestEvidence[] {
  return [...requests]
    .sort((a, b) => a.openedAt - b.openedAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
    .slice(0, MAX_REQUESTS_PER_SESSION);
}

/** What the hook says, which holds a request open just now; null where it holds none that is heard of. */
export function hookStatus(requests: readonly RequestEvidence[], runningAgents: number, now: number): Status | null {
  const heard = requests.filter(({ lostAt }) => lostAt === null || now - lostAt < CHANNEL_LOST_MS);
  const [first] = heard;
  if (first === undefined) return null;
  const { status, words } = SAYS[first.kind];
  const more = heard.length > 1 ? `, and ${heard.length - 1} more` : "";
  const until = earliest(...heard.map(({ lostAt }) => (lostAt === null ? null : lostAt + CHANNEL_LOST_MS)));
  return {
    ...plain(status, first.openedAt, "hook", `${words}${more}, from the hook`, until),
    activity: { what: first.tool, summary: first.summary, since: first.openedAt },
    runningAgents,
  };
}
