import type { SessionEvent } from "@agentpane/protocol";
import { describe, expect, it } from "vitest";
import { madeCall, madeEvent, madeText } from "../../testing/made.ts";
import { type Entry, toEntries } from "./entries.ts";

const NO_SEAMS: ReadonlySet<string> = new Set();
const kinds = (entries: Entry[]) =>
  entries.map((entry) => (entry.kind === "folds" ? entry.folds.map((fold) => fold.kind) : entry.kind));
const note = (offset: number) => madeEvent(offset, { kind: "note", type: "attachment/x", summary: "" });
const thinking = (offset: number) =>
  madeEvent(offset, { kind: "thinking", response: "r", summary: "hm", chars: 2, content: { text: "hm" } });
const prompt = (offset: number, origin: string) =>
  madeEvent(offset, { kind: "prompt", origin, summary: "p", chars: 1, images: 0, content: { text: "p" } });
const title = (offset: number, text: string) => madeEvent(offset, { kind: "title", title: text, source: "ai" });
const mode = (offset: number, text: string) => madeEvent(offset, { kind: "mode", mode: text, what: "permission" });

describe("the entries of a transcript", () => {
  it("join a call with its result, also when other lines came between", () => {
    const [call, result] = madeCall(10, "Bash", { command: "ls" }, { text: "a.txt", exitCode: 0 });
    const entries = toEntries([call, madeText(11, "meanwhile"), result] as SessionEvent[], NO_SEAMS);
    expect(kinds(entries)).toEqual(["call", "answer"]);
    const first = entries[0];
    expect(first?.kind === "call" && first.call.result?.content?.text).toBe("a.txt");
  });

  it("show a result whose call is not loaded by itself", () => {
    const [, result] = madeCall(10, "Bash", {}, { text: "late" });
    const entries = toEntries([result] as SessionEvent[], NO_SEAMS);
    expect(entries[0]).toMatchObject({ kind: "call", call: { event: null, tool: null, result: { summary: "late" } } });
  });

  it("fold what only looks, thinks or notes together with its neighbours", () => {
    const events = [
      thinking(1),
      ...madeCall(10, "Read", { file_path: "a" }, { text: "1" }),
      ...madeCall(20, "Read", { file_path: "b" }, { text: "2" }),
      ...madeCall(30, "Grep", { pattern: "x" }, { text: "3" }),
      note(40),
      note(41),
      madeText(50, "Found it."),
      note(60),
    ];
    const entries = toEntries(events, NO_SEAMS);
    expect(kinds(entries)).toEqual([["thinking", "calls", "calls", "notes"], "answer", ["notes"]]);
    const folds = entries[0]?.kind === "folds" ? entries[0].folds : [];
    expect(folds[1]?.kind === "calls" && folds[1].calls.map((call) => call.result?.summary)).toEqual(["1", "2"]);
    expect(folds[3]?.kind === "notes" && folds[3].events).toHaveLength(2);
  });

  it("keep their keys when history is put before them", () => {
    const later = [...madeCall(100, "Read", { file_path: "c" }, { text: "" }), madeText(110, "done")];
    const earlier = madeCall(50, "Read", { file_path: "b" }, { text: "" });
    const before = toEntries(later, NO_SEAMS);
    const after = toEntries([...earlier, ...later], new Set(["100:0"]));
    expect(after.slice(-2).map((entry) => entry.key)).toEqual(before.map((entry) => entry.key));
  });

  it("show the prompts of a person, fold those of the machinery", () => {
    expect(kinds(toEntries([prompt(1, "human"), prompt(2, "meta"), prompt(3, "compact-summary")], NO_SEAMS))).toEqual([
      "prompt",
      ["words", "words"],
    ]);
  });

  it("show in a subagent's transcript the task that it was given", () => {
    const task = { ...prompt(1, "peer"), subagent: "a1" } as SessionEvent;
    expect(kinds(toEntries([task], NO_SEAMS))).toEqual(["prompt"]);
    expect(kinds(toEntries([prompt(1, "peer")], NO_SEAMS))).toEqual([["words"]]);
  });

  it("say a title or mode once, however often it is written down", () => {
    const events = [title(1, "A"), mode(2, "auto"), title(3, "A"), mode(4, "auto"), title(5, "B"), mode(6, "plan")];
    expect(kinds(toEntries(events, NO_SEAMS))).toEqual(["mark", ["notes"], "mark", "mark"]);
  });

  it("name the subagent of a call by what a line says of it, not by whose transcript the line stands in", () => {
    const [call, result] = madeCall(10, "Agent", { description: "look" }, { text: "ok", agent: "a7" });
    const entries = toEntries([call, result] as SessionEvent[], NO_SEAMS);
    expect(entries[0]).toMatchObject({ kind: "call", call: { subagent: "a7" } });
    const started = madeEvent(20, {
      kind: "subagent.start",
      call: "unknown",
      agent: "a8",
      type: "explore",
      summary: "x",
    });
    expect(kinds(toEntries([started], NO_SEAMS))).toEqual(["mark"]);
  });

  it("draw a line between days", () => {
    const day = 24 * 60 * 60_000;
    const events = [
      madeText(1, "a"),
      { ...madeText(2, "b"), at: null },
      { ...madeText(3, "c"), at: 1_795_000_000_000 + day },
    ];
    expect(kinds(toEntries(events as SessionEvent[], NO_SEAMS))).toEqual(["answer", "answer", "day", "answer"]);
  });

  it("show what could not be read", () => {
    const bad = madeEvent(5, { kind: "malformed", reason: "not JSON", bytes: 9 });
    expect(kinds(toEntries([bad], NO_SEAMS))).toEqual(["mark"]);
  });
});
