import { truncateSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { append, promptLine, Rig, until } from "./testing/rig.ts";

const bare = (lines: readonly string[]) => lines.map((line) => line.replace(/\n$/, ""));
const prompts = (count: number, text = "p") => Array.from({ length: count }, (_, n) => promptLine(`${text}${n}`));

test("a file that is truncated and goes on otherwise is the next generation of its source", async () => {
  await using rig = await Rig.start();
  const file = rig.transcript("one");
  const lines = prompts(5);
  append(file, ...lines);
  const monitor = await rig.monitor();
  await monitor.caughtUp();
  truncateSync(file, Buffer.byteLength(lines.slice(0, 2).join("")));
  await until("the shorter file", () => rig.server.source("one")?.generation === 2);
  const other = promptLine("other");
  append(file, other);
  await until("three lines", () => rig.server.lines("one").length === 3);
  expect(rig.server.lines("one")).toEqual(bare([...lines.slice(0, 2), other]));
  expect(rig.server.source("one")?.generations.get(1)?.lines).toHaveLength(5);
});

test("a file that is emptied is a generation without lines, also when it goes on", async () => {
  await using rig = await Rig.start();
  const file = rig.transcript("one");
  append(file, ...prompts(2));
  const monitor = await rig.monitor();
  await monitor.caughtUp();
  truncateSync(file, 10);
  await until("the empty generation", () => rig.server.source("one")?.generation === 2);
  expect(rig.server.lines("one")).toEqual([]);
  truncateSync(file, 0);
  const lines = prompts(2);
  append(file, ...lines);
  await until("the new lines", () => rig.server.lines("one").length === 2);
  expect(rig.server.lines("one")).toEqual(bare(lines));
});

test("a file rewritten with the same head, longer than before, is the next generation", async () => {
  await using rig = await Rig.start();
  const file = rig.transcript("one");
  const head = prompts(40, "head with some text to fill more than the first four kilobytes of the file ");
  append(file, ...head, promptLine("old end"));
  const monitor = await rig.monitor();
  await monitor.caughtUp();
  const rewritten = [...head, promptLine("another end, longer than the old one was"), promptLine("and more")];
  writeFileSync(file, rewritten.join(""));
  await until("the rewritten file", () => rig.server.source("one")?.generation === 2);
  await monitor.caughtUp();
  expect(rig.server.lines("one")).toEqual(bare(rewritten));
});

test("a file rewritten while no monitor ran is noticed at the start", async () => {
  await using rig = await Rig.start();
  const file = rig.transcript("one");
  append(file, ...prompts(3, "a"));
  const first = await rig.monitor();
  await first.caughtUp();
  await rig.stop(first);
  const lines = prompts(3, "b");
  writeFileSync(file, lines.join(""));
  const second = await rig.monitor();
  await second.caughtUp();
  expect(rig.server.source("one")?.generation).toBe(2);
  expect(rig.server.lines("one")).toEqual(bare(lines));
});
