import { expect, it } from "vitest";
import { eventKey } from "../../live/transcript.ts";
import { madeCall, madeEvent, madeText } from "../../testing/made.ts";
import { toEntries } from "./entries.ts";
import { eventOf, whereIs } from "./where.ts";

const thinking = (offset: number) =>
  madeEvent(offset, { kind: "thinking", response: "r", summary: "hm", chars: 2, content: { text: "hm" } });
const meta = madeEvent(30, { kind: "prompt", origin: "meta", summary: "added", chars: 5, images: 0 });
const read = madeCall(40, "Read", { file_path: "/a.ts" }, { text: "words" });
const bash = madeCall(60, "Bash", { command: "ls" }, { text: "a" });
const events = [madeText(10, "hello"), thinking(20), meta, ...read, ...bash];
const entries = toEntries(events, new Set());

it.each([
  [10, 0, []],
  [20, 1, ["20:0"]],
  [30, 1, ["30:0", "words 30:0"]],
])("the event at %i is in entry %i, behind %j", (offset, index, folds) => {
  expect(whereIs(entries, `${offset}:0`)).toEqual({ index, folds });
});

it("a result stands where its call does, and everything that hides it is named", () => {
  expect(whereIs(entries, "41:0")).toMatchObject({ index: 1 });
  expect(whereIs(entries, "41:0")?.folds).toEqual(expect.arrayContaining(["40:0", "quiet call-40", "result call-40"]));
  expect(whereIs(entries, "61:0")).toMatchObject({ index: 2 });
  expect(whereIs(entries, "61:0")?.folds).toEqual(expect.arrayContaining(["result call-60", "command call-60"]));
});

it("what no entry shows is nowhere", () => {
  expect(whereIs(entries, "99:0")).toBeNull();
});

it("an entry's address is its first event", () => {
  expect(entries.map((entry) => eventKey(eventOf(entry) ?? { offset: -1, index: 0 }))).toEqual([
    "10:0",
    "20:0",
    "60:0",
  ]);
});
