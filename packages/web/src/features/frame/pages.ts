import { Inbox, type LucideIcon, Rows3, Server } from "lucide-react";
import type { LiveStore } from "../../live/store.ts";
import { texts } from "../../texts.ts";
import { groupOf } from "../sessions/groups.ts";

/** A page of the dashboard, as rail, keys and palette know it. A page stands here when it works. */
export interface Page {
  to: "/" | "/requests" | "/machines";
  label: string;
  icon: LucideIcon;
  /** A sequence of two keys. */
  key: string;
  /** Whether `path` is of this page. */
  holds(path: string): boolean;
  /** What waits there, 0 for nothing. Asked for with every change, so it only counts. */
  count(store: LiveStore): number;
  /** The count in words. */
  counted(count: number): string;
  /** Whether the count asks for a person; else it is only said. */
  urgent: boolean;
}

export const PAGES: readonly Page[] = [
  {
    to: "/",
    label: texts.frame.sessions,
    icon: Rows3,
    key: "g s",
    holds: (path) => path === "/" || path.startsWith("/sessions/"),
    count: needsOf,
    counted: texts.frame.needYou,
    urgent: true,
  },
  {
    to: "/requests",
    label: texts.frame.requests,
    icon: Inbox,
    key: "g r",
    holds: (path) => path === "/requests",
    count: openRequestsOf,
    counted: texts.frame.openRequests,
    urgent: true,
  },
  {
    to: "/machines",
    label: texts.frame.machines,
    icon: Server,
    key: "g m",
    holds: (path) => path === "/machines" || path.startsWith("/machines/"),
    count: (store) => store.machines.filter((machine) => machine.state === "silent").length,
    counted: texts.frame.silentMachines,
    urgent: false,
  },
];

function openRequestsOf(store: LiveStore): number {
  let count = 0;
  for (const row of store.requests.values()) if (row.state === "open") count += 1;
  return count;
}

/** What waits for a person, each session once: one that asks something is not counted for what it asks as well. */
export function waitingOf(store: LiveStore): number {
  const waiting = new Set<string>();
  for (const row of store.sessions.values()) if (groupOf(row) === "need") waiting.add(row.id);
  for (const row of store.requests.values()) if (row.state === "open") waiting.add(row.session);
  return waiting.size;
}

/** Sessions that only a person can let go on. */
export function needsOf(store: LiveStore): number {
  let count = 0;
  for (const row of store.sessions.values()) if (groupOf(row) === "need") count += 1;
  return count;
}
