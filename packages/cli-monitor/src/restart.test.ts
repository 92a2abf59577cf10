import { truncateSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { append, promptLine, Rig } from "./testing/rig.ts";

type Step =
  | { kind: "append"; lines: number }
  | { kind: "torn" }
  | { kind: "rewrite"; lines: number }
  | { kind: "truncate" };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("append" as const), lines: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 2, arbitrary: fc.constant({ kind: "torn" as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("rewrite" as const), lines: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 1, arbitrary: fc.constant({ kind: "truncate" as const }) },
);

/** The file after the step: whole lines, and perhaps the beginning of another. */
function apply(file: string, before: string, taken: Step): string {
  const rest = before.slice(before.lastIndexOf("\n") + 1);
  switch (taken.kind) {
    case "append": {
      const lines = Array.from({ length: taken.lines }, (_, n) => promptLine(`line ${n}`)).join("");
      // What was torn becomes part of the first of them, as it would if the agent went on writing.
      append(file, lines);
      return before + lines;
    }
    case "torn": {
      const torn = promptLine("torn").slice(0, 20);
      append(file, torn);
      return before + torn;
    }
    case "rewrite": {
      const lines = Array.from({ length: taken.lines }, () => promptLine("rewritten")).join("");
      writeFileSync(file, lines);
      return lines;
    }
    case "truncate": {
      const kept = before.slice(0, Math.floor((before.length - rest.length) / 2));
      truncateSync(file, kept.length);
      return kept;
    }
  }
}

test("whatever happens to a file, and wherever the monitor is stopped or loses answers, the same lines are committed", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(step, fc.constantFrom("go on", "wait", "restart", "lose an answer", "fail once")), {
        minLength: 1,
        maxLength: 8,
      }),
      async (steps) => {
        await using rig = await Rig.start();
        const file = rig.transcript("one");
        writeFileSync(file, "");
        let content = "";
        let monitor = await rig.monitor();
        for (const [taken, then] of steps) {
          let done = false;
          rig.server.script = ({ path }) => {
            if (done || !path.endsWith("/ingest")) return null;
            done = true;
            return then === "lose an answer" ? "cut" : then === "fail once" ? { status: 500 } : null;
          };
          content = apply(file, content, taken);
          if (then === "wait") await monitor.caughtUp();
          if (then === "restart") {
            await rig.stop(monitor);
            monitor = await rig.monitor();
          }
        }
        rig.server.script = () => null;
        await rig.stop(monitor);
        monitor = await rig.monitor();
        await monitor.caughtUp();
        const lines = content.split("\n").slice(0, -1);
        expect(rig.server.lines("one")).toEqual(lines);
        for (const generation of rig.server.source("one")?.generations.values() ?? []) {
          expect(generation.ranges.map(({ from }) => from)).toEqual(
            [0, ...generation.ranges.map(({ to }) => to)].slice(0, -1),
          );
        }
      },
    ),
    { numRuns: 25 },
  );
});
