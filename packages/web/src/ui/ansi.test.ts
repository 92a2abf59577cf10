import { expect, it } from "vitest";
import { ansiParts, clampParts } from "./ansi.ts";

const ESC = "\u001B";

it.each<[string, [string, string][]]>([
  ["plain", [["plain", ""]]],
  [
    `${ESC}[31mred${ESC}[0m plain`,
    [
      ["red", "ansi-red"],
      [" plain", ""],
    ],
  ],
  [
    `${ESC}[1;92mok${ESC}[22m on${ESC}[39m`,
    [
      ["ok", "ansi-bold ansi-green"],
      [" on", "ansi-green"],
    ],
  ],
  [
    `${ESC}[41mx${ESC}[49my`,
    [
      ["x", "ansi-on-red"],
      ["y", ""],
    ],
  ],
  [
    `${ESC}[38;5;9mx${ESC}[m${ESC}[38;2;1;2;3my`,
    [
      ["x", "ansi-red"],
      ["y", ""],
    ],
  ],
  [`a${ESC}[2K${ESC}[1Ab${ESC}]8;;https://evil.example\u0007c`, [["abc", ""]]],
  [`${ESC}[31m${ESC}[32mgreen`, [["green", "ansi-green"]]],
])("%j is %j", (text, parts) => {
  expect(ansiParts(text)).toEqual(parts.map(([part, style]) => ({ text: part, style })));
});

it("shows what turns text around as an escape, also between colours", () => {
  expect(ansiParts(`${ESC}[31ma\u202Eb${ESC}[0m`)).toEqual([{ text: "a\\u202eb", style: "ansi-red" }]);
  expect(ansiParts(`${ESC}Zx`)[0]?.text).toContain("\\x1b");
});

it("stays small for output that changes its colour with each letter", () => {
  const parts = ansiParts(Array.from({ length: 5_000 }, (_, n) => `${ESC}[${31 + (n % 6)}mx`).join(""));
  expect(parts.length).toBeLessThan(310);
  expect(parts.map(({ text }) => text).join("")).toBe("x".repeat(5_000));
});

it("clamps to lines and characters across styles", () => {
  const parts = ansiParts(`one\n${ESC}[31mtwo\nthree${ESC}[0m\nfour`);
  expect(
    clampParts(parts, 2, 100)
      .map(({ text }) => text)
      .join(""),
  ).toBe("one\ntwo");
  expect(
    clampParts(parts, 9, 5)
      .map(({ text }) => text)
      .join(""),
  ).toBe("one\nt");
  expect(clampParts(parts, 9, 100)).toEqual(parts);
});
