/** What is said of what changed out of sight. */
export const toastsTexts = {
  label: "News",
  dismiss: "Dismiss",
  in: (status: string, project: string) => `${status} in ${project}`,
  silent: (name: string) => `${name} has gone silent`,
  silentHelp: "What you see of it is no longer current.",
} as const;
