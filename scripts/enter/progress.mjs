import { spawn } from "node:child_process";

/** Whatever runs longer than this says so, and goes on saying so. */
export const PROGRESS_EVERY_MS = 2000;

/** How long output is waited for after the end: a grandchild that lives on may hold the pipes open for ever. */
const OUTPUT_GRACE_MS = 3000;

/** What is kept of a child's output for the case that it fails. */
const MAX_OUTPUT_CHARS = 1_000_000;
const MAX_SHOWN_CHARS = 60;

/**
 * Runs a command quietly, with a line of progress every two seconds: rewritten in place on a terminal, appended elsewhere.
 * Resolves with the exit code (a signal counts as 1, a command that cannot start as 127) and the whole output; never
 * rejects. Pass `quiet` to print nothing at all.
 *
 * @param {string} label
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv, shell?: boolean, quiet?: boolean, timeoutMs?: number }} options
 * @returns {Promise<{ code: number, output: string, ms: number }>}
 */
export function runWithProgress(label, command, args, options) {
  const startedAt = Date.now();
  return new Promise((resolve) => {
    let output = "";
    let last = "";
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      shell: options.shell ?? false,
      stdio: ["ignore", "pipe", "pipe"],
    });
    /** @param {Buffer} data */
    const take = (data) => {
      const text = data.toString("utf8");
      output = (output + text).slice(-MAX_OUTPUT_CHARS);
      last = lastLine(text) || last;
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    const progress = options.quiet ? null : startProgress(label, startedAt, () => last);
    const timeout = options.timeoutMs
      ? setTimeout(() => {
          output += `\nended: still running after ${Math.round((options.timeoutMs ?? 0) / 1000)} s\n`;
          child.kill("SIGKILL");
        }, options.timeoutMs)
      : null;
    /** @param {number} code */
    const finish = (code) => {
      if (timeout) clearTimeout(timeout);
      progress?.stop();
      child.stdout.destroy();
      child.stderr.destroy();
      resolve({ code, output, ms: Date.now() - startedAt });
    };
    child.on("error", (error) => {
      output += `${error.message}\n`;
      finish(127);
    });
    child.on("close", (code) => finish(code ?? 1));
    child.on("exit", (code) => setTimeout(() => finish(code ?? 1), OUTPUT_GRACE_MS).unref());
  });
}

/**
 * @param {string} label
 * @param {number} startedAt epoch ms
 * @param {() => string} detail what it is at now; may be empty
 */
export function startProgress(label, startedAt, detail) {
  const terminal = process.stdout.isTTY === true;
  const timer = setInterval(() => {
    const line =
      `  ${label} … ${Math.round((Date.now() - startedAt) / 1000)} s  ${detail().slice(0, MAX_SHOWN_CHARS)}`.trimEnd();
    process.stdout.write(terminal ? `\r\u001b[2K${line}` : `${line}\n`);
  }, PROGRESS_EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      if (terminal) process.stdout.write("\r\u001b[2K");
    },
  };
}

/** @param {string} text */
function lastLine(text) {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminal colours are what is taken out here
  const lines = text.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, "").split(/[\r\n]+/);
  for (let at = lines.length - 1; at >= 0; at--) {
    const line = (lines[at] ?? "").trim();
    // npm's warnings are many and say nothing of how far it is.
    if (line !== "" && !line.startsWith("npm warn")) return line;
  }
  return "";
}
