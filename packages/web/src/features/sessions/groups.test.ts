import type { SessionStatus } from "@agentpane/protocol";
import { describe, expect, it } from "vitest";
import { madeRow, NOON } from "../../testing/made.ts";
import { countMoves, flatten, groupSessions, NOTHING_GROUPED } from "./groups.ts";

const row = (id: string, status: SessionStatus, minutes: number) =>
  madeRow(id, { status, since: NOON - minutes * 60_000, lastActivityAt: NOON - minutes * 60_000 });

describe("the groups", () => {
  it("hold each status where a person looks for it", () => {
    const statuses: SessionStatus[] = ["working", "approval", "question", "ready", "error", "ended", "unknown"];
    const grouped = groupSessions(statuses.map((status) => row(status, status, 1)));
    expect(grouped).toEqual({
      need: ["approval", "error", "question"],
      working: ["working"],
      ready: ["ready"],
      quiet: ["unknown"],
      ended: ["ended"],
    });
    expect(flatten(grouped)).toHaveLength(statuses.length);
  });

  it("show who waits longest first, and what was active last first where nobody waits", () => {
    for (const status of ["approval", "working", "ready"] as const) {
      const grouped = groupSessions([row("short", status, 1), row("long", status, 9), row("middle", status, 5)]);
      expect(flatten(grouped), status).toEqual(["long", "middle", "short"]);
    }
    for (const status of ["unknown", "ended"] as const) {
      const grouped = groupSessions([row("old", status, 9), row("new", status, 1), row("middle", status, 5)]);
      expect(flatten(grouped), status).toEqual(["new", "middle", "old"]);
    }
  });

  it("order by id what is equal, and put first what has waited for a time that nobody wrote down", () => {
    const timeless = madeRow("z", { status: "ready", since: null });
    const grouped = groupSessions([row("b", "ready", 3), row("a", "ready", 3), timeless]);
    expect(grouped.ready).toEqual(["z", "a", "b"]);
  });

  it("stay the same object while the order is the same", () => {
    const before = groupSessions([row("a", "working", 1), row("b", "ended", 1)]);
    const after = groupSessions([row("b", "ended", 1), row("a", "working", 1)], before);
    expect(after).toBe(before);
    const changed = groupSessions([row("b", "ended", 1), row("a", "ready", 1)], before);
    expect(changed).not.toBe(before);
    expect(changed.ended).toBe(before.ended);
  });

  it("count the rows that a new order would move", () => {
    const before = groupSessions([row("a", "working", 3), row("b", "working", 2), row("c", "ended", 1)]);
    const moved = groupSessions([row("a", "approval", 3), row("b", "working", 2), row("d", "working", 1)], before);
    expect(countMoves(before, moved)).toBe(3);
    expect(countMoves(before, before)).toBe(0);
    const swapped = groupSessions([row("a", "working", 1), row("b", "working", 2), row("c", "ended", 1)], before);
    expect(countMoves(before, swapped)).toBe(1);
    expect(countMoves(NOTHING_GROUPED, before)).toBe(3);
  });
});
