import { writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { append, promptLine, Rig, until } from "./testing/rig.ts";

test("lines that stand there at the start and lines appended later all arrive, in order", async () => {
  await using rig = await Rig.start();
  const file = rig.transcript("one");
  const first = [promptLine("a"), promptLine("b")];
  writeFileSync(file, first.join(""));
  const monitor = await rig.monitor();
  await monitor.caughtUp();
  expect(rig.server.lines("one")).toEqual(first.map((line) => line.trimEnd()));
  const more = promptLine("c");
  append(file, more);
  await until("the appended line", () => rig.server.lines("one").length === 3);
  expect(rig.server.lines("one")[2]).toBe(more.trimEnd());
});
