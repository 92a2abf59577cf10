import { describe, expect, it } from "vitest";
import { callSummary } from "./tools.ts";
import type { Taken } from "./want.ts";

const question = (text: string) => ({ question: text, header: "Q", options: [] });

describe("a call is recognised by", () => {
  it.each<[string, unknown, string]>([
    ["Bash", { description: "Run tests", command: "npm test\n--watch" }, "npm test --watch"],
    ["Read", { file_path: "/a.ts", offset: 3 }, "/a.ts"],
    ["NotebookEdit", { notebook_path: "/a.ipynb", new_source: "x" }, "/a.ipynb"],
    ["Grep", { path: "src", pattern: "reduce" }, "reduce"],
    ["WebFetch", { url: "https://example.test", prompt: "sum up" }, "https://example.test"],
    ["Agent", { prompt: "Look everywhere", description: "Audit" }, "Audit"],
    ["AskUserQuestion", { questions: [question("Which database?")] }, "Which database?"],
    [
      "AskUserQuestion",
      { questions: [question("Which database?"), question("Where?")] },
      "Which database? (and 1 more)",
    ],
    ["AskUserQuestion", {}, ""],
    ["ExitPlanMode", { plan: "\n## A search box\n\n1. A form" }, "A search box"],
    ["ExitPlanMode", {}, ""],
    [
      "TodoWrite",
      {
        todos: [
          { content: "A", status: "completed" },
          { content: "B", status: "in_progress" },
        ],
      },
      "1/2 done: B",
    ],
    ["TaskUpdate", { taskId: "3", status: "completed" }, "#3 completed"],
    ["TaskUpdate", { taskId: "3", subject: "Do it" }, "#3 Do it"],
    ["mcp__db__run", { limit: 5, query: "SELECT 1" }, "SELECT 1"],
    ["mcp__github__get_issue", { owner: "dev", issue_number: 12 }, '{"owner":"dev","issue_number":12}'],
    ["TaskList", {}, ""],
    ["Odd", "just text", '"just text"'],
    ["Odd", [1, 2], "[1,2]"],
    ["Odd", null, "null"],
  ])("%s %j: %s", (tool, input, expected) => {
    expect(callSummary(tool, input as Taken)).toBe(expected);
  });
});
