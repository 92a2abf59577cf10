import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { claudeCode } from "@agentpane/agents";
import { afterEach, beforeEach, expect, test } from "vitest";
import { until } from "../testing/rig.ts";
import { ActiveSessions, MAX_ACTIVE_SESSIONS } from "./active-sessions.ts";
import { FolderWatches } from "./folder-watches.ts";
import type { TreeFile } from "./layout.ts";
import { isWithin, rootOf } from "./root-paths.ts";
import { RootTree } from "./root-tree.ts";

let root: string;
let watches: FolderWatches;
let found: string[];
let events: string[];
let tree: RootTree;

beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(os.tmpdir(), "agentpane-roots-")));
  watches = new FolderWatches(() => {});
  found = [];
  events = [];
  const relative = (file: TreeFile) => path.relative(root, file.path);
  tree = new RootTree(root, claudeCode, watches, {
    onListed: () => {},
    onFound: (file: TreeFile, _stats: Stats) => found.push(relative(file)),
    onEvent: (file: TreeFile) => events.push(relative(file)),
  });
});
afterEach(() => {
  watches[Symbol.dispose]();
  rmSync(root, { recursive: true });
});

function write(...parts: string[]): string {
  const file = path.join(root, ...parts);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, "{}\n");
  return file;
}

test("a scan finds transcripts and facts about subagents, and nothing else", async () => {
  write("projects", "p", "s.jsonl");
  write("projects", "p", "s", "subagents", "agent-a.jsonl");
  write("projects", "p", "s", "subagents", "agent-a.meta.json");
  write("projects", "p", "s", "subagents", "deeper", "agent-b.jsonl");
  for (const other of ["p/s/tool-results/x.jsonl", "p/memory/m.jsonl", "p/s.json"])
    write("projects", ...other.split("/"));
  write("sessions", "1.key");
  write("history.jsonl");
  await tree.scan();
  expect(found.sort()).toEqual([
    "projects/p/s.jsonl",
    "projects/p/s/subagents/agent-a.jsonl",
    "projects/p/s/subagents/agent-a.meta.json",
    "projects/p/s/subagents/deeper/agent-b.jsonl",
  ]);
});

test("folders that come one after the other are entered as they come", async () => {
  await tree.scan();
  const file = write("projects", "p", "s.jsonl");
  await until("the transcript", () => events.includes("projects/p/s.jsonl"));
  write("projects", "p", "s", "subagents", "agent-a.jsonl");
  await until("the subagent", () => events.includes("projects/p/s/subagents/agent-a.jsonl"));
  events.length = 0;
  writeFileSync(file, "{}\n{}\n");
  await until("the change", () => events.includes("projects/p/s.jsonl"));
});

test("a folder that is replaced by another of its name is watched anew", async () => {
  write("projects", "p", "s.jsonl");
  await tree.scan();
  renameSync(path.join(root, "projects", "p"), path.join(root, "projects", "q"));
  await until("the folder under its other name", () => events.includes("projects/q/s.jsonl"));
  write("projects", "p", "t.jsonl");
  await until("the new folder's file", () => events.includes("projects/p/t.jsonl"));
  events.length = 0;
  write("projects", "p", "u.jsonl");
  await until("another file there", () => events.includes("projects/p/u.jsonl"));
});

test("links in a circle end", async () => {
  write("projects", "p", "s.jsonl");
  symlinkSync(path.join(root, "projects"), path.join(root, "projects", "p", "loop"));
  symlinkSync(path.join(root, "projects", "p"), path.join(root, "projects", "again"));
  await tree.scan();
  expect(found).toEqual(["projects/p/s.jsonl"]);
});

test("folders of the 256 sessions with the latest activity are kept, the oldest leaves", () => {
  const left: string[] = [];
  const active = new ActiveSessions((folder) => left.push(folder));
  for (let n = 0; n < MAX_ACTIVE_SESSIONS; n += 1) expect(active.touch(`s${n}`, 1000 + n)).toBe(true);
  expect(active.touch("older", 999)).toBe(false);
  expect(active.touch("s0", 5000)).toBe(true);
  expect(active.touch("newer", 4000)).toBe(true);
  expect(left).toEqual(["s1"]);
  expect([active.has("s0"), active.has("s1"), active.has("newer")]).toEqual([true, false, true]);
});

test("running out of watches is told once, and that it ended", () => {
  const told: boolean[] = [];
  const few = new FolderWatches(
    (exhausted) => told.push(exhausted),
    () => {
      throw Object.assign(new Error("no space"), { code: "ENOSPC" });
    },
  );
  expect(few.watch(root, () => {})).toBe(false);
  expect(few.watch(path.dirname(root), () => {})).toBe(false);
  expect([told, few.exhausted, few.size]).toEqual([[true], true, 0]);
});

test.each([
  ["/a", "/a", true],
  ["/a", "/a/b", true],
  ["/a", "/ab", false],
  ["/a", "/", false],
  ["/", "/a", true],
])("within %s: %s is %s", (folder, inner, expected) => {
  expect(isWithin(folder, inner)).toBe(expected);
});

test("a projects folder means its parent", () => {
  expect(rootOf("/a/projects", "/")).toBe("/a");
  expect(rootOf("b", "/a")).toBe("/a/b");
});
