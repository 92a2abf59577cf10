import { describe, expect, it } from "vitest";
import { DESK_HEIGHTS, indexOfRow, itemAt, layOut } from "./layout.ts";

const grouped = { need: ["a", "b"], working: [], ready: ["c"], quiet: [], ended: ["d", "e", "f"] };

describe("the layout", () => {
  it("gives each group that has rows its place", () => {
    const { boxes, count } = layOut(grouped, DESK_HEIGHTS);
    expect(boxes.map(({ group, top, height, index }) => [group, top, height, index])).toEqual([
      ["need", 0, 120, 0],
      ["ready", 120, 74, 3],
      ["ended", 194, 166, 5],
    ]);
    expect(count).toBe(9);
  });

  it("finds what stands at an index, and back", () => {
    const layout = layOut(grouped, DESK_HEIGHTS);
    const ids = Array.from({ length: layout.count }, (_, index) => itemAt(layout, index)?.id);
    expect(ids).toEqual([null, "a", "b", null, "c", null, "d", "e", "f"]);
    for (const id of "abcdef") expect(ids[indexOfRow(layout, id)]).toBe(id);
    expect(indexOfRow(layout, "z")).toBe(-1);
    expect(itemAt(layout, layout.count)).toBeNull();
  });

  it("leaves of a folded group the header alone", () => {
    const layout = layOut(grouped, DESK_HEIGHTS, new Set(["need", "ended"] as const));
    expect(layout.boxes.map(({ group, collapsed, height }) => [group, collapsed, height])).toEqual([
      ["need", true, 28],
      ["ready", false, 74],
      ["ended", true, 28],
    ]);
    expect(Array.from({ length: layout.count }, (_, index) => itemAt(layout, index)?.id)).toEqual([
      null,
      null,
      "c",
      null,
    ]);
    expect(indexOfRow(layout, "a")).toBe(-1);
  });
});
