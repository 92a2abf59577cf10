import { copyFileSync, renameSync, rmSync, statSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { append, promptLine, Rig, until } from "./testing/rig.ts";

const bare = (lines: readonly string[]) => lines.map((line) => line.replace(/\n$/, ""));
const prompts = (count: number, text = "p") => Array.from({ length: count }, (_, n) => promptLine(`${text}${n}`));

test("a transcript that moves to another project folder stays the source it was", async () => {
  await using rig = await Rig.start();
  const file = rig.transcript("one");
  append(file, ...prompts(3));
  const monitor = await rig.monitor();
  await monitor.caughtUp();
  const target = rig.transcript("one", { project: "-home-dev-shop--worktree" });
  renameSync(file, target);
  const more = promptLine("after the move");
  append(target, more);
  await until("the line after the move", () => rig.server.lines("one").length === 4);
  expect(rig.server.source("one")).toMatchObject({ generation: 1, path: target, gone: false });
  expect(rig.server.sources.size).toBe(1);
});

test("a transcript that moved while no monitor ran is told by its path alone", async () => {
  await using rig = await Rig.start();
  const file = rig.transcript("one");
  append(file, ...prompts(3));
  const first = await rig.monitor();
  await first.caughtUp();
  await rig.stop(first);
  const target = rig.transcript("one", { project: "elsewhere" });
  renameSync(file, target);
  const second = await rig.monitor();
  await second.caughtUp();
  expect(rig.server.source("one")).toMatchObject({ generation: 1, path: target, gone: false });
  expect(rig.server.ingests.at(-1)?.segments).toMatchObject([
    { from: statSync(target).size, to: statSync(target).size },
  ]);
});

test("a transcript moved over another of its conversation stays the source it was", async () => {
  await using rig = await Rig.start();
  const [here, there] = [rig.transcript("one"), rig.transcript("one", { project: "elsewhere" })];
  append(here, ...prompts(2, "first"));
  append(there, ...prompts(3, "second"));
  const monitor = await rig.monitor();
  await monitor.caughtUp();
  const second = [...rig.server.sources.values()].find(({ path: at }) => at === there);
  renameSync(there, here);
  append(here, promptLine("more of the second"));
  const copy = second?.key.copy ?? 0;
  await until("the line after the move", () => rig.server.lines("one", null, copy).length === 4);
  const other = 3 - copy;
  await until("the other is gone", () => rig.server.source("one", null, other)?.gone === true);
  expect(rig.server.source("one", null, copy)).toMatchObject({ generation: 1, path: here, gone: false });
  expect(rig.server.source("one", null, other)).toMatchObject({ generation: 1 });
  await rig.stop(monitor);
  const next = await rig.monitor();
  await next.caughtUp();
  append(here, promptLine("after a restart"));
  await until("the line after the restart", () => rig.server.lines("one", null, copy).length === 5);
  expect(rig.server.source("one", null, other)).toMatchObject({ generation: 1, gone: true });
});

test("a copy of a transcript is a second source", async () => {
  await using rig = await Rig.start();
  const file = rig.transcript("one");
  const lines = prompts(3);
  append(file, ...lines);
  const monitor = await rig.monitor();
  await monitor.caughtUp();
  const copy = rig.transcript("one", { project: "backup" });
  copyFileSync(file, copy);
  await until("the copy", () => rig.server.lines("one", null, 2).length === 3);
  append(copy, promptLine("only in the copy"));
  await until("the line in the copy", () => rig.server.lines("one", null, 2).length === 4);
  expect(rig.server.lines("one")).toEqual(bare(lines));
  expect(rig.server.source("one", null, 2)?.path).toBe(copy);
});

test("a deleted transcript is told to be gone, and is back when it is back", async () => {
  await using rig = await Rig.start();
  const file = rig.transcript("one");
  const lines = prompts(3);
  append(file, ...lines);
  const monitor = await rig.monitor();
  await monitor.caughtUp();
  rmSync(file);
  await until("it is gone", () => rig.server.source("one")?.gone === true);
  expect(rig.server.lines("one")).toEqual(bare(lines));
  append(file, ...lines);
  await until("it is back", () => rig.server.source("one")?.gone === false);
});

test("a transcript deleted while no monitor ran is told to be gone", async () => {
  await using rig = await Rig.start();
  const file = rig.transcript("one");
  append(file, ...prompts(3));
  const first = await rig.monitor();
  await first.caughtUp();
  await rig.stop(first);
  rmSync(file);
  await rig.monitor();
  await until("it is gone", () => rig.server.source("one")?.gone === true);
});

test("a transcript rewritten and moved before the server answered stays one source", async () => {
  await using rig = await Rig.start();
  const file = rig.transcript("one");
  append(file, ...prompts(3));
  const monitor = await rig.monitor();
  await monitor.caughtUp();
  const answered = Promise.withResolvers<void>();
  let held = 0;
  rig.server.hold = () => {
    held += 1;
    return answered.promise;
  };
  const rewritten = `${file}.new`;
  append(rewritten, ...prompts(4, "other"));
  renameSync(rewritten, file);
  await until("the rewritten lines are on their way", () => held > 0);
  const target = rig.transcript("one", { project: "elsewhere" });
  renameSync(file, target);
  append(target, promptLine("after the move"));
  // Time to do it wrong: to send what stands there as another source's, in a body of its own.
  await Promise.race([until("a second body", () => held > 1), setTimeout(300)]);
  answered.resolve();
  await until("the line after the move", () => rig.server.source("one")?.path === target);
  await until("all of the second life", () => rig.server.lines("one").length === 5);
  expect(rig.server.source("one")).toMatchObject({ generation: 2, path: target, gone: false });
  expect(rig.server.sources.size).toBe(1);
});
