import { describe, expect, it } from "vitest";
import { commandParts, outputText, proseParts } from "./safe-text.ts";

const shown = (parts: { text: string }[]) => parts.map((part) => part.text).join("");

describe("a command", () => {
  it.each([
    ["rm -rf ./build \u202E# txt.safe", "rm -rf ./build \\u202e# txt.safe"],
    ["ls\u0000; id", "ls\\x00; id"],
    ["echo \u001b[2K\rharmless", "echo \\x1b[2K\\x0dharmless"],
    ["cat \u200Bfile", "cat \\u200bfile"],
    ["a\u2066b\u2069", "a\\u2066b\\u2069"],
    ["pass\u00ADword", "pass\\xadword"],
    ["tag\u{E0041}", "tag\\u{e0041}"],
    ["hangul\u3164filler", "hangul\\u3164filler"],
    ["x\uFEFFy", "x\\ufeffy"],
  ])("shows what has no ink: %j", (text, expected) => {
    expect(shown(commandParts(text))).toBe(expected);
    expect(commandParts(text).some((part) => part.escape)).toBe(true);
  });

  it("leaves newlines, tabs and every script alone", () => {
    const text = 'for f in *; do\n\techo "$f — ünï 漢字 العربية 👍"\ndone';
    expect(commandParts(text)).toEqual([{ text, escape: false }]);
  });
});

describe("prose", () => {
  it("shows what would turn the line round, and keeps the joiners that scripts and emoji need", () => {
    expect(shown(proseParts("invoice\u202Efdp.exe"))).toBe("invoice\\u202efdp.exe");
    const family = "می‌خواهم 👨‍👩‍👧 \u200Fعربي";
    expect(proseParts(family)).toEqual([{ text: family, escape: false }]);
  });
});

describe("output", () => {
  it("loses its colours and links, and keeps its words", () => {
    expect(outputText("\u001b[32m✓\u001b[39m ok \u001b]8;;http://x\u0007link\u001b]8;;\u0007")).toBe("✓ ok link");
  });
  it("ends a line where a terminal would write over it", () => {
    expect(outputText("10%\r50%\r\n100%\r")).toBe("10%\n50%\n100%\n");
  });
  it("shows other control characters", () => {
    expect(outputText("a\u0008b\u202Ec")).toBe("a\\x08b\\u202ec");
  });
});
