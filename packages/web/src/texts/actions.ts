/** What can be done by name or by key on every page. */
export const actionsTexts = {
  nextNeed: "Next session that needs you",
  nextNeedWords: "waiting approval question",
  clearFilters: "Clear all filters",
  copyLink: "Copy the link to this page",
  theme: (name: string) => `Theme: ${name.toLowerCase()}`,
} as const;
