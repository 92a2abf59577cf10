import { expect, test } from "vitest";
import { FrameRouter } from "./frame-router.ts";

type TestFrame = { type: "words"; text: string } | { type: "number"; value: number };

test("each type of frame goes to the part that takes it, with where it came from", async () => {
  const router = new FrameRouter<TestFrame, string>();
  const taken: unknown[] = [];
  router.on("words", ({ text }, from) => void taken.push([text, from]));
  router.on("number", async ({ value }, from) => void taken.push([value, from]));
  await router.route({ type: "words", text: "hello" }, "laptop");
  await router.route({ type: "number", value: 7 }, "desk");
  expect(taken).toEqual([
    ["hello", "laptop"],
    [7, "desk"],
  ]);
});

test("a type that nobody takes is dropped", async () => {
  const router = new FrameRouter<TestFrame, string>();
  await expect(router.route({ type: "words", text: "hello" }, "laptop")).resolves.toBeUndefined();
});

test("two parts cannot take the same type", () => {
  const router = new FrameRouter<TestFrame, string>();
  router.on("words", () => {});
  expect(() => router.on("words", () => {})).toThrow("taken already");
});

test("what a part throws reaches whoever routed the frame", async () => {
  const router = new FrameRouter<TestFrame, string>();
  router.on("number", () => {
    throw new Error("no numbers today");
  });
  await expect(router.route({ type: "number", value: 1 }, "laptop")).rejects.toThrow("no numbers today");
});
