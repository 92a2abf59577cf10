import { chooseSeed } from "@agentpane/testkit";
import { describe, expect, it } from "vitest";
import { killStorm } from "../kill-storm.ts";

describe("every line takes effect exactly once", () => {
  it("while server and monitor are killed 30 times and files are appended, cut, rewritten, moved, copied and deleted", async () => {
    const seed = chooseSeed();
    const said: string[] = [];
    const result = await killStorm({ seed, kills: 30, progress: (line) => said.push(line) });
    const about = `PROOF_SEED=${seed} ${JSON.stringify(result.kills)} ${JSON.stringify(result.steps)}\n${said.join("\n")}`;
    expect(result.problems, about).toEqual([]);
    expect(result.problemsAfterRestart, about).toEqual([]);
    // The storm was one: it did most of what it can do.
    expect(result.lines, about).toBeGreaterThan(500);
    expect(Object.keys(result.steps).length, about).toBeGreaterThanOrEqual(9);
  }, 600_000);
});
