#!/usr/bin/env node
// Starts the monitor, whatever Node >= 18 runs this file: in a checkout under the project's own Node, which is a dev
// dependency and found by path; as a published package under this Node, if it is new enough. No dependencies.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const MIN_NODE_MAJOR = 24;
const here = dirname(dirname(fileURLToPath(import.meta.url)));
const bundle = join(here, "dist", "main.js");
const source = join(here, "src", "main.ts");
const ownNode = findOwnNode(here);

if (ownNode !== null && existsSync(source)) {
  runUnder(ownNode);
} else if (!existsSync(bundle)) {
  refuse(`The project's own Node is not installed here. Run in ${here}: npm ci`);
} else if (Number(process.versions.node.split(".")[0]) < MIN_NODE_MAJOR) {
  refuse(
    `cli-monitor needs Node ${MIN_NODE_MAJOR} or newer; this is ${process.versions.node}. Install it from https://nodejs.org`,
  );
} else {
  await import("../dist/main.js");
}

/** @param {string} folder @returns {string | null} */
function findOwnNode(folder) {
  for (let at = folder; ; at = dirname(at)) {
    for (const name of ["node", "node.exe"]) {
      const path = join(at, "node_modules", "node", "bin", name);
      if (existsSync(path)) return path;
    }
    if (dirname(at) === at) return null;
  }
}

/** @param {string} node */
function runUnder(node) {
  // The channel tells the child that we are gone, however we ended; it takes that as a request to stop. Two arenas of
  // glibc are enough for its threads, and keep 30 MB less of what was freed.
  const child = spawn(node, [source, ...process.argv.slice(2)], {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env: { MALLOC_ARENA_MAX: "2", ...process.env },
  });
  child.on("error", (error) => refuse(`cli-monitor cannot start ${node}: ${error.message}`));
  child.on("exit", (code, signal) => {
    process.exit(code ?? (signal === "SIGINT" ? 130 : signal === "SIGTERM" ? 143 : 1));
  });
  // A terminal gives ^C to the child as well, which must not count it twice: so it is not passed on as a signal.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      if (child.connected) child.disconnect();
      else child.kill("SIGKILL");
    });
  }
}

/** @param {string} message */
function refuse(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
