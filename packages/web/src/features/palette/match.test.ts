import { describe, expect, it } from "vitest";
import { matchScore, plain, wordsOf } from "./match.ts";

const score = (query: string, label: string, aside = ""): number | null =>
  matchScore(wordsOf(query), plain(label), plain(aside));

describe("what is typed finds", () => {
  it.each([
    ["port", "Port the parser"],
    ["parser port", "Port the parser"],
    ["ptp", "Port the parser"],
    ["ARSER", "Port the parser"],
    ["é", "Café"],
    ["cafe\u0301", "Café"],
  ])("%j in %j", (query, label) => expect(score(query, label)).not.toBeNull());

  it.each([
    ["ptx", "Port the parser"],
    ["port zebra", "Port the parser"],
    ["x", "Port the parser"],
    ["rtp", "Port the parser"],
  ])("nothing for %j in %j", (query, label) => expect(score(query, label)).toBeNull());

  it("the start before a later word, that before the middle, that before what stands aside, that before letters", () => {
    const scores = [
      score("fix", "Fix the tests"),
      score("fix", "A fix of tests"),
      score("fix", "Prefix all tests"),
      score("fix", "Other", "fix/branch"),
      score("fix", "From it extract"),
    ];
    expect(scores).not.toContain(null);
    expect(scores).toEqual([...scores].sort((a, b) => (b ?? 0) - (a ?? 0)));
    expect(new Set(scores).size).toBe(scores.length);
  });

  it("everything for nothing", () => expect(score("  ", "Anything")).toBe(0));
});
