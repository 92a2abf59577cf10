import { stripVTControlCharacters } from "node:util";
import { runWithProgress } from "../enter/progress.mjs";

/** What every step is given. */
export interface Gate {
  /** Absolute path of the checkout. */
  root: string;
  /** A temporary folder of this run, for reports and scratch copies. */
  scratch: string;
  /** The environment of every child: a home of its own, nothing of the person's. */
  env: NodeJS.ProcessEnv;
}

export interface Outcome {
  passed: number;
  failed: number;
  /** Shown where anything failed. */
  output: string;
  /** A few words beside the counts. */
  note?: string;
}

export interface Step {
  /** One word, by which `npm test -- WORD` chooses it. */
  name: string;
  title: string;
  /** Steps that have to run before it, chosen or not. */
  needs?: readonly string[];
  run(gate: Gate): Promise<Outcome>;
}

export interface CommandOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  timeoutMs?: number;
  quiet?: boolean;
}

const COMMAND_TIMEOUT_MS = 5 * 60_000;
const MAX_SHOWN_LINES = 300;

/** Runs Node (this one) with the arguments. */
export function runNode(gate: Gate, label: string, args: readonly string[], options: CommandOptions = {}) {
  return runWithProgress(label, process.execPath, [...args], {
    cwd: options.cwd ?? gate.root,
    env: { ...gate.env, ...options.env },
    timeoutMs: options.timeoutMs ?? COMMAND_TIMEOUT_MS,
    quiet: options.quiet ?? false,
  });
}

/** A checker that passes or fails as a whole counts as one. */
export async function oneCheck(
  gate: Gate,
  label: string,
  args: readonly string[],
  options?: CommandOptions,
): Promise<Outcome> {
  const { code, output } = await runNode(gate, label, args, options);
  return code === 0 ? { passed: 1, failed: 0, output: "" } : { passed: 0, failed: 1, output };
}

/** Runs one step and prints its heading, its end, its duration and, where it failed, its output. Never throws. */
export async function runStep(gate: Gate, step: Step): Promise<Outcome & { ms: number }> {
  const startedAt = Date.now();
  process.stdout.write(`\n== ${step.title}\n`);
  let outcome: Outcome;
  try {
    outcome = await step.run(gate);
  } catch (error) {
    outcome = { passed: 0, failed: 1, output: (error as Error).stack ?? String(error) };
  }
  const ms = Date.now() - startedAt;
  if (outcome.failed > 0) process.stdout.write(`${lastLines(outcome.output)}\n`);
  const words = `${outcome.passed} passed${outcome.failed > 0 ? `, ${outcome.failed} FAILED` : ""}`;
  process.stdout.write(`   ${words}${outcome.note ? ` (${outcome.note})` : ""} in ${seconds(ms)}\n`);
  return { ...outcome, ms };
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function lastLines(output: string): string {
  const lines = stripVTControlCharacters(output).trimEnd().split("\n");
  if (lines.length <= MAX_SHOWN_LINES) return lines.join("\n");
  return [`... ${lines.length - MAX_SHOWN_LINES} lines before these`, ...lines.slice(-MAX_SHOWN_LINES)].join("\n");
}
