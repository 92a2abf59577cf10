import type { LiveServerFrame } from "@agentpane/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { madeChanges, madeMachine, madeRow, madeSnapshot } from "../testing/made.ts";
import { LiveRows } from "./rows.ts";

type Frame = Extract<LiveServerFrame, { type: "snapshot" | "changes" }>;

function stateOf(frames: readonly Frame[]) {
  const rows = new LiveRows();
  for (const frame of frames) rows.apply(frame);
  const sessions = [...rows.sessions.values()].map((row) => `${row.id} ${row.title}`).sort();
  return {
    sessions,
    machines: rows.machines.map((machine) => machine.sessions),
    cursor: rows.cursor,
    total: rows.total,
  };
}

const ids: fc.Arbitrary<string> = fc.constantFrom("a", "b", "c", "d");
/** What happened to which session between two frames. */
const step = fc.record({ changed: fc.uniqueArray(ids), removed: fc.uniqueArray(ids, { maxLength: 2 }) });

/** A snapshot, then changes, then a snapshot of what they came to, then changes: as a server would send them. */
const history = fc
  .tuple(fc.uniqueArray(ids), fc.array(step, { maxLength: 8 }), fc.nat({ max: 8 }))
  .map(([first, steps, resyncAt]) => {
    const store = new Map(first.map((id) => [id, madeRow(id, { title: "0" })]));
    const frames: Frame[] = [madeSnapshot(0, [...store.values()])];
    steps.forEach(({ changed, removed }, index) => {
      const n = index + 1;
      const rows = changed.filter((id) => !removed.includes(id)).map((id) => madeRow(id, { title: String(n) }));
      for (const row of rows) store.set(row.id, row);
      for (const id of removed) store.delete(id);
      const machines = [madeMachine("atlas", { sessions: n })];
      const total = store.size;
      frames.push(
        index === resyncAt
          ? madeSnapshot(n, [...store.values()], { machines, total })
          : madeChanges(n, rows, { removed, machines, total }),
      );
    });
    return frames;
  });

describe("rows of the feed", () => {
  it("come to the same whatever the order of the frames and however often each came", () => {
    fc.assert(
      fc.property(
        history.chain((frames) =>
          fc.record({
            frames: fc.constant(frames),
            // The first snapshot comes first: before it, a page has nothing to apply changes to.
            shuffled: fc.shuffledSubarray([...frames.slice(1), ...frames], { minLength: 2 * frames.length - 1 }),
          }),
        ),
        ({ frames, shuffled }) => {
          expect(stateOf([frames[0] as Frame, ...shuffled])).toEqual(stateOf(frames));
        },
      ),
    );
  });

  it("keep the object of a row that did not change", () => {
    const rows = new LiveRows();
    rows.apply(madeSnapshot(1, [madeRow("a"), madeRow("b")]));
    const a = rows.sessions.get("a");
    rows.apply(madeChanges(2, [madeRow("b", { title: "new" })]));
    expect(rows.sessions.get("a")).toBe(a);
    expect(rows.sessions.get("b")?.title).toBe("new");
  });

  it("say that a frame that was applied already changed nothing", () => {
    const rows = new LiveRows();
    const snapshot = madeSnapshot(3, [madeRow("a")]);
    expect(rows.apply(snapshot)).toBe(true);
    expect(rows.apply(snapshot)).toBe(false);
    expect(rows.apply(madeChanges(2, [madeRow("a", { title: "older" })]))).toBe(false);
    expect(rows.sessions.get("a")?.title).toBe("Title of a");
  });

  it("begin anew when a snapshot of another epoch comes, however small its number", () => {
    const rows = new LiveRows();
    rows.apply(madeSnapshot(90, [madeRow("a")]));
    rows.apply(madeChanges(91, [madeRow("b")]));
    rows.apply(madeSnapshot(1, [madeRow("c")], { epoch: "e2" }));
    expect([...rows.sessions.keys()]).toEqual(["c"]);
    expect(rows.cursor).toEqual({ epoch: "e2", n: 1 });
    expect(rows.apply(madeChanges(92, [madeRow("d")]))).toBe(false);
  });

  it("take an older session from a page, but never over what the feed said", () => {
    const rows = new LiveRows();
    rows.apply(madeSnapshot(1, [madeRow("a")]));
    rows.apply(madeChanges(2, [], { removed: ["gone"] }));
    rows.admit([madeRow("a", { title: "stale" }), madeRow("gone"), madeRow("old")]);
    expect([...rows.sessions.values()].map((row) => row.title)).toEqual(["Title of a", "Title of old"]);
    rows.apply(madeChanges(3, [madeRow("old", { title: "moved" })]));
    expect(rows.sessions.get("old")?.title).toBe("moved");
  });

  it("drop what came over HTTP with the next snapshot and say so, since it may be stale", () => {
    const rows = new LiveRows();
    rows.apply(madeSnapshot(1, [madeRow("a")]));
    rows.admit([madeRow("old")]);
    const resets = rows.resets;
    rows.apply(madeSnapshot(5, [madeRow("a")]));
    expect([...rows.sessions.keys()]).toEqual(["a"]);
    expect(rows.resets).toBe(resets + 1);
  });

  it("have no cursor before the first snapshot", () => {
    const rows = new LiveRows();
    expect(rows.apply(madeChanges(1, [madeRow("a")]))).toBe(false);
    expect(rows.cursor).toBeNull();
    expect(rows.sessions.size).toBe(0);
  });
});
