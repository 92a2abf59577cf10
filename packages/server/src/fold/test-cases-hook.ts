import type { RequestEvidence } from "./request-evidence.ts";
import { calls, caseOf, HOOKED, LONG, MINUTE, SECOND, type StatusCase, T, workingAgent } from "./test-status-case.ts";

const asked = (changes: Partial<RequestEvidence> = {}): RequestEvidence => ({
  id: `r_${"1".repeat(32)}`,
  kind: "permission",
  tool: "Bash",
  summary: "npm test",
  subagent: null,
  openedAt: T,
  lostAt: null,
  ...changes,
});
const activity = (what: string, summary: string) => ({ what, summary, since: T });

/** While the hook holds a request open. The recordings beneath were made without it. */
export const fromHook: readonly StatusCase[] = [
  caseOf({
    name: "the hook holds a permission open",
    transcript: [LONG, calls("Bash")],
    registry: "waiting-permission-prompt",
    requests: [asked()],
    expected: {
      status: "approval",
      source: "hook",
      since: T,
      sentence: "waits for permission, from the hook",
      activity: activity("Bash", "npm test"),
    },
  }),
  caseOf({
    name: "the hook holds a permission open before the registry says that it waits",
    transcript: [LONG, calls("Bash")],
    registry: "busy",
    requests: [asked()],
    expected: { status: "approval", source: "hook", sentence: "waits for permission, from the hook" },
  }),
  caseOf({
    name: "the hook holds a question open, and a permission of a subagent behind it",
    transcript: [HOOKED],
    agents: workingAgent(),
    registry: "waiting-input-needed",
    requests: [
      asked({ id: `r_${"2".repeat(32)}`, subagent: "a3e265d12102b79f9", openedAt: T + SECOND }),
      asked({ kind: "question", tool: "AskUserQuestion", summary: "Which one?" }),
    ],
    expected: {
      status: "question",
      source: "hook",
      sentence: "asked a question, and 1 more, from the hook",
      activity: activity("AskUserQuestion", "Which one?"),
    },
  }),
  caseOf({
    name: "the hook holds a plan open",
    transcript: [LONG, calls("Bash")],
    requests: [asked({ kind: "plan", tool: "ExitPlanMode", summary: "Rework the shop" })],
    expected: { status: "approval", source: "hook", sentence: "a plan waits for approval, from the hook" },
  }),
  caseOf({
    name: "the hook held a request when its channel was lost, thirty seconds ago",
    transcript: [LONG, calls("Bash")],
    requests: [asked({ lostAt: T - MINUTE })],
    expected: { status: "working", source: "transcript", sentence: "Bash is running, from the transcript" },
  }),
];
