import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { gzipSync } from "node:zlib";

/** What a browser has to fetch before the first page shows; every further page is a chunk of its own. */
const MAX_INITIAL_SCRIPT_BYTES = 200 * 1024;

/** Weighs the scripts that the built index.html asks for, compressed. `check-budget.ts [ROOT]`; exit code 1 past the budget. */
const root = resolve(process.argv[2] ?? dirname(import.meta.dirname));
const dist = join(root, "packages", "web", "dist");
const scripts = existsSync(join(dist, "index.html"))
  ? initialScripts(readFileSync(join(dist, "index.html"), "utf8"))
  : [];
const bytes = scripts.reduce((sum, path) => sum + gzipSync(readFileSync(join(dist, path))).length, 0);
const kib = (count: number): string => `${(count / 1024).toFixed(1)} KiB`;

process.stdout.write(
  `${scripts.length} scripts at start, ${kib(bytes)} of ${kib(MAX_INITIAL_SCRIPT_BYTES)} compressed\n`,
);
if (scripts.length === 0) process.stdout.write("no built dashboard that loads a script: run npm run build\n");
if (scripts.length === 0 || bytes > MAX_INITIAL_SCRIPT_BYTES) process.exitCode = 1;

function initialScripts(html: string): string[] {
  return [...html.matchAll(/(?:src|href)="\/?([^"]+\.js)"/g)].map((match) => match[1] ?? "");
}
