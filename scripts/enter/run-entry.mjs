import { spawn } from "node:child_process";
import { constants } from "node:os";

/**
 * Starts an entry under the project's Node and answers its exit code. The terminal gives Ctrl-C to the child as well, so it
 * is not passed on. With `channel` the child holds a channel to us and takes its end as a request to stop, however we
 * end; without, it gets the signals that reach only us.
 *
 * @param {string} root
 * @param {string} node
 * @param {string[]} args
 * @param {boolean} channel
 * @returns {Promise<number>}
 */
export function runEntry(root, node, args, channel) {
  return new Promise((resolve, reject) => {
    const inherit = /** @type {const} */ (["inherit", "inherit", "inherit"]);
    const child = spawn(node, args, { cwd: root, stdio: channel ? [...inherit, "ipc"] : [...inherit] });
    for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]))
      process.on(signal, () => {
        if (channel && child.connected) child.disconnect();
        else if (!channel && signal !== "SIGINT") child.kill(signal);
      });
    child.on("error", reject);
    child.on("exit", (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}
