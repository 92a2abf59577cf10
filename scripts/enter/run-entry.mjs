import { spawn } from "node:child_process";
import { constants } from "node:os";

/**
 * Starts an entry under the project's Node and answers its exit code. The terminal sends Ctrl-C to the child itself, so it is
 * only waited for here; SIGTERM and SIGHUP, which reach one process, are passed on.
 *
 * @param {string} root
 * @param {string} node
 * @param {string[]} args
 * @returns {Promise<number>}
 */
export function runEntry(root, node, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(node, args, { cwd: root, stdio: "inherit" });
    process.on("SIGINT", () => {});
    for (const signal of /** @type {const} */ (["SIGTERM", "SIGHUP"])) process.on(signal, () => child.kill(signal));
    child.on("error", reject);
    child.on("exit", (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}
