import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { zstdCompressSync } from "node:zlib";
import { packChunk } from "@agentpane/protocol";
import { expect, test } from "vitest";
import { answer, human, toolCall, toolResult } from "../test-lines.ts";
import { NOON, openTestStore, type TestStore } from "../test-store.ts";
import { TestTranscript } from "../test-transcript.ts";

const T = NOON - 60_000;
const LONG = "a long answer ".repeat(100);

function transcript(): TestTranscript {
  return new TestTranscript("s1").append(
    human("go", T),
    toolCall("m1", "c1", "Bash", { command: "npm test", timeout: 5 }, T),
    toolResult("c1", "all\ngreen", T),
    answer("m2", LONG, T),
  );
}

/** Sends the lines one segment each, so that each has a chunk of its own. */
async function sendLineByLine(store: TestStore): Promise<void> {
  const lines = transcript();
  for (let n = 0; n < 4; n++) await store.send([lines.next(1)]);
}

/** What no server would write: a store that was damaged from outside. */
function damage(store: TestStore, chunk: number, bytes: (stored: { from: number; bytes: Uint8Array }) => Uint8Array) {
  const database = new DatabaseSync(join(store.dataDir, "agentpane.db"));
  const row = database.prepare("SELECT from_offset AS 'from', bytes FROM chunks WHERE id = ?").get(chunk);
  const damaged = bytes(row as unknown as { from: number; bytes: Uint8Array });
  database.prepare("UPDATE chunks SET bytes = ? WHERE id = ?").run(damaged, chunk);
  database.close();
}

async function contents(store: TestStore) {
  const { events } = await store.page("s1", { view: "full" });
  return events.map(({ kind, content, contentError }) => [kind, contentError ?? content ?? null]);
}

test("a full page has the whole of what each event stands for", async () => {
  await using store = await openTestStore();
  await store.commit(transcript());
  const full = await store.page("s1", { view: "full" });
  const by = (kind: string) => full.events.find((event) => event.kind === kind)?.content;
  expect(by("prompt")).toMatchObject({ text: "go" });
  expect(by("tool.call")).toMatchObject({ input: { command: "npm test", timeout: 5 } });
  expect(by("tool.result")).toMatchObject({ text: "all\ngreen" });
  expect(by("text")).toMatchObject({ text: LONG });
  expect(full.events.some(({ contentError }) => contentError !== undefined)).toBe(false);
  const small = await store.page("s1");
  expect(small.events.some(({ content }) => content !== undefined)).toBe(false);
});

test("a chunk that does not open is named on its events, and the others are shown", async () => {
  await using store = await openTestStore();
  await sendLineByLine(store);
  damage(store, 3, () => new Uint8Array([1, 2, 3]));
  const read = await contents(store);
  expect(read.filter(([, content]) => content === "chunk_corrupt")).toEqual([["tool.result", "chunk_corrupt"]]);
  expect(read).toContainEqual(["text", { text: LONG }]);
  expect(read).toContainEqual(["prompt", { text: "go" }]);
});

test.each<[string, (from: number) => Uint8Array, string]>([
  ["unpacks to more than may be", () => Buffer.alloc(64 * 1024 * 1024), "chunk_corrupt"],
  ["contradicts its own table", () => Buffer.from("APC1 and nothing that follows from it"), "chunk_corrupt"],
  ["holds no line", (from) => packChunk(from, []), "chunk_mismatch"],
  [
    "holds another line than its events say",
    (from) => packChunk(from, [{ offset: from, bytes: Buffer.from(JSON.stringify(answer("m9", "else", T))) }]),
    "chunk_mismatch",
  ],
])("a chunk that %s is named on its events, and the others are shown", async (_what, unpacked, code) => {
  await using store = await openTestStore();
  await sendLineByLine(store);
  damage(store, 3, ({ from }) => zstdCompressSync(unpacked(from)));
  const read = await contents(store);
  expect(read.filter(([, content]) => content === code)).toEqual([["tool.result", code]]);
  expect(read).toContainEqual(["text", { text: LONG }]);
});

test("a chunk that never came is named on its events", async () => {
  await using store = await openTestStore();
  const { segment } = transcript().next();
  await store.send([{ segment: { ...segment, chunkBytes: 0 }, chunk: new Uint8Array() }]);
  expect(new Set((await contents(store)).map(([, content]) => content))).toEqual(new Set(["chunk_mismatch"]));
});

test("a line that was too long to be kept has an event without content, and that is no fault", async () => {
  await using store = await openTestStore();
  const lines = transcript();
  await store.commit(lines);
  const from = lines.bytes.length;
  const to = from + 20_000_000;
  const { segment } = lines.touch();
  const event = {
    kind: "malformed",
    at: null,
    offset: from,
    index: 0,
    reason: "longer than 16 MiB",
    bytes: 19_999_999,
  };
  const overlong = { ...segment, from, to, lines: 1, dropped: 0, events: [event] } as typeof segment;
  const sent = await store.send([{ segment: overlong, chunk: new Uint8Array() }]);
  expect(sent.answer.answers).toMatchObject([{ result: "committed" }]);
  expect((await contents(store)).at(-1)).toEqual(["malformed", null]);
});
