import { describe, expect, it } from "vitest";
import { moneyTicks, pointBefore, spentBy, tickLabels } from "./scale.ts";

const USD = 1_000_000_000;

describe("the scale of a cost curve", () => {
  it.each([
    [1.84 * USD, ["$0.00", "$0.50", "$1.00", "$1.50", "$2.00"]],
    [67 * USD, ["$0", "$20", "$40", "$60", "$80"]],
    [0.0043 * USD, ["$0.000", "$0.002", "$0.004", "$0.006"]],
    [9 * USD, ["$0.00", "$2.50", "$5.00", "$7.50", "$10.00"]],
  ])("for %d nano-dollars goes by round amounts to the first above", (most, labels) => {
    const ticks = moneyTicks(most);
    expect(ticks.at(-1)).toBeGreaterThanOrEqual(most);
    expect(ticks.at(-2)).toBeLessThan(most);
    expect(tickLabels(ticks)).toEqual(labels);
  });

  it("of nothing still has a line above the bottom", () => {
    expect(moneyTicks(0)[1]).toBeGreaterThan(0);
  });
});

describe("a moment on the curve", () => {
  const points = [
    { at: 10, costNanoUsd: 1 },
    { at: 20, costNanoUsd: 5 },
    { at: 30, costNanoUsd: 10 },
  ];

  it("has the value of the last point that is not after it", () => {
    expect([0, 10, 19, 20, 99].map((at) => pointBefore(points, at))).toEqual([0, 0, 0, 1, 2]);
  });

  it("is named by the share that was spent until then", () => {
    expect(spentBy(points, 0.5)?.at).toBe(20);
    expect(spentBy(points, 1)?.at).toBe(30);
    expect(spentBy([], 0.5)).toBeUndefined();
  });
});
