import { join } from "node:path";
import { CANARY_CASES, type CanaryCase } from "./canaries/cases.ts";
import { makeScratch, type Scratch } from "./canaries/scratch.ts";
import { typedProjects } from "./gate/commands.ts";
import { type Gate, type Outcome, runNode } from "./gate/step.ts";
import { checkTypes } from "./gate/types.ts";

const MAX_LINES_OF_A_PROBLEM = 30;

/**
 * A checker that reads nothing passes everything. So each is run on a copy of the project, where it must pass, and on the
 * same copy broken in one way, where it must fail and say why. Each of these runs counts as one test.
 */
export async function runCanaries(gate: Gate): Promise<Outcome> {
  const scratch = makeScratch(gate.root, join(gate.scratch, "canaries"));
  const problems: string[] = [];
  let passed = 0;
  const note = (good: boolean, name: string, output: string): void => {
    if (good) passed++;
    else problems.push(`${name}:\n${output.trimEnd().split("\n").slice(-MAX_LINES_OF_A_PROBLEM).join("\n")}\n`);
  };
  for (const canary of CANARY_CASES) {
    canary.prepare?.(scratch);
    const whole = await runCase(gate, scratch, canary, "whole");
    note(whole.code === 0, `${canary.checker} does not pass on an unbroken copy`, whole.output);
    for (const { name, apply, says } of canary.breaks) {
      const mend = apply(scratch);
      const broken = await runCase(gate, scratch, canary, name);
      mend();
      const failed = broken.code !== 0 && says.test(broken.output);
      note(failed, `${canary.checker} does not fail (or not with ${says}) when ${name}`, broken.output);
    }
  }
  const mend = scratch.write("stray/canary.ts", "export const a = 1;\n");
  const types = await checkTypes({ ...gate, root: scratch.root });
  mend();
  const found = types.failed > 0 && types.output.includes("stray/canary.ts") && typedProjects(scratch.root).length > 0;
  note(found, "the types step does not see a file outside every tsconfig.json", types.output);
  return { passed, failed: problems.length, output: problems.join("\n") };
}

function runCase(gate: Gate, scratch: Scratch, canary: CanaryCase, label: string) {
  return runNode(gate, `${canary.checker}: ${label}`, canary.command(scratch.root), {
    cwd: scratch.root,
    env: canary.env?.(scratch.root) ?? {},
  });
}
