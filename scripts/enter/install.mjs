import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runNpm } from "./npm.mjs";
import { Refusal } from "./refusal.mjs";

/** The runtime that the product needs: `node:sqlite`, zstd and type stripping as they are in Node 24. */
const RUNTIME_NODE_MAJOR = 24;

/**
 * `--include=dev`: Node itself and the builder are dev dependencies, whatever NODE_ENV says. `--engine-strict=false`: some
 * of them want the newer Node that this very command is about to install. `--ignore-scripts=false`: the `node` package
 * fetches its binary in an install script (the only one that package.json allows).
 */
const NPM_CI = ["ci", "--include=dev", "--engine-strict=false", "--ignore-scripts=false", "--no-audit", "--no-fund"];

/**
 * Installs with `npm ci` unless what is installed is what package-lock.json says, and answers the path of a Node that is
 * new enough. Throws `Refusal` with npm's own output where that fails.
 *
 * @param {string} root
 * @returns {Promise<string>}
 */
export async function ensureInstalled(root) {
  const why = staleBecause(root);
  if (why) {
    process.stdout.write(`Installing dependencies with npm ci (${why}) …\n`);
    const { code, output, ms } = await runNpm("installing dependencies", NPM_CI, { cwd: root });
    if (code !== 0) throw new Refusal(`${withoutManual(output)}\nnpm ci failed with exit code ${code}.`);
    process.stdout.write(`Installed in ${Math.round(ms / 1000)} s.\n`);
  }
  return findRuntime(root);
}

/**
 * Compares package-lock.json with npm's own record of what it installed. Null where they agree.
 *
 * @param {string} root
 * @returns {string | null}
 */
export function staleBecause(root) {
  const wanted = readJson(join(root, "package-lock.json"));
  const installed = readJson(join(root, "node_modules", ".package-lock.json"));
  if (!wanted) throw new Refusal("package-lock.json is missing or cannot be read: is this a whole checkout?");
  if (!installed) return "nothing is installed yet";
  for (const [path, entry] of Object.entries(wanted.packages)) {
    if (!path.includes("node_modules/") || entry.optional || entry.devOptional) continue;
    const have = installed.packages[path];
    if (!have || have.version !== entry.version || have.integrity !== entry.integrity) {
      const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
      return `${name} is ${have ? "another version" : "missing"}`;
    }
  }
  return null;
}

/** @param {string} root @returns {Promise<string>} */
async function findRuntime(root) {
  const own = ownNodePath(root);
  // A person's npm may forbid install scripts in ways that the flag above does not reach; ask for this one again.
  if (!existsSync(own)) await runNpm("fetching Node", ["rebuild", "node", "--ignore-scripts=false"], { cwd: root });
  if (existsSync(own) && majorOf(own) >= RUNTIME_NODE_MAJOR) return own;
  if (majorOf(process.execPath) >= RUNTIME_NODE_MAJOR) return process.execPath;
  throw new Refusal(
    `AgentPane runs on Node ${RUNTIME_NODE_MAJOR}. npm was to bring it as ${own}, and did not; this is Node ${process.versions.node}.\n` +
      `Allow its install script (npm rebuild node --ignore-scripts=false), or run this under Node ${RUNTIME_NODE_MAJOR} or newer.`,
  );
}

/** @param {string} root */
function ownNodePath(root) {
  return join(root, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");
}

/** npm ends a refusal with its manual page, which hides the reason above it. @param {string} output */
function withoutManual(output) {
  return output.split(/\nnpm error\s*\n?npm error Clean install a project/)[0] ?? output;
}

/** @param {string} node */
function majorOf(node) {
  const { stdout } = spawnSync(node, ["-p", "process.versions.node"], { encoding: "utf8" });
  return Number.parseInt(stdout ?? "", 10) || 0;
}

/** @param {string} path */
function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return null;
  }
}
