import { describe, expect, it } from "vitest";
import { domainOf, firstView, panned, revealing, stretchOf, type View, viewOf, zoomed } from "./viewport.ts";

const HOUR = 3_600_000;
const domain = { from: 0, to: 10 * HOUR };

describe("what of the session is looked at", () => {
  it("is all of a short session, and the last hour of a long one", () => {
    expect(firstView({ from: 0, to: HOUR })).toEqual({ kind: "whole" });
    expect(stretchOf(firstView(domain), domain)).toEqual({ from: 9 * HOUR, to: 10 * HOUR });
  });

  it("keeps what is under the pointer where it is while it is zoomed", () => {
    const view: View = { kind: "fixed", from: 2 * HOUR, to: 4 * HOUR };
    const closer = stretchOf(zoomed(view, domain, 0.5, 2.5 * HOUR), domain);
    expect(closer).toEqual({ from: 2.25 * HOUR, to: 3.25 * HOUR });
    expect(zoomed(view, domain, 100, 3 * HOUR)).toEqual({ kind: "whole" });
  });

  it("is never closer than a second and never beyond the session", () => {
    const close = stretchOf(zoomed({ kind: "whole" }, domain, 1e-9, HOUR), domain);
    expect(close.to - close.from).toBe(1_000);
    expect(stretchOf(panned({ kind: "fixed", from: HOUR, to: 2 * HOUR }, domain, -5), domain)).toEqual({
      from: 0,
      to: HOUR,
    });
  });

  it("follows the end once it is there, and stays where it is elsewhere", () => {
    const grown = { from: 0, to: 11 * HOUR };
    const atEnd = panned({ kind: "fixed", from: HOUR, to: 2 * HOUR }, domain, 50);
    expect(stretchOf(atEnd, grown)).toEqual({ from: 10 * HOUR, to: 11 * HOUR });
    const before = viewOf({ from: HOUR, to: 2 * HOUR }, domain);
    expect(stretchOf(before, grown)).toEqual({ from: HOUR, to: 2 * HOUR });
  });

  it("moves to what is to be seen, and only then", () => {
    const view: View = { kind: "fixed", from: 2 * HOUR, to: 3 * HOUR };
    expect(revealing(view, domain, { from: 2.5 * HOUR, to: 2.6 * HOUR })).toBe(view);
    const { from, to } = stretchOf(revealing(view, domain, { from: 7 * HOUR, to: 7.1 * HOUR }), domain);
    expect(from).toBeLessThan(7 * HOUR);
    expect(to).toBeGreaterThan(7 * HOUR);
  });

  it("has a width also where everything happened at once", () => {
    expect(domainOf(5, 5)).toEqual({ from: 5, to: 1_005 });
  });
});
