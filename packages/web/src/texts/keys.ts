/** What a key is called on its cap; a letter is its own name. */
export const KEY_CAPS: Readonly<Record<string, string>> = {
  ArrowDown: "↓",
  ArrowUp: "↑",
  ArrowLeft: "←",
  ArrowRight: "→",
  Enter: "↵",
  Escape: "esc",
};

/** Keys and what they do. */
export const keysTexts = {
  title: "Keys",
  close: "Close",
  groups: { move: "Move", list: "In the list", session: "In a session", page: "Anywhere" },
  down: "next session",
  up: "the one before",
  open: "open",
  escape: "close",
  filter: "filter",
  previous: "previous session",
  next: "next session",
  help: "all keys",
  goTo: (page: string) => `go to ${page}`,
  palette: "jump or do anything",
  first: "first session",
  last: "last session",
} as const;
