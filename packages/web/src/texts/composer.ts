import type { InputState } from "@agentpane/protocol";

/** The line at the foot of a session. */
export const composerTexts = {
  section: "Write to the agent",
  field: "Words for the agent",
  placeholder: "Write to the agent",
  hint: "Enter sends, Shift+Enter makes a new line",
  key: "write to the agent",
  send: "Send",
  sending: "Sending",
  stop: "Stop",
  stopTitle: "Stop the turn, as Escape does",
  states: {
    sent: "Sent",
    queued: "Queued: the agent takes it after its turn",
    taken: "Taken: it is in the transcript",
    not_seen: "Not seen",
    not_sent: "Not sent",
  } satisfies Record<InputState, string>,
  stopped: "Stopped",
  because: (state: string, reason: string | null) => (reason === null ? state : `${state}: ${reason}`),
  readOnly: "Your link only lets you read. A link for approvers lets you write: agentpane link --role approver",
  unknown: "It is not known how to reach this session: no monitor tells of its process.",
  outOfReach: (reason: string) => `Words cannot reach it: ${reason}`,
  howTo: "Start it so that it can be reached:",
  command: "agentpane run -- claude",
} as const;
