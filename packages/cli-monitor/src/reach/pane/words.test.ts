import { expect, test } from "vitest";
import { prepareWords } from "./words.ts";

test.each([
  ["plain words", "fix the test", "fix the test"],
  ["lines of other systems", "one\r\ntwo\rthree", "one\ntwo\nthree"],
  ["tabs, as the agent draws them", "a\tb", "a    b"],
  ["blanks and lines at the end", "go on \n\n", "go on"],
  ["a slash command, whose completions would take the Enter", "/compact", "/compact "],
  ["a file's name at the end, for the same reason", "look at @src/a.ts", "look at @src/a.ts "],
  ["a backslash at the end, which would make the Enter a new line", "a\\", "a\\ "],
])("%s are pasted as they are meant", (_what, text, words) => {
  expect(prepareWords(text)).toEqual({ words });
});

test("the end of a paste cannot stand in a paste", () => {
  expect(prepareWords("before\x1b[201~\rrm -rf /\r\x1b[200~after")).toEqual({
    words: "before[201~\nrm -rf /\n[200~after",
  });
});

test("no control character is left but newlines", () => {
  const every = Array.from({ length: 0x100 }, (_, code) => String.fromCharCode(code)).join("");
  const prepared = prepareWords(`x${every}x`);
  const left = "words" in prepared ? [...prepared.words].filter((char) => /\p{Cc}/u.test(char)) : [];
  expect(new Set(left)).toEqual(new Set(["\n"]));
});

test.each([
  ["nothing but blanks", " \n\t"],
  ["a shell command, which would run unasked", "!rm -rf /"],
  ["a shell command behind blanks", "\n !ls"],
])("%s is refused", (_what, text) => {
  expect(prepareWords(text)).toHaveProperty("refused");
});
