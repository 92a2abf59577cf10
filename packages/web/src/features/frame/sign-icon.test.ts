import { expect, it } from "vitest";
import { signIcon } from "./sign-icon.ts";

const drawn = (count: number): string => decodeURIComponent(signIcon(count).replace("data:image/svg+xml,", ""));

it("the icon says how many need a person, as far as that can be read", () => {
  expect(drawn(3)).toContain(">3</text>");
  expect(drawn(9)).toContain(">9</text>");
  expect(drawn(10)).toContain(">9+</text>");
});

it("the icon is one that a browser can draw", () => {
  expect(drawn(3)).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg".*<\/svg>$/);
});
