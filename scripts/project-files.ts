import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** What is nobody's source: installed, built or left by a test run. */
const IGNORED_FOLDERS = new Set([
  "node_modules",
  "dist",
  ".git",
  ".cache",
  "test-results",
  "playwright-report",
  "coverage",
]);

/**
 * The project's own files as sorted paths from the root, with forward slashes: what git tracks or would track, or, in a copy
 * without git, everything that is not installed or built.
 */
export function projectFiles(root: string): string[] {
  const files = existsSync(join(root, ".git")) ? gitFiles(root) : walk(root, "");
  return files.filter((path) => existsSync(join(root, path))).sort();
}

function gitFiles(root: string): string[] {
  const git = spawnSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (git.status !== 0) throw new Error(`git ls-files failed: ${git.stderr || git.error?.message}`);
  return git.stdout.split("\0").filter((path) => path !== "");
}

function walk(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (IGNORED_FOLDERS.has(entry.name)) return [];
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    return entry.isDirectory() ? walk(root, path) : [path];
  });
}
