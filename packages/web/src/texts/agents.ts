/** The subagents of a session; loaded with their tab. */
export const agentsTexts = {
  title: "Agents",
  none: "This session has started no agents.",
  untitled: "Agent without a description",
  agent: "agent",
  stub: "the agent that started it has not arrived",
  fold: "Fold up",
  unfold: "Unfold",
  head: { agent: "Agent", model: "Model", status: "Status", tokens: "Tokens", cost: "Cost", took: "Duration" },
} as const;
