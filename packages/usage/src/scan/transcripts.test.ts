import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { claudeCode } from "@agentpane/agents";
import { afterEach, beforeEach, expect, test } from "vitest";
import { listTranscripts } from "./transcripts.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "transcripts-"));
});
afterEach(() => rmSync(home, { recursive: true }));

function write(...paths: string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), "");
  }
}

const names = (folder: string): string[] => listTranscripts([folder]).map(({ path }) => relative(home, path));

test("finds what the adapter calls a transcript, under the same names, and nothing else", () => {
  const paths = [
    "projects/-home-dev-shop/s1.jsonl",
    "projects/-home-dev-shop/s1/subagents/agent-a1.jsonl",
    "projects/-home-dev-shop/s1/subagents/agent-a1.meta.json",
    "projects/-home-dev-shop/s1/subagents/workflows/w1/agent-a2.jsonl",
    "projects/-home-dev-shop/s1/subagents/notes.jsonl",
    "projects/-home-dev-shop/s1/tool-results/b1.txt",
    "projects/-home-dev-shop/s1/other/agent-a3.jsonl",
    "projects/-home-dev-shop/agent-old.jsonl",
    "projects/-home-dev-shop/.hidden.jsonl",
    "projects/-home-dev-shop/custom-title.json",
    "projects/loose.jsonl",
    "history.jsonl",
    "sessions/100.key",
  ];
  write(...paths);
  const found = listTranscripts([home]).map(({ path, session, subagent }) => [
    relative(home, path),
    { session, subagent },
  ]);
  const expected = paths
    .map((path) => [path, claudeCode.transcriptName(path)] as const)
    .filter(([, name]) => name !== null);
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
  expect(found).toHaveLength(4);
});

test("takes a config folder, a projects folder, both at once and either through a link, each file once", () => {
  write("projects/-a/s1.jsonl");
  symlinkSync(join(home, "projects"), join(home, "link"));
  expect(names(join(home, "projects"))).toEqual(["projects/-a/s1.jsonl"]);
  expect(names(join(home, "link"))).toEqual(["projects/-a/s1.jsonl"]);
  expect(listTranscripts([home, join(home, "projects"), join(home, "link"), home])).toHaveLength(1);
});

test("follows links within the folder, and none that lead out of it", () => {
  write("projects/-a/s1.jsonl", "elsewhere/-b/s2.jsonl");
  symlinkSync(join(home, "projects/-a"), join(home, "projects/-again"));
  symlinkSync(join(home, "elsewhere/-b"), join(home, "projects/-out"));
  symlinkSync(join(home, "elsewhere/-b/s2.jsonl"), join(home, "projects/-a/s2.jsonl"));
  symlinkSync(join(home, "nowhere"), join(home, "projects/-broken"));
  expect(names(home)).toEqual(["projects/-a/s1.jsonl"]);
});

test("lists in the order that breaks ties: folder, session, its own transcript before its subagents", () => {
  write(
    "projects/-z/s1.jsonl",
    "projects/-z/s1/subagents/agent-a1.jsonl",
    "projects/-a/s2.jsonl",
    "projects/-a/s1.jsonl",
  );
  expect(names(home)).toEqual([
    "projects/-a/s1.jsonl",
    "projects/-z/s1.jsonl",
    "projects/-z/s1/subagents/agent-a1.jsonl",
    "projects/-a/s2.jsonl",
  ]);
});

test("an empty folder has none, and a missing one is an error", () => {
  expect(listTranscripts([home])).toEqual([]);
  expect(() => listTranscripts([join(home, "missing")])).toThrow(/ENOENT/);
});
