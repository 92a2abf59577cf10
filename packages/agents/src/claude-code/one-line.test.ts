import { MAX_SUMMARY_CHARS } from "@agentpane/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyText } from "./arbitrary-line.ts";
import { oneLine } from "./one-line.ts";

describe("one line of a text", () => {
  it.each([
    ["a b", "a b"],
    ["  a \n\t b  ", "a b"],
    ["\u001b[1mbold\u001b[22m and \u001b[38;5;12mblue\u001b[0m", "bold and blue"],
    ["a\u0000b\u0007c\u007fd", "abcd"],
    ["a\u001bb", "ab"],
    ["\u001b[", "["],
    ["é\u00a0ü\u3000ö", "é ü ö"],
    ["naïve café ☕ 🎉", "naïve café ☕ 🎉"],
    ["", ""],
    [" \n ", ""],
    ["\ud83d alone", "\ufffd alone"],
  ])("%j is %j", (text, expected) => {
    expect(oneLine(text)).toBe(expected);
  });

  it("says with an ellipsis that there was more", () => {
    expect(oneLine("x".repeat(MAX_SUMMARY_CHARS))).toBe("x".repeat(MAX_SUMMARY_CHARS));
    expect(oneLine("x".repeat(MAX_SUMMARY_CHARS + 1))).toBe(`${"x".repeat(MAX_SUMMARY_CHARS - 1)}…`);
  });

  it("does not cut a pair of surrogates", () => {
    expect(oneLine(`${"x".repeat(MAX_SUMMARY_CHARS - 2)}🎉🎉`)).toBe(`${"x".repeat(MAX_SUMMARY_CHARS - 2)}…`);
  });

  it("is what regular expressions would make of it", () => {
    fc.assert(
      fc.property(anyText, anyText, (first, second) => {
        const line = oneLine(first + second);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is taken out
        const bare = (first + second).replace(/\u001b\[[0-9;?]*[A-Za-z]|[\u0000-\u0008\u000e-\u001f\u007f]/g, "");
        const whole = bare.replace(/\s+/g, " ").trim().toWellFormed();
        if (whole.length <= MAX_SUMMARY_CHARS) expect(line).toBe(whole);
        else
          expect(whole.startsWith(line.slice(0, -1)) && line.endsWith("…") && line.length <= MAX_SUMMARY_CHARS).toBe(
            true,
          );
      }),
      { numRuns: 2000 },
    );
  });
});
