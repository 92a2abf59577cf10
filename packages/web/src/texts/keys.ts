/** Keys and what they do. */
export const keysTexts = {
  title: "Keys",
  close: "Close",
  groups: { move: "Move", session: "In a session", page: "Anywhere" },
  down: "next session",
  up: "the one before",
  open: "open",
  escape: "close",
  filter: "filter",
  previous: "previous session",
  next: "next session",
  help: "all keys",
  goSessions: "go to Sessions",
  first: "first session",
  last: "last session",
} as const;
