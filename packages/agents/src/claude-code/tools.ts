import { oneLine } from "./one-line.ts";
import { firstLine, head, json, list, measured, object, summary, word } from "./taken.ts";
import type { Taken, TakenObject } from "./want.ts";

/** By which key of its input a person recognises a call, best first, where the tool is one of the agent's own. */
const SUBJECT: Record<string, readonly string[]> = {
  Bash: ["command"],
  PowerShell: ["command"],
  Read: ["file_path"],
  Write: ["file_path"],
  Edit: ["file_path"],
  MultiEdit: ["file_path"],
  NotebookEdit: ["notebook_path"],
  Grep: ["pattern"],
  Glob: ["pattern"],
  LS: ["path"],
  WebFetch: ["url"],
  WebSearch: ["query"],
  ToolSearch: ["query"],
  Agent: ["description", "prompt"],
  Task: ["description", "prompt"],
  Skill: ["skill", "command"],
  SlashCommand: ["command"],
  TaskCreate: ["subject"],
  EnterWorktree: ["name", "path"],
};

/** For every other tool, an MCP server's above all. */
const USUAL: readonly string[] = [
  "command",
  "file_path",
  "path",
  "pattern",
  "query",
  "url",
  "name",
  "description",
  "subject",
  "prompt",
  "skill",
  "task_id",
  "shell_id",
  "bash_id",
  "taskId",
];

export function isSubagentTool(tool: string): boolean {
  return tool === "Agent" || tool === "Task";
}

/** One line by which a person recognises the call; its whole input where nothing in it stands out. */
export function callSummary(tool: string, value: Taken): string {
  const input = object(measured(value));
  if (tool === "AskUserQuestion") return questions(input);
  if (tool === "ExitPlanMode") return firstLine(head(input.plan));
  if (tool === "TodoWrite") return todos(input);
  if (tool === "TaskUpdate") return taskUpdate(input);
  for (const key of SUBJECT[tool] ?? USUAL) {
    const found = summary(input[key]);
    if (found) return found;
  }
  const whole = summary(json(value));
  return whole === "{}" ? "" : whole;
}

function questions(input: TakenObject): string {
  const asked = list(input.questions)
    .map((item) => head(object(item).question))
    .filter((question) => question !== "");
  const more = asked.length > 1 ? ` (and ${asked.length - 1} more)` : "";
  return oneLine(`${asked[0] ?? ""}${more}`);
}

function todos(input: TakenObject): string {
  const items = list(input.todos).map(object);
  const done = items.filter((item) => item.status === "completed").length;
  const now = items.find((item) => item.status === "in_progress");
  return oneLine(`${done}/${items.length} done${now ? `: ${head(now.content)}` : ""}`);
}

function taskUpdate(input: TakenObject): string {
  return oneLine(`#${word(input.taskId) ?? "?"} ${word(input.status) ?? head(input.subject)}`);
}
