import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { HookSign } from "../adapter.ts";
import { hookSigns, isBackgroundSubagent } from "./hook-signs.ts";

const PROJECTS = new URL("../../../../fixtures/claude-code-2.1.330/projects/", import.meta.url).pathname;

const lines = readdirSync(PROJECTS, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".jsonl"))
  .flatMap((file) => readFileSync(join(PROJECTS, file), "utf8").split("\n"))
  .filter((line) => line !== "");
const signs = lines.flatMap((line) => hookSigns(Buffer.from(line)));

function results(): Extract<HookSign, { kind: "result" }>[] {
  return signs.filter((sign) => sign.kind === "result");
}

describe("what real transcripts say of requests", () => {
  it("is every call with its input and every result", () => {
    const calls = lines.filter((line) => line.includes('"type":"tool_use"') && JSON.parse(line).type === "assistant");
    expect(calls.length).toBeGreaterThan(30);
    expect(signs.filter(({ kind }) => kind === "call")).toHaveLength(calls.length);
    expect(signs).toContainEqual(
      expect.objectContaining({ kind: "call", tool: "Bash", inputSha256: expect.stringMatching(/^[0-9a-f]{64}$/) }),
    );
    expect(results().length).toBeGreaterThan(30);
  });

  it("says who settled a call", () => {
    expect(new Set(results().map(({ by, denied }) => `${by} ${denied}`))).toEqual(
      new Set(["config false", "config true", "hook false", "hook true", "person false", "person true"]),
    );
  });

  it("names the plan's file", () => {
    expect(signs).toContainEqual({ kind: "plan", path: "/home/dev/.claude/plans/b24-text-forked-curious-lobster.md" });
  });
});

it("a line that says nothing of the kind, or is broken, has no signs", () => {
  for (const line of [
    '{"type":"user","message":{"content":"\\"tool_use\\""}}',
    '{"tool_use',
    "",
    "[]",
    '{"type":"attachment","planFilePath":1}',
  ])
    expect(hookSigns(Buffer.from(line))).toEqual([]);
});

it.each([
  ['{"requestShape":"background"}', true],
  ['{"requestShape":"foreground"}', false],
  ["{", true],
])("a subagent with the facts %s is in the background: %s", (meta, background) => {
  expect(isBackgroundSubagent(Buffer.from(meta))).toBe(background);
});
