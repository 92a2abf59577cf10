import { expect, it } from "vitest";
import { placeLabels } from "./labels.ts";
import { ticksIn } from "./ticks.ts";

it("moves a label beside the one that stands there already, and leaves out one without room", () => {
  const places = placeLabels(
    [
      { key: "first", left: 100, width: 80 },
      { key: "close", left: 150, width: 80 },
      { key: "crowded", left: 115, width: 80 },
      { key: "at the edge", left: 480, width: 60 },
    ],
    500,
  );
  expect(places.get("first")).toBe(100);
  expect(places.get("close")).toBe(188);
  expect(places.has("crowded")).toBe(false);
  expect(places.get("at the edge")).toBe(440);
});

it("draws round moments, as many as have room, and says the day where it turns", () => {
  const midnight = new Date(2026, 10, 22).getTime();
  const ticks = ticksIn({ from: midnight - 2 * 3_600_000, to: midnight + 2 * 3_600_000 }, 800);
  expect(ticks.length).toBeLessThanOrEqual(9);
  expect(ticks.length).toBeGreaterThan(3);
  expect(ticks.find(({ at }) => at === midnight)?.label).toBe("Nov 22");
  expect(ticksIn({ from: midnight, to: midnight + 1_000 }, 800).length).toBeGreaterThan(3);
});
