import { DEFAULT_DANGEROUS } from "@agentpane/protocol";
import { describe, expect, it } from "vitest";
import { madeRequest } from "../../testing/made.ts";
import { briefCommand } from "./brief-command.ts";

const of = (input: unknown, change: Parameters<typeof madeRequest>[1] = {}) =>
  briefCommand(madeRequest("1", { inputJson: JSON.stringify(input), ...change }), DEFAULT_DANGEROUS);

describe("a command that a row can show whole", () => {
  it("is one short line with nothing beside it but what the agent says of it", () => {
    expect(of({ command: "npm test" })).toBe("npm test");
    expect(of({ command: "npm test -- --run auth", description: "Run the suite" })).toBe("npm test -- --run auth");
  });

  it.each([
    ["of two lines", { command: "npm test\nrm x" }],
    ["with a tab", { command: "npm\ttest" }],
    ["with a run of spaces, which a page draws as one", { command: "cat a  b" }],
    ["with a space at its end", { command: "cat a " }],
    ["that is long", { command: `echo ${"x".repeat(120)}` }],
    ["with a mark that turns text around", { command: "ls \u202e-la" }],
    ["with a terminal sequence", { command: "ls \u001b[31m" }],
    ["that runs in the background", { command: "npm test", run_in_background: true }],
    ["without a sandbox", { command: "npm test", dangerouslyDisableSandbox: true }],
    ["that settings call dangerous", { command: "rm -rf build" }],
    ["that is no text", { command: ["npm", "test"] }],
    ["that is empty", { command: "" }],
    ["that is no object", "npm test"],
  ])("is not one %s", (_, input) => {
    expect(of(input)).toBeNull();
  });

  it("is of Bash alone, and only where all of it is here", () => {
    expect(of({ command: "npm test" }, { tool: "mcp__shell__run" })).toBeNull();
    expect(of({ command: "npm test" }, { kind: "question" })).toBeNull();
    expect(briefCommand(madeRequest("1", { inputJson: null }), DEFAULT_DANGEROUS)).toBeNull();
  });
});
