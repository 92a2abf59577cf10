import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { linkProblems } from "./hygiene/link-rules.ts";
import { shapeProblems } from "./hygiene/shape-rules.ts";
import { textProblems } from "./hygiene/text-rules.ts";
import { projectFiles } from "./project-files.ts";

/** Prints what has no business in the repository. `check-hygiene.ts [ROOT]`; exit code 1 where there is any, or nothing to read. */
const root = resolve(process.argv[2] ?? dirname(import.meta.dirname));
const files = projectFiles(root);
const known = new Set(files);
const problems = files.flatMap((path) => {
  const bytes = readFileSync(join(root, path));
  const text = bytes.includes(0) ? "" : bytes.toString("utf8");
  return [
    ...shapeProblems(path, bytes.length, text),
    ...textProblems(path, text, root),
    ...linkProblems(path, text, known),
  ];
});
for (const problem of problems) process.stdout.write(`${problem}\n`);
process.stdout.write(`${files.length} files read, ${problems.length} things that do not belong here\n`);
if (problems.length > 0 || files.length === 0) process.exitCode = 1;
