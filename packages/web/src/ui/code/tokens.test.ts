import { expect, it } from "vitest";
import { highlight } from "./highlight.ts";
import { tokensOf } from "./tokens.ts";

const shown = (language: string, code: string) =>
  highlight(language, code).map(({ from, to, name }) => [code.slice(from, to), name]);

it("finds words, texts and remarks in code, where they stand in it", () => {
  const code = 'const a = "x < y & z"; // say `it`';
  expect(shown("ts", code)).toEqual([
    ["const", "keyword"],
    ['"x < y & z"', "string"],
    ["// say `it`", "comment"],
  ]);
});

it("knows a language by its usual short names, and leaves alone what it does not know", () => {
  expect(shown("sh", "echo $HOME # home").at(-1)).toEqual(["# home", "comment"]);
  expect(shown("yml", "a: 1")).not.toEqual([]);
  expect(highlight("brainfuck", "+++")).toEqual([]);
  expect(highlight("constructor", "+++")).toEqual([]);
});

it("gives places within the code, in order and apart, whatever the code is", () => {
  const code = `\`a \${b + "<script>'&"} c\` /* 👩‍👩‍👧 \u202e */ <div>&amp;</div>`.repeat(5);
  for (const language of ["ts", "html", "bash", "python", "sql", "json", "diff"]) {
    let last = 0;
    for (const { from, to } of highlight(language, code)) {
      expect(from).toBeGreaterThanOrEqual(last);
      expect(to).toBeGreaterThan(from);
      last = to;
    }
    expect(last).toBeLessThanOrEqual(code.length);
  }
});

it("takes a span within a span for what it is, and code within a text for code", () => {
  const html =
    '<span class="hljs-string">`a <span class="hljs-subst">#{<span class="hljs-number">1</span>}</span> b`</span>';
  expect(tokensOf(html)).toEqual([
    { from: 0, to: 3, name: "string" },
    { from: 5, to: 6, name: "number" },
    { from: 7, to: 10, name: "string" },
  ]);
});
