import { expect, test } from "vitest";
import { shown, shownBlock } from "./shown.ts";

test.each([
  ["ls -la ä 漢 🙂", "ls -la ä 漢 🙂"],
  ["\u001b[2Jrm", "<U+001B>[2Jrm"],
  ["a\u202eb\u2066c\u200bd\ufeffe", "a<U+202E>b<U+2066>c<U+200B>d<U+FEFF>e"],
  ["tag \u{e0041}", "tag <U+E0041>"],
  ["lone \ud800", "lone <U+D800>"],
  ["a\rb\tc\u2028d\u0085e", "a<U+000D>b<U+0009>c<U+2028>d<U+0085>e"],
])("%j is shown as %j", (text, expected) => {
  expect(shown(text)).toBe(expected);
});

test("no line of somebody else's text stands where a line of ours could", () => {
  expect(shownBlock("one\nRequest r_1: harmless\r", "  ")).toBe("  │ one\n  │ Request r_1: harmless<U+000D>");
});
