import type { Decision } from "@agentpane/protocol";
import { describe, expect, it } from "vitest";
import type { HookRequest } from "../adapter.ts";
import { hookAnswer } from "./hook-answer.ts";

const MODE = '{ "type":"setMode", "mode":"acceptEdits", "n": 12345678901234567890 }';
const QUESTIONS = {
  questions: [
    { question: "Which database?", options: [{ label: "PostgreSQL" }, { label: "SQLite" }], multiSelect: false },
    { question: "Which days?", options: [{ label: "Mon" }, { label: "Tue" }, { label: "Wed" }], multiSelect: true },
  ],
};

function request(kind: HookRequest["kind"], inputJson = '{"command":"ls"}'): HookRequest {
  return {
    session: "s",
    subagent: null,
    subagentType: null,
    kind,
    tool: "T",
    inputJson,
    inputSha256: "0".repeat(64),
    suggestions: [
      { json: '{"type":"addRules"}', words: "" },
      { json: MODE, words: "" },
    ],
    cwd: null,
    permissionMode: null,
    transcriptPath: null,
  };
}
const asked = request("question", JSON.stringify(QUESTIONS));

function decided(of: HookRequest, decision: Decision): unknown {
  const { hookSpecificOutput } = JSON.parse(hookAnswer(of, decision));
  expect(hookSpecificOutput.hookEventName).toBe("PermissionRequest");
  return hookSpecificOutput.decision;
}

describe("the hook's answer", () => {
  it.each<[string, HookRequest, Decision, unknown]>([
    ["allows", request("permission"), { type: "allow" }, { behavior: "allow" }],
    [
      "allows an edited input",
      request("permission"),
      { type: "allow", updatedInputJson: '{"command":"ls -l"}' },
      { behavior: "allow", updatedInput: { command: "ls -l" } },
    ],
    [
      "allows always",
      request("permission"),
      { type: "allow", always: [0] },
      { behavior: "allow", updatedPermissions: [{ type: "addRules" }] },
    ],
    [
      "denies with words",
      request("permission"),
      { type: "deny", words: 'use "npm"\n', stop: false },
      { behavior: "deny", message: 'use "npm"\n' },
    ],
    [
      "denies and stops",
      request("permission"),
      { type: "deny", words: "", stop: true },
      { behavior: "deny", message: "The person denied this.", interrupt: true },
    ],
    [
      "answers several questions, with one choice, several, and free text",
      asked,
      {
        type: "answer",
        answers: [
          { question: "Which database?", choices: [], other: "DuckDB" },
          { question: "Which days?", choices: ["Mon", "Wed"], other: "the last of the month" },
        ],
      },
      {
        behavior: "allow",
        updatedInput: {
          ...QUESTIONS,
          answers: { "Which database?": "DuckDB", "Which days?": "Mon, Wed, the last of the month" },
        },
      },
    ],
    ["skips", asked, { type: "skip", words: "later" }, { behavior: "deny", message: "later" }],
    [
      "approves a plan",
      request("plan", "{}"),
      { type: "approve", acceptEdits: false },
      { behavior: "allow", updatedInput: {} },
    ],
    [
      "approves a plan and accepts edits",
      request("plan", "{}"),
      { type: "approve", acceptEdits: true },
      {
        behavior: "allow",
        updatedInput: {},
        updatedPermissions: [{ type: "setMode", mode: "acceptEdits", destination: "session" }],
      },
    ],
    [
      "rejects a plan",
      request("plan", "{}"),
      { type: "reject", words: "smaller" },
      { behavior: "deny", message: "smaller" },
    ],
  ])("%s", (_name, of, decision, expected) => {
    expect(decided(of, decision)).toEqual(expected);
  });

  it("keeps the characters of what is accepted and of what was edited", () => {
    const answer = hookAnswer(request("permission"), { type: "allow", always: [1], updatedInputJson: '{ "n":1.50 }' });
    expect(answer).toContain(`"updatedPermissions":[${MODE}]`);
    expect(answer).toContain('"updatedInput":{ "n":1.50 }');
  });

  const one = (question: string, choices: string[], other: string | null = null): Decision => ({
    type: "answer",
    answers: [{ question, choices, other }],
  });
  it.each<[string, HookRequest, Decision]>([
    ["approves a permission", request("permission"), { type: "approve", acceptEdits: false }],
    ["allows a question", asked, { type: "allow" }],
    ["denies a plan", request("plan"), { type: "deny", words: "", stop: false }],
    ["accepts a suggestion that was not made", request("permission"), { type: "allow", always: [2] }],
    ["edits the input into something that is no JSON", request("permission"), { type: "allow", updatedInputJson: "{" }],
    ["edits the input into a list", request("permission"), { type: "allow", updatedInputJson: "[]" }],
    ["closes the answer early", request("permission"), { type: "allow", updatedInputJson: '{}},"x":{' }],
    ["answers what was not asked", asked, one("Which planet?", ["Mars"])],
    ["chooses what was not offered", asked, one("Which database?", ["Oracle"])],
    ["chooses two where one is wanted", asked, one("Which database?", ["PostgreSQL", "SQLite"])],
    ["answers with nothing", asked, one("Which days?", [])],
  ])("is none where a decision %s", (_name, of, decision) => {
    expect(() => hookAnswer(of, decision)).toThrow(expect.objectContaining({ code: "invalid_request" }));
  });
});
