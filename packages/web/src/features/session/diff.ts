export interface DiffLine {
  kind: "same" | "add" | "del" | "gap";
  /** Line numbers; null where the line does not exist on that side or the number is not known. */
  old: number | null;
  new: number | null;
  text: string;
}

/** Above this many comparisons the two texts are not compared line by line. */
const MAX_COMPARISONS = 1_000_000;

/**
 * The lines of `before` and `after` by their longest common subsequence. Null where they are too long for that: then all
 * of the old and all of the new is the honest answer.
 */
export function diffLines(before: string, after: string): DiffLine[] | null {
  const a = linesOf(before);
  const b = linesOf(after);
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail])
    tail += 1;
  const rows = a.length - head - tail;
  const columns = b.length - head - tail;
  if (rows * columns > MAX_COMPARISONS) return null;

  // lengths[i][j]: the longest common subsequence of a from i and b from j, both within the part that differs.
  const width = columns + 1;
  const lengths = new Uint32Array((rows + 1) * width);
  for (let i = rows - 1; i >= 0; i -= 1) {
    for (let j = columns - 1; j >= 0; j -= 1) {
      lengths[i * width + j] =
        a[head + i] === b[head + j]
          ? at(lengths, (i + 1) * width + j + 1) + 1
          : Math.max(at(lengths, (i + 1) * width + j), at(lengths, i * width + j + 1));
    }
  }

  const diff: DiffLine[] = [];
  const same = (i: number, j: number) => diff.push({ kind: "same", old: i + 1, new: j + 1, text: a[i] ?? "" });
  for (let k = 0; k < head; k += 1) same(k, k);
  let i = 0;
  let j = 0;
  while (i < rows || j < columns) {
    if (i < rows && j < columns && a[head + i] === b[head + j]) {
      same(head + i, head + j);
      i += 1;
      j += 1;
    } else if (i < rows && (j === columns || at(lengths, (i + 1) * width + j) >= at(lengths, i * width + j + 1))) {
      diff.push({ kind: "del", old: head + i + 1, new: null, text: a[head + i] ?? "" });
      i += 1;
    } else {
      diff.push({ kind: "add", old: null, new: head + j + 1, text: b[head + j] ?? "" });
      j += 1;
    }
  }
  for (let k = 0; k < tail; k += 1) same(a.length - tail + k, b.length - tail + k);
  return diff;
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
  return diff;
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

function at(lengths: Uint32Array, index: number): number {
  return lengths[index] ?? 0;
}
