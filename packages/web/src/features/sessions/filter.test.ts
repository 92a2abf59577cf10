import type { SessionFilter } from "@agentpane/protocol";
import { describe, expect, it } from "vitest";
import { madeRow } from "../../testing/made.ts";
import { filterOf, filterSessions, hidingPart, partsOf } from "./filter.ts";

const rows = [
  madeRow("a", { title: "Fix the Auth test", goal: null, project: "api", branch: "main" }),
  madeRow("b", { title: null, goal: "fix invoices", project: "billing", branch: "feat/auth-less", status: "error" }),
  madeRow("c", { title: "إصلاح الفواتير", project: "shop", branch: null, model: "claude-haiku-4-5" }),
];
const found = (filter: SessionFilter) => [...filterSessions(rows, filter)].map((row) => row.id);

describe("the filter", () => {
  // What each part means is one table for page and store: history/list.test.ts of the server.
  it.each<[SessionFilter, string[]]>([
    [{}, ["a", "b", "c"]],
    [{ q: "   " }, ["a", "b", "c"]],
    [{ q: "FIX auth" }, ["a", "b"]],
    [{ q: "الفواتير" }, ["c"]],
    [{ q: "a.*b" }, []],
    [{ project: "api" }, ["a"]],
    [{ status: "error" }, ["b"]],
    [{ status: "working", model: "claude-haiku-4-5" }, ["c"]],
  ])("%j finds %j", (filter, ids) => {
    expect(found(filter)).toEqual(ids);
  });

  it("reads the address, and takes a status that is none for no filter", () => {
    expect(filterOf({ project: "api", status: "error", q: "x" })).toEqual({ project: "api", status: "error", q: "x" });
    expect(filterOf({ status: "sleeping", branch: "main" })).toEqual({ branch: "main" });
  });

  it("has no part where only blanks were typed", () => {
    expect(partsOf({ q: " ", project: "api" })).toEqual([{ key: "project", value: "api" }]);
  });

  it("names the part that hides everything by what its absence would show", () => {
    const filter: SessionFilter = { status: "working", q: "invoices" };
    expect(hidingPart(rows, filter)).toEqual({ key: "q", value: "invoices", without: 2 });
    expect(hidingPart(rows, { project: "none" })).toEqual({ key: "project", value: "none", without: 3 });
    expect(hidingPart(rows, { project: "none", q: "nowhere" }), "no single one helps").toBeNull();
  });
});
