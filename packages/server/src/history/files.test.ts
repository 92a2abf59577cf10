import { type FileChanges, fileChanges, type SessionFiles, sessionFiles } from "@agentpane/protocol";
import { expect, test } from "vitest";
import { human, toolCall, toolResult } from "../test-lines.ts";
import { NOON, openTestStore, type TestStore } from "../test-store.ts";
import { type Line, TestTranscript } from "../test-transcript.ts";

const T = NOON - 600_000;

async function files(store: TestStore): Promise<SessionFiles> {
  return sessionFiles.parse(await store.engine.reader.files("s1"));
}

async function changes(store: TestStore, path: string, page = { offset: 0, limit: 20 }): Promise<FileChanges> {
  const bytes = await store.engine.reader.fileChanges("s1", { path, ...page });
  return fileChanges.parse(JSON.parse(Buffer.from(bytes ?? []).toString("utf8")));
}

const patched = (path: string, lines: string[]): Line => ({
  toolUseResult: {
    filePath: path,
    oldString: "a",
    newString: "b",
    structuredPatch: [{ oldStart: 1, oldLines: 1, newStart: 1, newLines: 1, lines }],
  },
});

const failed = (call: string, at: number): Line => ({
  ...toolResult(call, "", at),
  message: {
    role: "user",
    content: [{ type: "tool_result", tool_use_id: call, content: "String not found", is_error: true }],
  },
});

function edited(): TestTranscript {
  return new TestTranscript("s1").append(
    human("go", T),
    toolCall("m1", "c1", "Read", { file_path: "/home/dev/shop/a.ts" }, T + 1),
    toolResult("c1", "text", T + 2),
    toolCall("m2", "c2", "Edit", { file_path: "/home/dev/shop/a.ts", old_string: "a", new_string: "b" }, T + 3),
    toolResult("c2", "done", T + 4, patched("/home/dev/shop/a.ts", [" same", "-a", "+b", "+c"])),
    toolCall("m3", "c3", "Edit", { file_path: "/home/dev/shop/a.ts", old_string: "x", new_string: "y" }, T + 5),
    failed("c3", T + 6),
    toolCall("m4", "c4", "Write", { file_path: "/tmp/new.md", content: "one\ntwo\n" }, T + 7),
    toolResult("c4", "written", T + 8, {
      toolUseResult: { type: "create", filePath: "/tmp/new.md", content: "one\ntwo\n", structuredPatch: [] },
    }),
    toolCall("m5", "c5", "NotebookEdit", { notebook_path: "/home/dev/shop/n.ipynb", new_source: "1" }, T + 9),
    toolResult("c5", "done", T + 10, { toolUseResult: { new_source: "1" } }),
    toolCall("m6", "c6", "Bash", { command: "sed -i s/a/b/ /home/dev/shop/z.ts" }, T + 11),
    toolResult("c6", "", T + 12),
    toolCall("m7", "c7", "MultiEdit", { file_path: "/home/dev/shop/a.ts", edits: [] }, T + 13),
  );
}

test("each file says how often it was read, edited and written, what failed, and how many lines changed", async () => {
  await using store = await openTestStore();
  await store.commit(edited());
  const told = await files(store);
  expect(told).toMatchObject({ omitted: 0, uncounted: 0 });
  expect(told.files).toMatchObject([
    { path: "/home/dev/shop/a.ts", reads: 1, edits: 1, writes: 0, failed: 1, open: 1, added: 2, removed: 1 },
    // Nothing that is kept of a notebook's edit says its lines: that is not guessed.
    { path: "/home/dev/shop/n.ipynb", edits: 1, added: null, removed: null },
    { path: "/tmp/new.md", writes: 1, added: 2, removed: 0, created: true, by: [null] },
  ]);
});

test("the changes of a file come in order, with their content and the place of each call", async () => {
  await using store = await openTestStore();
  await store.commit(edited());
  const told = await changes(store, "/home/dev/shop/a.ts");
  expect(told.total).toBe(3);
  expect(told.changes.map(({ tool }) => tool)).toEqual(["Edit", "Edit", "MultiEdit"]);
  const [first, second, third] = told.changes;
  expect(first?.call.content?.input).toMatchObject({ old_string: "a", new_string: "b" });
  expect(first?.result?.content?.result).toMatchObject({ structuredPatch: [{ lines: [" same", "-a", "+b", "+c"] }] });
  expect(second?.result).toMatchObject({ isError: true });
  expect(third?.result).toBeNull();
  const page = await store.page("s1", { around: first?.place, limit: 1 });
  expect(page.events).toMatchObject([{ kind: "tool.call", call: "c2" }]);
  expect((await changes(store, "/home/dev/shop/a.ts", { offset: 1, limit: 1 })).changes).toMatchObject([
    { place: second?.place },
  ]);
  expect(await changes(store, "/home/dev/shop/none.ts")).toEqual({ changes: [], total: 0 });
});

test("a path that is too long for a summary is read whole from the original", async () => {
  await using store = await openTestStore();
  const long = `/home/dev/${"deep/".repeat(80)}file.ts`;
  await store.commit(
    new TestTranscript("s1").append(
      toolCall("m1", "c1", "Read", { file_path: long }, T + 1),
      toolResult("c1", "text", T + 2),
    ),
  );
  expect((await files(store)).files).toMatchObject([{ path: long, reads: 1 }]);
});

test("what subagents did counts with its file, and says whose it was", async () => {
  await using store = await openTestStore();
  const agent = new TestTranscript("s1", { subagent: "a1" }).append(
    toolCall("n1", "d1", "Read", { file_path: "/home/dev/shop/a.ts" }, T + 100),
    toolResult("d1", "text", T + 101),
  );
  await store.commit(edited(), agent);
  const [first] = (await files(store)).files;
  expect(first).toMatchObject({ path: "/home/dev/shop/a.ts", reads: 2, by: [null, "a1"], last: { agent: "a1" } });
});

test("what was added since is in the next answer, and a session that is not there has none", async () => {
  await using store = await openTestStore();
  const transcript = edited();
  await store.commit(transcript);
  await files(store);
  await store.commit(transcript.append(toolResult("c7", "done", T + 14, patched("/home/dev/shop/a.ts", ["+1"]))));
  expect((await files(store)).files[0]).toMatchObject({ edits: 2, open: 0, added: 3, removed: 1 });
  expect(await store.engine.reader.files("nobody")).toBeNull();
  expect(await store.engine.reader.fileChanges("nobody", { path: "a", offset: 0, limit: 1 })).toBeNull();
});
