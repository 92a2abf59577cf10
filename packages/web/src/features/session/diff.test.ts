import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diffLines, diffText, patchLines, replaceLines } from "./diff.ts";

const signs = { same: " ", add: "+", del: "-", gap: "~" };
const shown = (diff: ReturnType<typeof diffLines>) => diff?.map((line) => signs[line.kind] + line.text);

describe("a diff of lines", () => {
  it("shows what went and what came, with the lines around", () => {
    expect(shown(diffLines("a\nb\nc\n", "a\nx\nc\nd\n"))).toEqual([" a", "-b", "+x", " c", "+d"]);
  });

  it.each([
    ["", "a\n", ["+a"]],
    ["a", "", ["-a"]],
    ["a\n", "a", [" a"]],
    ["", "", []],
    ["a\n\nb", "a\nb", [" a", "-", " b"]],
  ])("of %j and %j is %j", (before, after, expected) => {
    expect(shown(diffLines(before, after))).toEqual(expected);
  });

  it("always holds the old text in its kept and removed lines, the new one in its kept and added", () => {
    const text = fc
      .array(fc.constantFrom("a", "b", "c", "", "  x"), { maxLength: 12 })
      .map((lines) => lines.map((l) => `${l}\n`).join(""));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const diff = diffLines(before, after) ?? [];
        const side = (without: string) =>
          diff
            .filter((line) => line.kind !== without)
            .map((line) => `${line.text}\n`)
            .join("");
        expect(side("add")).toBe(before);
        expect(side("del")).toBe(after);
        const numbers = diff.map((line) => line.old).filter((number) => number !== null);
        expect(numbers).toEqual(numbers.map((_, index) => index + 1));
      }),
    );
  });

  it("says that it will not compare what is too long, but compares what differs little", () => {
    const many = (prefix: string) => Array.from({ length: 3_000 }, (_, i) => `${prefix}${i}`).join("\n");
    expect(diffLines(many("a"), many("b"))).toBeNull();
    expect(replaceLines("a\nb", "c")).toHaveLength(3);
    const one = many("a").replace("a1500", "changed");
    expect(diffLines(many("a"), one)?.filter((line) => line.kind !== "same")).toHaveLength(2);
  });
});

describe("a patch of the agent's", () => {
  it("keeps the line numbers of the file and a gap between hunks", () => {
    const diff = patchLines([
      { oldStart: 41, newStart: 41, lines: [" a", "-b", "+c", "\\ No newline at end of file"] },
      { oldStart: 90, newStart: 90, lines: ["+z"] },
    ]);
    expect(diff?.map((line) => [line.kind, line.old, line.new, line.text])).toEqual([
      ["same", 41, 41, "a"],
      ["del", 42, null, "b"],
      ["add", null, 42, "c"],
      ["gap", null, null, ""],
      ["add", null, 90, "z"],
    ]);
  });

  it.each([
    [undefined],
    [[]],
    ["text"],
    [[null]],
    [[{ oldStart: 1, newStart: 1, lines: [3] }]],
    [[{ oldStart: 1, newStart: 1, lines: ["?x"] }]],
  ])("is none in %j", (patch) => {
    expect(patchLines(patch)).toBeNull();
  });
});

describe("the words of a changed line", () => {
  const marked = (diff: ReturnType<typeof diffLines>) =>
    diff?.map(({ kind, text, words = [] }) => [kind, words.map(([from, to]) => text.slice(from, to))]);

  it("are those that went and those that came", () => {
    expect(marked(diffLines("const total = a + b;\n", "const total = round(a + b);\n"))).toEqual([
      ["del", []],
      ["add", ["round(", ")"]],
    ]);
    expect(marked(diffLines("let a = 1;", "let a = 2;"))).toEqual([
      ["del", ["1"]],
      ["add", ["2"]],
    ]);
  });

  it("are not looked for in lines that have nothing in common, or are too long", () => {
    expect(diffLines("one two", "three four")?.every(({ words }) => words === undefined)).toBe(true);
    const long = "word ".repeat(100);
    expect(diffLines(`${long}a`, `${long}b`)?.every(({ words }) => words === undefined)).toBe(true);
  });

  it("stand in a patch of the agent's, too, and a copy has the signs and no more", () => {
    const diff = patchLines([{ oldStart: 1, newStart: 1, lines: [" x", "-let a = 1", "+let a = 2"] }]);
    expect(marked(diff)).toEqual([
      ["same", []],
      ["del", ["1"]],
      ["add", ["2"]],
    ]);
    expect(diffText(diff ?? [])).toBe(" x\n-let a = 1\n+let a = 2\n");
  });
});
