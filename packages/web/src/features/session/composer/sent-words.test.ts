import { expect, test } from "vitest";
import { SentWords } from "./sent-words.ts";

test("the arrows go through what was sent, and back to what was being written", () => {
  const sent = new SentWords();
  for (const text of ["one", "two", "three"]) sent.add(text);
  expect([sent.older("draft"), sent.older("three"), sent.older("two"), sent.older("one")]).toEqual([
    "three",
    "two",
    "one",
    null,
  ]);
  expect([sent.newer(), sent.newer(), sent.newer(), sent.newer()]).toEqual(["two", "three", "draft", null]);
});

test("what is sent again stands once, as the newest", () => {
  const sent = new SentWords();
  for (const text of ["one", "two", "one"]) sent.add(text);
  expect([sent.older(""), sent.older(""), sent.older("")]).toEqual(["one", "two", null]);
});
