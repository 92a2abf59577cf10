import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { runWithProgress } from "./progress.mjs";
import { Refusal } from "./refusal.mjs";

/** All that goes into the page, seen from the root. */
const SOURCES = [
  "package-lock.json",
  "packages/protocol/package.json",
  "packages/protocol/src",
  "packages/web/index.html",
  "packages/web/package.json",
  "packages/web/public",
  "packages/web/src",
  "packages/web/vite.config.ts",
];

/**
 * Builds `packages/web/dist` unless it was built from exactly these sources. Throws `Refusal` with the builder's output.
 *
 * @param {string} root
 * @param {string} node
 */
export async function buildDashboard(root, node) {
  const web = join(root, "packages", "web");
  const stamp = join(web, "dist", ".stamp");
  const digest = digestOf(root);
  if (existsSync(join(web, "dist", "index.html")) && readOr(stamp, "") === digest) return;
  process.stdout.write("Building the dashboard …\n");
  const vite = join(root, "node_modules", "vite", "bin", "vite.js");
  const { code, output, ms } = await runWithProgress("building the dashboard", node, [vite, "build"], { cwd: web });
  if (code !== 0) throw new Refusal(`${output}\nThe dashboard did not build (exit code ${code}).`);
  writeFileSync(stamp, digest);
  process.stdout.write(`Built in ${(ms / 1000).toFixed(1)} s.\n`);
}

/** @param {string} root */
function digestOf(root) {
  const hash = createHash("sha256");
  for (const source of SOURCES)
    for (const path of filesUnder(join(root, source)))
      hash
        .update(`${relative(root, path)}\0`)
        .update(readFileSync(path))
        .update("\0");
  return hash.digest("hex");
}

/**
 * Sorted, so that the digest does not depend on the file system's order; tests do not reach the page.
 *
 * @param {string} path
 * @returns {string[]}
 */
function filesUnder(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return /\.test\.tsx?$/.test(path) ? [] : [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesUnder(join(path, name)));
}

/** @param {string} path @param {string} otherwise */
function readOr(path, otherwise) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return otherwise;
  }
}
