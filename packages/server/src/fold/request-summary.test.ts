import { expect, test } from "vitest";
import { requestSummary } from "./request-summary.ts";

const command = JSON.stringify({ description: "Run", command: "  npm test\nrm -rf x" });
const plan = "# Rework the shop\n\n1. Begin";

test.each<[Parameters<typeof requestSummary>, string]>([
  [["permission", "Bash", command, null], "npm test"],
  [["permission", "Write", '{"content":"x","file_path":"/a/b"}', null], "/a/b"],
  [["permission", "mcp__x__do", '{"n":1,"what":"this"}', null], "this"],
  [["permission", "mcp__x__do", '{"n":1}', null], "mcp__x__do"],
  [["permission", "mcp__x__do", "no JSON", null], "mcp__x__do"],
  [["question", "AskUserQuestion", '{"questions":[{"question":"Which?"}]}', null], "Which?"],
  [["question", "AskUserQuestion", '{"questions":[]}', null], "AskUserQuestion"],
  [["plan", "ExitPlanMode", "{}", plan], "Rework the shop"],
  [["plan", "ExitPlanMode", "{}", null], "ExitPlanMode"],
  [["permission", "Bash", JSON.stringify({ command: `${"x".repeat(239)}🙂` }), null], "x".repeat(239)],
])("%j is summed up as %j", (asked, summary) => {
  expect(requestSummary(...asked)).toBe(summary);
});
