import fc from "fast-check";
import { expect, it } from "vitest";
import { markdownPieces } from "./markdown-pieces.ts";

const paragraph = `${"words and more ".repeat(60)}\n\n`;

it("leaves an answer of usual length as it is", () => {
  expect(markdownPieces(paragraph.repeat(4))).toHaveLength(1);
});

it("cuts a long one between its paragraphs", () => {
  const pieces = markdownPieces(paragraph.repeat(40));
  expect(pieces.length).toBeGreaterThan(5);
  for (const piece of pieces) {
    expect(piece.length).toBeLessThan(6_000);
    expect(piece.startsWith("words")).toBe(true);
  }
});

it("never cuts code, lists or tables", () => {
  const code = `\`\`\`\`md\n\`\`\`\n${paragraph.repeat(12)}\n\`\`\`\`\n\n`;
  const list = `${"- item\n\n".repeat(900)}`;
  const pieces = markdownPieces(paragraph + code + list + paragraph);
  expect(pieces.filter((piece) => piece.includes("````md"))).toEqual([expect.stringContaining(code)]);
  expect(pieces.filter((piece) => piece.includes("- item"))).toEqual([expect.stringContaining(list)]);
});

it("loses nothing, whatever the text is", () => {
  const line = fc.constantFrom("", "a b c", "```", "~~~~", "- x", "  y", "# h", "1. z", "x".repeat(900), "\r");
  fc.assert(
    fc.property(fc.array(line, { maxLength: 60 }), (lines) => {
      const text = lines.join("\n");
      expect(markdownPieces(text).join("")).toBe(text);
    }),
  );
});
