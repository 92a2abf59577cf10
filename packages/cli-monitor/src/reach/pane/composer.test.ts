import { expect, test } from "vitest";
import { findComposer, showsExactly } from "./composer.ts";
import { readStyledRows, type Screen } from "./screen.ts";

const RULE = "─".repeat(40);

/** A screen as client 2.1.330 draws it, the cursor behind the last word of its input line. */
function drawn(...rows: string[]): Screen {
  const all = ["● Done.", "", RULE, ...rows, RULE, "  ⏸ manual mode on"];
  return { rows: readStyledRows(all.join("\n")), cursor: { x: 2, y: 2 + rows.length } };
}

function shows(words: string, ...rows: string[]): boolean {
  const composer = findComposer(drawn(...rows));
  if (composer === null) throw new Error("no input line was found");
  return showsExactly(composer, words);
}

test.each([
  ["nothing", ["❯\u00a0"], true],
  [
    "a suggestion in faint letters, its first under the cursor",
    ["❯\u00a0\x1b[7mP\x1b[0;2mress up to edit\x1b[0m"],
    true,
  ],
  ["a draft", ["❯\u00a0fix it"], false],
  ["a draft of one letter, the cursor on it", ["❯\u00a0\x1b[7mx\x1b[0m"], false],
  ["a draft of several lines", ["❯\u00a0", "  more"], false],
])("an input line that holds %s is told as empty or not", (_what, rows, empty) => {
  expect(findComposer(drawn(...rows))?.empty).toBe(empty);
});

test("a permission dialog, which takes its place, is no input line", () => {
  const rows = ["❯ do it", "", RULE, " Bash command", " touch a", " Do you want to proceed?", " ❯ 1. Yes", "   2. No"];
  expect(findComposer({ rows: readStyledRows(rows.join("\n")), cursor: { x: 1, y: 6 } })).toBeNull();
});

test("a question, whose choices stand between two rules, is no input line", () => {
  const rows = [
    "❯ ask",
    RULE,
    " ☐ Database",
    "",
    "❯ 1. PostgreSQL",
    "  3. Type something.",
    RULE,
    "  4. Chat about this",
  ];
  expect(findComposer({ rows: readStyledRows(rows.join("\n")), cursor: { x: 0, y: 4 } })).toBeNull();
});

test("shell mode is no input line for words", () => {
  expect(findComposer(drawn("! ls"))).toBeNull();
});

test.each<[string, string, string[]]>([
  ["as they are", "hello world", ["❯\u00a0hello world"]],
  ["in several lines", "one\n\n  three", ["❯\u00a0one", "", "    three"]],
  ["wrapped at a blank", "one two three", ["❯\u00a0one two", "  three"]],
  ["wrapped within a word", "abcdefgh", ["❯\u00a0abcd", "  efgh"]],
  ["with wide characters and joined ones", "日本語 👍 e\u0301", ["❯\u00a0日本語 👍 é"]],
  ["with blanks at a line's end", "one   \ntwo", ["❯\u00a0one", "  two"]],
  ["as a placeholder for many lines", "1\n2\n3\n4", ["❯\u00a0[Pasted text #7 +3 lines]"]],
  ["as a placeholder for one long line", "x".repeat(2_000), ["❯\u00a0[Pasted text #3]"]],
])("words are known again %s", (_how, words, rows) => {
  expect(shows(words, ...rows)).toBe(true);
});

test.each<[string, string, string[]]>([
  ["a draft before them", "world", ["❯\u00a0hello world"]],
  ["something typed behind them", "hello", ["❯\u00a0hello x"]],
  ["a part of them", "hello world", ["❯\u00a0hello"]],
  ["a line more", "one", ["❯\u00a0one", "  two"]],
  ["other line ends", "one two", ["❯\u00a0one", "", "  two"]],
  ["two placeholders", "1\n2\n3", ["❯\u00a0[Pasted text #1 +2 lines][Pasted text #2 +2 lines]"]],
  ["a placeholder of another length", "1\n2\n3", ["❯\u00a0[Pasted text #1 +3 lines]"]],
  ["a placeholder with a draft", "1\n2\n3", ["❯\u00a0and [Pasted text #1 +2 lines]"]],
])("%s is not taken for the words", (_what, words, rows) => {
  expect(shows(words, ...rows)).toBe(false);
});
