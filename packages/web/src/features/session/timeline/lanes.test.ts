import { describe, expect, it } from "vitest";
import { madeAgent } from "../../../testing/made.ts";
import { curvesOf, valuesAt } from "./curves.ts";
import { inSight, lanesOf, nearest, spanAt } from "./lanes.ts";
import { at, madeSpan, madeTimeline } from "./made-timeline.ts";

const agents = [madeAgent("a1", { type: "explore", description: "look around" })];
const lanes = (working = false) => lanesOf(madeTimeline(), agents, at(600), working);

describe("the lanes of a timeline", () => {
  it("are those that were used, with their calls and times, and the agents below them", () => {
    expect(lanes().rows.map(({ label, calls, busyMs }) => [label, calls, busyMs])).toEqual([
      ["Model", 2, 30_000],
      ["Bash", 3, 120_000],
      ["Questions", 1, 60_000],
      ["explore", 1, 88_000],
    ]);
  });

  it("draw what has no end up to now where the session works, and nowhere else", () => {
    const ends = (working: boolean) => lanes(working).rows[1]?.spans.at(-1)?.end;
    expect(ends(true)).toBe(at(600));
    expect(ends(false)).toBe(at(500));
  });

  it("keep a call that started no agent we know of in a lane of its own thread", () => {
    const { rows } = lanesOf(madeTimeline({ agents: [] }), [], at(600), false);
    expect(rows.find(({ key }) => key === "other")?.spans.map(({ span }) => span.tool)).toEqual(["Agent"]);
  });

  it("find what is in sight also where a long span began before it", () => {
    const spans = [madeSpan(0, 1_000), madeSpan(10, 11), madeSpan(20, 21), madeSpan(30, 31), madeSpan(900, 901)];
    const [row] = lanesOf(madeTimeline({ spans }), [], at(1_000), false).rows;
    if (row === undefined) throw new Error("no row");
    const [first, behind] = inSight(row, { from: at(25), to: at(35) });
    expect(row.spans.slice(first, behind).filter(({ end }) => end >= at(25))).toHaveLength(2);
    expect(spanAt(row, at(30.5), 1_000)).toBe(3);
    expect(spanAt(row, at(500), 1_000)).toBe(0);
    expect(spanAt(row, at(2_000), 1_000)).toBeNull();
    expect(nearest(row, at(880))).toBe(4);
  });
});

describe("the curves of a timeline", () => {
  it("fall at once where the context was compacted, and hold their last value to the end", () => {
    const curves = curvesOf(madeTimeline(), 200_000, at(600));
    if (curves === null) throw new Error("no curves");
    expect(valuesAt(curves, at(400) - 1).context).toBeCloseTo(0.91);
    expect(valuesAt(curves, at(400)).context).toBeCloseTo(0.34);
    expect(valuesAt(curves, at(600))).toEqual({ context: 0.34, cost: 1_840_000_000 });
    expect(valuesAt(curves, at(300)).cost).toBe(100_000_000);
  });

  it("are measured by the most there was where nobody says how large the window is", () => {
    const curves = curvesOf(madeTimeline(), null, at(600));
    expect(curves).toMatchObject({ windowKnown: false, fullTokens: 182_000 });
    expect(curvesOf(madeTimeline({ context: [], cost: [] }), null, at(600))).toBeNull();
  });
});
