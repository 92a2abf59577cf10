/** What a status is called everywhere. */
export const statusTexts = {
  approval: "Needs approval",
  plan: "Plan to approve",
  question: "Question",
  error: "Stopped by an error",
  working: "Working",
  ready: "Your turn",
  ended: "Ended",
  unknown: "No fresh evidence",
} as const;
