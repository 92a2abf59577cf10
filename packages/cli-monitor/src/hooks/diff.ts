const CONTEXT_LINES = 3;
/** The protocol's bound, less room for the head. */
const MAX_DIFF_CHARS = 250 * 1024;

/** A unified diff with one hunk: from the first line that differs to the last. Null where nothing does. */
export function unifiedDiff(file: string, before: string | null, after: string | null): string | null {
  if (before === after) return null;
  const old = linesOf(before);
  const now = linesOf(after);
  let same = 0;
  while (same < Math.min(old.length, now.length) && old[same] === now[same]) same += 1;
  let sameAtEnd = 0;
  const most = Math.min(old.length, now.length) - same;
  while (sameAtEnd < most && old.at(-1 - sameAtEnd) === now.at(-1 - sameAtEnd)) sameAtEnd += 1;
  const from = Math.max(0, same - CONTEXT_LINES);
  const oldTo = Math.min(old.length, old.length - sameAtEnd + CONTEXT_LINES);
  const nowTo = Math.min(now.length, now.length - sameAtEnd + CONTEXT_LINES);
  const text = [
    `--- ${before === null ? "/dev/null" : file}`,
    `+++ ${after === null ? "/dev/null" : file}`,
    `@@ -${range(from, oldTo)} +${range(from, nowTo)} @@`,
    ...old.slice(from, same).map((line) => ` ${line}`),
    ...old.slice(same, old.length - sameAtEnd).map((line) => `-${line}`),
    ...now.slice(same, now.length - sameAtEnd).map((line) => `+${line}`),
    ...old.slice(old.length - sameAtEnd, oldTo).map((line) => ` ${line}`),
  ].join("\n");
  return `${text.slice(0, MAX_DIFF_CHARS)}\n`;
}

/** The text behind a last line end is no line; a last line without one says so. */
function linesOf(text: string | null): string[] {
  if (text === null || text === "") return [];
  const lines = text.split("\n");
  const last = lines.pop();
  if (last !== "") lines.push(`${last}\n\\ No newline at end of file`);
  return lines;
}

function range(from: number, to: number): string {
  return `${to === from ? from : from + 1},${to - from}`;
}
