import { expect, it } from "vitest";
import { madeRow } from "../../testing/made.ts";
import { facetOf, offered } from "./facets.ts";

const rows = [
  madeRow("a", { project: "api", branch: "main" }),
  madeRow("b", { project: "api", branch: "fix" }),
  madeRow("c", { project: "shop", branch: null }),
];
const NONE = { status: [], project: [], branch: [], machine: [], model: [] };

it("counts what each value would leave under the rest of the filter, but not under itself", () => {
  expect(facetOf(rows, {}, "project")).toEqual([
    { value: "api", count: 2 },
    { value: "shop", count: 1 },
  ]);
  expect(facetOf(rows, { project: "api" }, "branch").map(({ value }) => value)).toEqual(["fix", "main"]);
  expect(facetOf(rows, { project: "api" }, "project")).toHaveLength(2);
});

it("takes the server's count for the loaded one, keeps what only the page knows, and offers what is chosen", () => {
  const loaded = facetOf(rows, {}, "project");
  const server = {
    ...NONE,
    project: [
      { value: "api", count: 40 },
      { value: "old", count: 9 },
    ],
  };
  expect(offered(server, loaded, "project", "gone")).toEqual([
    { value: "api", count: 40 },
    { value: "old", count: 9 },
    { value: "shop", count: 1 },
    { value: "gone", count: 0 },
  ]);
  expect(offered(null, loaded, "project", undefined)).toEqual(loaded);
});
