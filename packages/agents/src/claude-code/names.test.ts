import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fixturePath, REAL } from "./fixture-lines.ts";
import { claudeCode } from "./index.ts";

const SESSION = "71d5bd3a-9fd3-4e20-87c3-dd30444c79c2";
const PROJECT = "projects/-home-dev-shop";

describe("a file's name", () => {
  it.each([
    [`${PROJECT}/${SESSION}.jsonl`, { session: SESSION, subagent: null }],
    [
      `${PROJECT}/${SESSION}/subagents/agent-a31b09b426b7bb2fb.jsonl`,
      { session: SESSION, subagent: "a31b09b426b7bb2fb" },
    ],
    [`${PROJECT}/${SESSION}/subagents/workflows/w1/agent-a31b.jsonl`, { session: SESSION, subagent: "a31b" }],
    // Up to 2.0.x: whose subagent it is stands only inside.
    [`${PROJECT}/agent-7c1d2e3.jsonl`, { session: "agent-7c1d2e3", subagent: null }],
  ])("%s is a transcript's", (path, name) => {
    expect(claudeCode.transcriptName(path)).toEqual(name);
    expect(claudeCode.subagentMetaName(path)).toBeNull();
  });

  it.each([
    "history.jsonl",
    "projects/loose.jsonl",
    `${PROJECT}/${SESSION}/custom-title.json`,
    `${PROJECT}/${SESSION}/tool-results/bhr2an12p.txt`,
    `${PROJECT}/${SESSION}/tool-results/output.jsonl`,
    `${PROJECT}/${SESSION}/subagents/notes.jsonl`,
    `${PROJECT}/memory/notes.jsonl`,
    `${PROJECT}/.jsonl`,
    `${PROJECT}/.hidden.jsonl`,
    `${PROJECT}/.session-aliases`,
    `${PROJECT}/${SESSION}.jsonl.bak`,
    "sessions/4711.json",
    "sessions/4711.0123456789abcdef.key",
    "tasks/s/1.json",
    `backup/${PROJECT}/${SESSION}.jsonl`,
    `${PROJECT}/${"x".repeat(201)}.jsonl`,
    "",
  ])("%s is not", (path) => {
    expect(claudeCode.transcriptName(path)).toBeNull();
    expect(claudeCode.subagentMetaName(path)).toBeNull();
  });
});

describe("the facts of a subagent", () => {
  const path = `${PROJECT}/${SESSION}/subagents/agent-a31b09b426b7bb2fb.meta.json`;

  it("stand beside its transcript, under its name", () => {
    expect(claudeCode.subagentMetaName(path)).toEqual({ session: SESSION, subagent: "a31b09b426b7bb2fb" });
    expect(claudeCode.transcriptName(path)).toBeNull();
    expect(claudeCode.subagentMetaName(`${path}.tmp.0a1b`)).toBeNull();
    expect(claudeCode.readSubagentMeta(readFileSync(fixturePath(REAL, path)))).toEqual({
      type: "general-purpose",
      description: "Sub job",
      call: "toolu_0113a6c150b27cdc17f071a9bc",
      model: "claude-opus-5-5",
      depth: 1,
      finished: true,
    });
  });

  it.each([
    ["", null],
    ['{"agentType":"Exp', null],
    ["[]", null],
    ["{}", {}],
    ['{"agentType":7,"spawnDepth":-1,"finished":"yes","model":"m"}', { model: "m" }],
    [JSON.stringify({ description: "d".repeat(3000) }), { description: "d".repeat(1000) }],
  ])("in %j are %j", (text, meta) => {
    expect(claudeCode.readSubagentMeta(Buffer.from(text))).toEqual(meta);
  });
});
