import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Biome shows twenty and counts the rest; what is not shown cannot be mended. */
const ALL_DIAGNOSTICS = ["--max-diagnostics=500"];

/**
 * The exact command of each checker, so that the canaries break what the gate really runs. Every command is arguments to
 * the Node that runs this, with `root` as working folder.
 */
export function formatCommand(root: string): string[] {
  return [tool(root, "@biomejs/biome/bin/biome"), "check", "--linter-enabled=false", ...ALL_DIAGNOSTICS, "."];
}

export function lintCommand(root: string): string[] {
  return [tool(root, "@biomejs/biome/bin/biome"), "lint", "--error-on-warnings", ...ALL_DIAGNOSTICS, "."];
}

/** Checks one project; prints the files that belong to it after what it found, one absolute path a line. */
export function typesCommand(root: string, project: string): string[] {
  return [tool(root, "typescript/bin/tsc"), "--pretty", "false", "--listFiles", "-p", project];
}

export function knipCommand(root: string): string[] {
  return [tool(root, "knip/bin/knip.js"), "--no-progress", "--treat-config-hints-as-errors"];
}

export function arrowsCommand(root: string): string[] {
  return [join(root, "scripts", "check-arrows.ts"), root];
}

export function hygieneCommand(root: string): string[] {
  return [join(root, "scripts", "check-hygiene.ts"), root];
}

export function budgetCommand(root: string): string[] {
  return [join(root, "scripts", "check-budget.ts"), root];
}

/** `report` gets the counts; what a person reads goes to the output. */
export function vitestCommand(root: string, projects: readonly string[], report: string): string[] {
  const chosen = projects.flatMap((name) => ["--project", name]);
  return [
    tool(root, "vitest/vitest.mjs"),
    "run",
    ...chosen,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
  ];
}

/** Playwright's JSON reporter takes its file from the environment: see `playwrightEnvironment`. */
export function playwrightCommand(root: string): string[] {
  return [tool(root, "@playwright/test/cli.js"), "test", "--reporter=line,json"];
}

export function playwrightEnvironment(report: string): Record<string, string> {
  return { PLAYWRIGHT_JSON_OUTPUT_NAME: report };
}

/** Every folder with a tsconfig.json of its own, seen from the root. */
export function typedProjects(root: string): string[] {
  const packages = readdirSync(join(root, "packages")).map((name) => `packages/${name}`);
  return [...packages, "e2e", "bench", "scripts"].filter((folder) => existsSync(join(root, folder, "tsconfig.json")));
}

function tool(root: string, path: string): string {
  return join(root, "node_modules", ...path.split("/"));
}
