import { diffArrays, diffWordsWithSpace } from "diff";

export interface DiffLine {
  kind: "same" | "add" | "del" | "gap";
  /** Line numbers; null where the line does not exist on that side or the number is not known. */
  old: number | null;
  new: number | null;
  text: string;
  /** What of a changed line is not in the line that it replaced, or that replaced it: from and to, in UTF-16 units. */
  words?: [from: number, to: number][];
}

/** Two texts that differ in more lines are not compared line by line. */
const MAX_EDIT_LINES = 600;
const MAX_WORDY_LINE_CHARS = 400;
/** Pairs of lines that are compared word by word; each costs a fraction of a millisecond. */
const MAX_WORDY_PAIRS = 60;
const MAX_EDIT_WORDS = 60;
/** Lines with less in common than this are two lines and not one that was changed. */
const MIN_COMMON = 0.3;

/** The lines of `before` and `after`. Null where they differ too much: then all of the old and all of the new is the honest answer. */
export function diffLines(before: string, after: string): DiffLine[] | null {
  if (before === "" || after === "") return replaceLines(before, after);
  const changes = diffArrays(linesOf(before), linesOf(after), { maxEditLength: MAX_EDIT_LINES });
  if (changes === undefined) return null;
  const diff: DiffLine[] = [];
  let old = 1;
  let now = 1;
  for (const { value, added, removed } of changes) {
    for (const text of value) {
      if (added) diff.push({ kind: "add", old: null, new: now++, text });
      else if (removed) diff.push({ kind: "del", old: old++, new: null, text });
      else diff.push({ kind: "same", old: old++, new: now++, text });
    }
  }
  return withWords(diff);
}

/** All of the old, then all of the new. */
export function replaceLines(before: string, after: string): DiffLine[] {
  return [
    ...linesOf(before).map((text, i): DiffLine => ({ kind: "del", old: i + 1, new: null, text })),
    ...linesOf(after).map((text, i): DiffLine => ({ kind: "add", old: null, new: i + 1, text })),
  ];
}

/** A patch as the agent keeps it beside the result of an edit; null where it is not of that form. */
export function patchLines(patch: unknown): DiffLine[] | null {
  if (!Array.isArray(patch) || patch.length === 0) return null;
  const diff: DiffLine[] = [];
  for (const hunk of patch as unknown[]) {
    if (!isHunk(hunk)) return null;
    if (diff.length > 0) diff.push({ kind: "gap", old: null, new: null, text: "" });
    let before = hunk.oldStart;
    let after = hunk.newStart;
    for (const line of hunk.lines) {
      const sign = line[0];
      const text = line.slice(1);
      if (sign === "+") diff.push({ kind: "add", old: null, new: after++, text });
      else if (sign === "-") diff.push({ kind: "del", old: before++, new: null, text });
      else if (sign === " ") diff.push({ kind: "same", old: before++, new: after++, text });
      // "\ No newline at end of file" is no line.
      else if (sign !== "\\") return null;
    }
  }
  return withWords(diff);
}

/** As text that others read: "-" and "+" before what changed. */
export function diffText(lines: readonly DiffLine[]): string {
  const signs = { same: " ", add: "+", del: "-", gap: "@@" };
  return lines.map(({ kind, text }) => `${signs[kind]}${text}\n`).join("");
}

/** Says of each line that replaced another what is new in it. */
function withWords(diff: DiffLine[]): DiffLine[] {
  let pairs = 0;
  for (let at = 0; at < diff.length; ) {
    const dels = run(diff, at, "del");
    const adds = run(diff, at + dels, "add");
    for (let i = 0; i < Math.min(dels, adds) && pairs < MAX_WORDY_PAIRS; i++) {
      const del = diff[at + i];
      const add = diff[at + dels + i];
      if (del !== undefined && add !== undefined) compareWords(del, add);
      pairs++;
    }
    at += Math.max(1, dels + adds);
  }
  return diff;
}

function run(diff: readonly DiffLine[], from: number, kind: DiffLine["kind"]): number {
  let to = from;
  while (diff[to]?.kind === kind) to++;
  return to - from;
}

function compareWords(del: DiffLine, add: DiffLine): void {
  if (Math.max(del.text.length, add.text.length) > MAX_WORDY_LINE_CHARS) return;
  const changes = diffWordsWithSpace(del.text, add.text, { maxEditLength: MAX_EDIT_WORDS });
  if (changes === undefined) return;
  const old: [number, number][] = [];
  const now: [number, number][] = [];
  let oldAt = 0;
  let nowAt = 0;
  let common = 0;
  for (const { value, added, removed } of changes) {
    if (added) now.push([nowAt, nowAt + value.length]);
    else if (removed) old.push([oldAt, oldAt + value.length]);
    else common += value.trim().length;
    if (!added) oldAt += value.length;
    if (!removed) nowAt += value.length;
  }
  if (common < MIN_COMMON * Math.min(del.text.trim().length, add.text.trim().length)) return;
  del.words = old;
  add.words = now;
}

interface Hunk {
  oldStart: number;
  newStart: number;
  lines: string[];
}

function isHunk(value: unknown): value is Hunk {
  if (typeof value !== "object" || value === null) return false;
  const hunk = value as Record<string, unknown>;
  return (
    typeof hunk.oldStart === "number" &&
    typeof hunk.newStart === "number" &&
    Array.isArray(hunk.lines) &&
    hunk.lines.every((line) => typeof line === "string")
  );
}

/** A newline at the end ends the last line and begins none. */
function linesOf(text: string): string[] {
  if (text === "") return [];
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}
