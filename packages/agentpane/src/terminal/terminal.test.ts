import { expect, test } from "vitest";
import { plain, table } from "./print.ts";
import { relative, when } from "./times.ts";

const NOW = 1_800_000_000_000;
const MINUTE = 60_000;

test.each([
  [0, "now"],
  [-5_000, "5 s ago"],
  [-3 * MINUTE, "3 min ago"],
  [2 * MINUTE - 30, "in 2 min"],
  [-5 * 60 * MINUTE, "5 h ago"],
  [30 * 24 * 60 * MINUTE, "in 30 days"],
])("%d ms from now is %j", (ms, words) => {
  expect(relative(NOW + ms, NOW)).toBe(words);
});

test("a time is given as people say it and as clocks do", () => {
  expect(when(NOW - 3 * MINUTE, NOW)).toMatch(/^3 min ago \(\d{4}-\d\d-\d\d \d\d:\d\d\)$/);
  expect(when(null, NOW)).toBe("never");
});

test("text of others cannot move the cursor, ring the bell, colour or turn the terminal's text", () => {
  expect(plain("a\u001b[2Jb\u0007c\rd\u009be\u202ef\u2066")).toBe(
    "a\\u001b[2Jb\\u0007c\\u000dd\\u009be\\u202ef\\u2066",
  );
  expect(plain("Grüße, 世界 🙂")).toBe("Grüße, 世界 🙂");
});

test("columns line up, and long cells are cut", () => {
  const text = table([
    ["A", "B"],
    ["long", "x"],
    ["s", "y".repeat(60)],
  ]);
  expect(text.split("\n")).toEqual(["A     B", "long  x", `s     ${"y".repeat(47)}…`]);
});

test("an empty table is empty", () => {
  expect(table([])).toBe("");
});
