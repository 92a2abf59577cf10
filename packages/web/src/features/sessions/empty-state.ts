import type { LiveStore } from "../../live/store.ts";

/** Why the list is empty. `waiting`: nothing has been heard from the server yet. */
export type EmptyState = "waiting" | "no-monitor" | "silent" | "no-session";

/** Null where there is something to list. */
export function emptyState(store: Pick<LiveStore, "loaded" | "sessions" | "total" | "machines">): EmptyState | null {
  if (!store.loaded) return "waiting";
  if (store.sessions.size > 0 || store.total > 0) return null;
  if (store.machines.some((machine) => machine.state === "connected")) return "no-session";
  return store.machines.some((machine) => machine.state === "silent") ? "silent" : "no-monitor";
}
