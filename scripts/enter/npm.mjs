import { basename } from "node:path";
import { runWithProgress } from "./progress.mjs";

/**
 * Runs npm: the one that called us where one did, else the one in PATH. Answers as `runWithProgress` does.
 *
 * @param {string} label
 * @param {string[]} args
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv, timeoutMs?: number, quiet?: boolean }} options
 */
export function runNpm(label, args, options) {
  const called = process.env.npm_execpath;
  if (called && basename(called).startsWith("npm") && /\.[cm]?js$/.test(called))
    return runWithProgress(label, process.execPath, [called, ...args], options);
  const windows = process.platform === "win32";
  return runWithProgress(label, windows ? "npm.cmd" : "npm", args, { ...options, shell: windows });
}
