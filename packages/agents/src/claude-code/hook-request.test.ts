import { readFileSync } from "node:fs";
import { agentRequest, requestSuggestion } from "@agentpane/protocol";
import { describe, expect, it } from "vitest";
import { readHookRequest } from "./hook-request.ts";
import { suggestionWords } from "./hook-words.ts";

const SAMPLES = new URL("../../../../fixtures/claude-code-2.1.330/hooks/", import.meta.url);

function sample(name: string): string {
  const file = new URL(`sample-PermissionRequest-${name}.json`, SAMPLES);
  return JSON.stringify(JSON.parse(readFileSync(file, "utf8")).input);
}
function request(body: string) {
  const reading = readHookRequest(body);
  if (!("request" in reading)) throw new Error(reading.reason);
  return reading.request;
}

describe("a real hook call", () => {
  it.each([
    ["Bash", "permission", "default", 2],
    ["Write", "permission", "default", 1],
    ["Edit", "permission", "default", 1],
    ["mcp__demo__ask", "permission", "default", 1],
    ["AskUserQuestion", "question", "default", 0],
    ["ExitPlanMode", "plan", "plan", 0],
  ])("for %s is a %s", (tool, kind, permissionMode, suggestions) => {
    const body = sample(tool);
    const read = request(body);
    const given = JSON.parse(body);
    expect(read).toMatchObject({
      session: given.session_id,
      subagent: null,
      subagentType: null,
      tool,
      kind,
      permissionMode,
      cwd: "/home/dev/shop",
      transcriptPath: given.transcript_path,
      inputJson: JSON.stringify(given.tool_input),
    });
    expect(read.suggestions.map(({ json }) => JSON.parse(json))).toEqual(given.permission_suggestions ?? []);
    expect(read.suggestions).toHaveLength(suggestions);
    for (const suggestion of read.suggestions) requestSuggestion.parse(suggestion);
    agentRequest.pick({ session: true, tool: true, inputJson: true, cwd: true }).parse(read);
  });

  it("of a subagent names it", () => {
    const body = JSON.stringify({ ...JSON.parse(sample("Bash")), agent_id: "a31b", agent_type: "general-purpose" });
    expect(request(body)).toMatchObject({ subagent: "a31b", subagentType: "general-purpose" });
  });

  it("keeps the input's own characters", () => {
    const inputJson = '{ "n": 12345678901234567890, "s": "\\u0041\\ud800" }';
    const body = `{"hook_event_name":"PermissionRequest","session_id":"s","tool_name":"T","tool_input":${inputJson}}`;
    const read = request(body);
    expect(read.inputJson).toBe(inputJson);
    const sameMeaning = body.replace(inputJson, '{"s":"A\\ud800","n":12345678901234567890}');
    expect(request(sameMeaning).inputSha256).toBe(read.inputSha256);
    expect(request(body.replace("u0041", "u0042")).inputSha256).not.toBe(read.inputSha256);
    expect(read.transcriptPath).toBeNull();
  });
});

describe("a call is no request", () => {
  const base = { hook_event_name: "PermissionRequest", session_id: "s", tool_name: "T", tool_input: {} };
  it.each([
    ["that is no JSON", "{", "not_json"],
    ["that is a list", "[]", "not_a_request"],
    ["of another event", JSON.stringify({ ...base, hook_event_name: "PreToolUse" }), "not_a_request"],
    ["without a session", JSON.stringify({ ...base, session_id: 7 }), "not_a_request"],
    ["with a session of 201 characters", JSON.stringify({ ...base, session_id: "s".repeat(201) }), "not_a_request"],
    ["without a tool", JSON.stringify({ ...base, tool_name: undefined }), "not_a_request"],
    ["whose tool has no name", JSON.stringify({ ...base, tool_name: "" }), "not_a_request"],
    ["with a number beyond all bounds", `${JSON.stringify(base).slice(0, -3)}{"n":1e400}}`, "input_too_deep"],
    ["with over 1 MiB", JSON.stringify({ ...base, tool_input: { a: "é".repeat(600_000) } }), "input_too_large"],
    [
      "that is nested without end",
      `{"hook_event_name":"PermissionRequest","session_id":"s","tool_name":"T","tool_input":${"[".repeat(600)}${"]".repeat(600)}}`,
      "input_too_deep",
    ],
  ])("%s", (_name, body, reason) => {
    expect(readHookRequest(body)).toEqual({ reason });
  });
});

describe("what a suggestion adds is said in words", () => {
  it.each([
    [
      { type: "setMode", mode: "acceptEdits", destination: "session" },
      "Accept edits without asking, for the rest of this session",
    ],
    [
      {
        type: "addRules",
        rules: [{ toolName: "Bash", ruleContent: "npm test:*" }, { toolName: "Read" }],
        behavior: "allow",
        destination: "localSettings",
      },
      "Allow Bash(npm test:*), Read without asking, always in this project, for you",
    ],
    [
      { type: "addDirectories", directories: ["/tmp/a"], destination: "session" },
      "Allow work in /tmp/a, for the rest of this session",
    ],
    [
      { type: "addRules", rules: [{ toolName: "Bash" }], behavior: "deny", destination: "userSettings" },
      "Deny Bash, always in all your projects",
    ],
    [{ type: "somethingNew", x: 1 }, '{"type":"somethingNew","x":1}'],
    ["odd", '"odd"'],
  ])("%j", (suggestion, words) => {
    expect(suggestionWords(suggestion)).toBe(words);
  });

  it("within a bound", () => {
    expect(suggestionWords({ type: "setMode", mode: "m".repeat(5000) })).toHaveLength(1000);
  });
});
