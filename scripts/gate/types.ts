import { isAbsolute, relative } from "node:path";
import { projectFiles } from "../project-files.ts";
import { typedProjects, typesCommand } from "./commands.ts";
import { type Gate, type Outcome, runNode } from "./step.ts";

/** Each project with a tsconfig.json is one check, and one more is that no TypeScript file is outside all of them. */
export async function checkTypes(gate: Gate): Promise<Outcome> {
  const projects = typedProjects(gate.root);
  let passed = 0;
  let output = "";
  const covered = new Set<string>();
  for (const project of projects) {
    const check = await runNode(gate, `types of ${project}`, typesCommand(gate.root, project));
    const lines = check.output.split("\n");
    for (const line of lines) if (isAbsolute(line)) covered.add(relative(gate.root, line.trim()).replaceAll("\\", "/"));
    if (check.code === 0) passed++;
    else output += `${project}:\n${lines.filter((line) => !isAbsolute(line)).join("\n")}\n`;
  }
  const forgotten = projectFiles(gate.root).filter((path) => isTypeScript(path) && !covered.has(path));
  if (forgotten.length === 0) passed++;
  else output += `in no tsconfig.json, so never checked:\n${forgotten.join("\n")}\n`;
  return { passed, failed: projects.length + 1 - passed, output };
}

function isTypeScript(path: string): boolean {
  return /\.tsx?$/.test(path) && !path.startsWith("fixtures/");
}
