/** Views of a session besides its transcript, as its address names them. */
const SESSION_TABS = ["timeline", "agents", "files", "terminal", "cost"] as const;
export type SessionTab = (typeof SESSION_TABS)[number];

export function isSessionTab(value: unknown): value is SessionTab {
  return (SESSION_TABS as readonly unknown[]).includes(value);
}
