import { describe, expect, it } from "vitest";
import { madeRow } from "../../testing/made.ts";
import { filterSessions } from "./filter.ts";

const rows = [
  madeRow("a", { title: "Fix the Auth test", goal: null, project: "api", branch: "main" }),
  madeRow("b", { title: null, goal: "fix invoices", project: "billing", branch: "feat/auth-less" }),
  madeRow("c", { title: "إصلاح الفواتير", project: "shop", branch: null }),
];
const found = (text: string) => [...filterSessions(rows, text)].map((row) => row.id);

describe("the filter", () => {
  it.each([
    ["", ["a", "b", "c"]],
    ["   ", ["a", "b", "c"]],
    ["auth", ["a", "b"]],
    ["FIX auth", ["a", "b"]],
    ["auth fix api", ["a"]],
    ["billing", ["b"]],
    ["الفواتير", ["c"]],
    ["claude-opus", []],
    ["a.*b", []],
  ])("%j finds %j", (text, ids) => {
    expect(found(text)).toEqual(ids);
  });
});
