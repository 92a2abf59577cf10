import type { SessionRow, SessionStatus } from "@agentpane/protocol";

export const GROUPS = ["need", "working", "ready", "quiet", "ended"] as const;
export type Group = (typeof GROUPS)[number];

const GROUP_OF: Record<SessionStatus, Group> = {
  approval: "need",
  question: "need",
  error: "need",
  working: "working",
  ready: "ready",
  unknown: "quiet",
  ended: "ended",
};

export function groupOf(row: SessionRow): Group {
  return GROUP_OF[row.status];
}

/** The sessions of each group by id, in the order in which they are shown. */
export type Grouped = Readonly<Record<Group, readonly string[]>>;

export const NOTHING_GROUPED: Grouped = { need: [], working: [], ready: [], quiet: [], ended: [] };

/**
 * By need, not by time: who needs a person, works or waits for the next word stands longest in that state first; quiet
 * and ended by their newest activity. A state without a time counts as the longest, an activity without one as the oldest.
 * Groups whose order did not change keep their identity with `before`, and so does the whole.
 */
export function groupSessions(rows: Iterable<SessionRow>, before: Grouped = NOTHING_GROUPED): Grouped {
  const buckets: Record<Group, SessionRow[]> = { need: [], working: [], ready: [], quiet: [], ended: [] };
  for (const row of rows) buckets[groupOf(row)].push(row);
  let same = true;
  const grouped = {} as Record<Group, readonly string[]>;
  for (const group of GROUPS) {
    buckets[group].sort(group === "quiet" || group === "ended" ? byNewestActivity : byLongestInState);
    const ids = buckets[group].map((row) => row.id);
    const kept = before[group];
    const unchanged = kept.length === ids.length && ids.every((id, index) => id === kept[index]);
    grouped[group] = unchanged ? kept : ids;
    if (!unchanged) same = false;
  }
  return same ? before : grouped;
}

function byLongestInState(a: SessionRow, b: SessionRow): number {
  return (a.since ?? 0) - (b.since ?? 0) || compareIds(a, b);
}

function byNewestActivity(a: SessionRow, b: SessionRow): number {
  return (b.lastActivityAt ?? 0) - (a.lastActivityAt ?? 0) || compareIds(a, b);
}

function compareIds(a: SessionRow, b: SessionRow): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** All ids in the order in which they stand on the page: the order of keys and of focus. */
export function flatten(grouped: Grouped): string[] {
  return GROUPS.flatMap((group) => grouped[group]);
}

/** How many rows come, go or change their group if `next` is shown instead of `shown`; at least one where they differ. */
export function countMoves(shown: Grouped, next: Grouped): number {
  if (shown === next) return 0;
  const groupOfId = new Map<string, Group>();
  for (const group of GROUPS) for (const id of shown[group]) groupOfId.set(id, group);
  let moved = 0;
  for (const group of GROUPS) {
    for (const id of next[group]) {
      if (groupOfId.get(id) !== group) moved += 1;
      groupOfId.delete(id);
    }
  }
  return Math.max(1, moved + groupOfId.size);
}
