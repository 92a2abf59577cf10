import { expect, it } from "vitest";
import { DEFAULT_SHARE, MAX_SHARE, MIN_SHARE, SplitChoice } from "./split-choice.ts";

function made(entries: [string, string][] = []) {
  const map = new Map(entries);
  const storage = {
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void map.set(key, value),
    removeItem: (key: string) => void map.delete(key),
  };
  return { map, choice: new SplitChoice(() => storage), again: () => new SplitChoice(() => storage) };
}

it("what was chosen is there the next time, and going back to the default forgets it", () => {
  const { map, choice, again } = made();
  expect(choice.share()).toBe(DEFAULT_SHARE);
  choice.setShare(0.4);
  expect(again().share()).toBe(0.4);
  choice.setShare(DEFAULT_SHARE);
  expect(map.size).toBe(0);
});

it("neither side can be made to vanish", () => {
  const { choice } = made();
  choice.setShare(0);
  expect(choice.share()).toBe(MIN_SHARE);
  choice.setShare(7);
  expect(choice.share()).toBe(MAX_SHARE);
});

it("a stored share that is none counts as none", () => {
  expect(made([["agentpane.split", "wide"]]).choice.share()).toBe(DEFAULT_SHARE);
});

it("a browser without storage keeps the choice as long as the page", () => {
  const choice = new SplitChoice(() => {
    throw new Error("not allowed");
  });
  choice.setShare(0.5);
  expect(choice.share()).toBe(0.5);
});

it("tells who listens", () => {
  const { choice } = made();
  let told = 0;
  choice.subscribe(() => told++);
  choice.setShare(0.5);
  choice.setExpanded(true);
  expect([told, choice.expanded()]).toEqual([2, true]);
});
