import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { checkArrows } from "./arrows/check.ts";
import { projectFiles } from "./project-files.ts";

/** Prints every import that goes where it may not. `check-arrows.ts [ROOT]`; exit code 1 where there is any, or nothing to read. */
const root = resolve(process.argv[2] ?? dirname(import.meta.dirname));
const { problems, modules } = checkArrows({
  files: projectFiles(root),
  read: (path) => readFileSync(join(root, path), "utf8"),
});
for (const problem of problems) process.stdout.write(`${problem}\n`);
process.stdout.write(`${modules} modules read, ${problems.length} arrows that may not be\n`);
if (problems.length > 0 || modules === 0) process.exitCode = 1;
