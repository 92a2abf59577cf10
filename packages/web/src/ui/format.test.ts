import { describe, expect, it } from "vitest";
import {
  formatAge,
  formatBytes,
  formatCount,
  formatDuration,
  formatExactUsd,
  formatMoment,
  formatPercent,
  formatSpan,
  formatSum,
  formatTokens,
  formatUsd,
  formatWhen,
  localDay,
} from "./format.ts";

const S = 1000;
const M = 60 * S;
const H = 60 * M;

describe("words for numbers", () => {
  it.each([
    [-5, "0 s", "0 s"],
    [999, "0 s", "0 s"],
    [48 * S, "48 s", "48 s"],
    [92 * S, "1 m 32 s", "1 m"],
    [11 * M + 4 * S, "11 m 04 s", "11 m"],
    [H + 38 * M, "1 h 38 m", "1 h"],
    [25 * H, "1 d 1 h", "1 d"],
    [400 * 24 * H, "400 d 0 h", "400 d"],
  ])("%d ms last %j and are %j old", (ms, span, age) => {
    expect([formatSpan(ms), formatAge(ms)]).toEqual([span, age]);
  });

  it.each([
    [3, "3 ms"],
    [340, "0.3 s"],
    [9_940, "9.9 s"],
    [12_400, "12 s"],
    [185_000, "3 m 05 s"],
  ])("%d ms took %j", (ms, expected) => {
    expect(formatDuration(ms)).toBe(expected);
  });

  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1311, "1.3 kB"],
    [212e6, "212 MB"],
    [3.6e9, "3.6 GB"],
  ])("%d bytes are %j", (bytes, expected) => {
    expect(formatBytes(bytes)).toBe(expected);
  });

  it("names a moment by the clock today, by the day this year, with the year before that", () => {
    const now = new Date(2026, 10, 22, 12, 0).getTime();
    expect(formatMoment(new Date(2026, 10, 22, 7, 5).getTime(), now)).toBe("07:05");
    expect(formatMoment(new Date(2026, 10, 21, 7, 5).getTime(), now)).toBe("Nov 21");
    expect(formatMoment(new Date(2024, 1, 3, 7, 5).getTime(), now)).toBe("Feb 3, 2024");
    expect(formatCount(1_482_000)).toBe("1,482,000");
  });

  it.each([
    [0, "$0.00"],
    [1, "<$0.01"],
    [9_999_999, "<$0.01"],
    [10_000_000, "$0.01"],
    [1_840_000_000, "$1.84"],
    [999_990_000_000, "$999.99"],
    [1_234_500_000_000, "$1,235"],
  ])("%d nano-dollars are %j", (nano, expected) => {
    expect(formatUsd(nano)).toBe(expected);
  });

  it("says of a sum that it lacks something, and does not call the unknown zero", () => {
    expect([formatSum(1_840_000_000, false), formatSum(1_840_000_000, true)]).toEqual(["$1.84", "$1.84+"]);
    expect([formatSum(0, false), formatSum(0, true)]).toEqual(["$0.00", "?"]);
  });

  it("gives all digits of a sum where they are asked for", () => {
    expect(formatExactUsd(1_840_000_001)).toBe("$1.840000001");
    expect(formatExactUsd(1_000_000_000)).toBe("$1.00");
  });

  it.each([
    [0, "0"],
    [940, "940"],
    [61_234, "61.2K"],
    [1_950_000, "1.95M"],
  ])("%d tokens are %j", (tokens, expected) => {
    expect(formatTokens(tokens)).toBe(expected);
  });

  it.each([
    [0, "0%"],
    [0.0001, "<1%"],
    [0.614, "61%"],
    [0.9999, ">99%"],
    [1, "100%"],
    [1.2, "120%"],
  ])("a share of %d is %j", (share, expected) => {
    expect(formatPercent(share)).toBe(expected);
  });

  it("names a moment with its clock, and the reader's day", () => {
    const now = new Date(2026, 10, 2, 12, 0).getTime();
    expect(formatWhen(new Date(2026, 10, 2, 7, 5).getTime(), now)).toBe("07:05");
    expect(formatWhen(new Date(2026, 9, 21, 7, 5).getTime(), now)).toBe("Oct 21, 07:05");
    expect(localDay(new Date(2026, 10, 2, 0, 0).getTime())).toBe("2026-11-02");
  });
});
