import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { testEnvironment } from "./gate/environment.ts";
import { type Gate, runStep, seconds } from "./gate/step.ts";
import { STEPS } from "./gate/steps.ts";

/**
 * `npm test [-- STEP ...]`: every step, or the named ones; a failure does not stop the rest. The last line is always
 * `N passed, N failed`, and the exit code is 1 where anything failed or nothing ran.
 */
const root = dirname(import.meta.dirname);
const wanted = process.argv.slice(2);
const needed = STEPS.filter((step) => wanted.includes(step.name)).flatMap((step) => [step.name, ...(step.needs ?? [])]);
const steps = STEPS.filter((step) => wanted.length === 0 || needed.includes(step.name));
const unknown = wanted.filter((name) => !STEPS.some((step) => step.name === name));

/** Short, since addresses of Unix sockets below it must fit 108 bytes. */
const scratch = mkdtempSync(join(realpathSync(tmpdir()), "apt-"));
const gate: Gate = { root, scratch, env: testEnvironment(root, scratch, process.env) };
const startedAt = Date.now();
let passed = 0;
let failed = unknown.length;
const table: string[] = unknown.map(
  (name) => `  no such step: ${name} (there are ${STEPS.map((step) => step.name).join(", ")})`,
);

for (const step of steps) {
  const outcome = await runStep(gate, step);
  passed += outcome.passed;
  failed += outcome.failed;
  const verdict = outcome.failed > 0 ? `${outcome.failed} FAILED` : "ok";
  table.push(`  ${step.name.padEnd(12)} ${verdict.padEnd(10)} ${seconds(outcome.ms).padStart(8)}`);
}
rmSync(scratch, { recursive: true, force: true });

process.stdout.write(
  `\n${table.join("\n")}\n  ${"whole run".padEnd(23)} ${seconds(Date.now() - startedAt).padStart(8)}\n`,
);
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
