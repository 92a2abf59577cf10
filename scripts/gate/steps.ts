import { existsSync } from "node:fs";
import { join } from "node:path";
import { runCanaries } from "../canaries.ts";
import { tryPackages } from "../pack/try-package.ts";
import { getBrowser } from "./browser.ts";
import {
  arrowsCommand,
  budgetCommand,
  formatCommand,
  hygieneCommand,
  knipCommand,
  lintCommand,
  playwrightCommand,
  playwrightEnvironment,
  vitestCommand,
} from "./commands.ts";
import { type Counts, playwrightCounts, vitestCounts } from "./counts.ts";
import { type Gate, type Outcome, oneCheck, runNode, type Step } from "./step.ts";
import { checkTypes } from "./types.ts";

const REQUIRED_NODE_MAJOR = 24;
/** Many times what each takes on an idle machine: they end what hangs, not what is slow. */
const UNIT_TIMEOUT_MS = 15 * 60_000;
const INTEGRATION_TIMEOUT_MS = 20 * 60_000;
const BROWSER_TIMEOUT_MS = 15 * 60_000;

/** All that `npm test` does, in order. Cheap checks come first; each runs whatever became of those before it. */
export const STEPS: readonly Step[] = [
  { name: "node", title: `Node ${REQUIRED_NODE_MAJOR} or newer`, run: checkNode },
  { name: "get-browser", title: "A browser, and tmux", run: getBrowser },
  {
    name: "dashboard",
    title: "Build the dashboard",
    run: (gate) => oneCheck(gate, "build", ["scripts/enter.mjs", "build"]),
  },
  { name: "format", title: "Format", run: (gate) => oneCheck(gate, "biome check", formatCommand(gate.root)) },
  { name: "lint", title: "Lint", run: (gate) => oneCheck(gate, "biome lint", lintCommand(gate.root)) },
  { name: "types", title: "Types", run: checkTypes },
  {
    name: "knip",
    title: "Dead code and unused dependencies",
    run: (gate) => oneCheck(gate, "knip", knipCommand(gate.root)),
  },
  { name: "arrows", title: "Import arrows", run: (gate) => oneCheck(gate, "arrows", arrowsCommand(gate.root)) },
  { name: "hygiene", title: "Hygiene", run: (gate) => oneCheck(gate, "hygiene", hygieneCommand(gate.root)) },
  {
    name: "budget",
    title: "Size of the page",
    needs: ["dashboard"],
    run: (gate) => oneCheck(gate, "budget", budgetCommand(gate.root)),
  },
  {
    name: "canaries",
    title: "Canaries: each checker fails on what it is for",
    needs: ["get-browser"],
    run: runCanaries,
  },
  { name: "unit", title: "Unit and component tests", run: (gate) => vitest(gate, ["unit", "web"], UNIT_TIMEOUT_MS) },
  {
    name: "integration",
    title: "Integration tests",
    run: (gate) => vitest(gate, ["integration"], INTEGRATION_TIMEOUT_MS),
  },
  { name: "browser", title: "Browser tests", needs: ["get-browser", "dashboard"], run: playwright },
  {
    name: "pack",
    title: "Pack, install in an empty folder, start",
    needs: ["dashboard"],
    run: tryPackages,
  },
];

async function checkNode(): Promise<Outcome> {
  const version = process.versions.node;
  const good = Number(version.split(".")[0]) >= REQUIRED_NODE_MAJOR;
  const output = good ? "" : `this is Node ${version}`;
  return { passed: good ? 1 : 0, failed: good ? 0 : 1, output, note: `Node ${version} at ${process.execPath}` };
}

async function vitest(gate: Gate, projects: readonly string[], timeoutMs: number): Promise<Outcome> {
  const report = join(gate.scratch, `vitest-${projects.join("-")}.json`);
  const run = await runNode(gate, "vitest", vitestCommand(gate.root, projects, report), { timeoutMs });
  return outcomeOf(vitestCounts(report, run.code), run.output);
}

async function playwright(gate: Gate): Promise<Outcome> {
  const report = join(gate.scratch, "playwright.json");
  const run = await runNode(gate, "playwright", playwrightCommand(gate.root), {
    env: playwrightEnvironment(report),
    timeoutMs: BROWSER_TIMEOUT_MS,
  });
  return outcomeOf(
    playwrightCounts(report, run.code),
    existsSync(report) ? run.output : `no report was written\n${run.output}`,
  );
}

function outcomeOf(counts: Counts, output: string): Outcome {
  const { passed, failed, skipped } = counts;
  return { passed, failed, output, ...(skipped > 0 ? { note: `${skipped} skipped` } : {}) };
}
