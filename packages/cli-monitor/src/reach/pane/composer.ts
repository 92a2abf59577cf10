import type { Screen, ScreenRow } from "./screen.ts";

/**
 * How the agent draws its input line, observed on client 2.1.330: between two rules, the first row begins with "❯" and a
 * blank, the others with two blanks; the cursor stands in it. Every dialog takes its place.
 */
const RULE = /^─{3}.*─$/u;
const FIRST_ROW = /^❯(?:[\s\u00a0](.*))?$/u;
const NEXT_ROW = /^(?: {2}(.*)|)$/u;
/** A longer or larger paste is drawn as a placeholder. */
const PLACEHOLDER = /^\[Pasted text #\d+(?: \+(\d+) lines?)?\]$/u;

/** What stands in the agent's input line. */
export interface Composer {
  rows: readonly string[];
  empty: boolean;
}

/** The agent's input line; null where it is not to be seen, as while a dialog is open. */
export function findComposer({ rows, cursor }: Screen): Composer | null {
  const bottom = rows.findIndex(({ text }, y) => y > cursor.y && RULE.test(text));
  const top = rows.findLastIndex(({ text }, y) => y < cursor.y && RULE.test(text));
  if (bottom < 0 || top < 0) return null;
  const inside = rows.slice(top + 1, bottom);
  const [first, ...rest] = inside.map(({ text }, index) => (index === 0 ? FIRST_ROW : NEXT_ROW).exec(text));
  if (first === undefined || first === null || rest.some((match) => match === null)) return null;
  const words = [first, ...rest].map((match) => match?.[1] ?? "");
  return { rows: words, empty: isEmpty(inside) };
}

/** Nothing but what the agent itself suggests in faint letters. */
function isEmpty([first, ...rest]: readonly ScreenRow[]): boolean {
  return rest.length === 0 && /^❯[\s\u00a0]*$/u.test(first?.solid ?? "");
}

/** Whether the input line shows these words and nothing else: as they are, wrapped anywhere, or as one placeholder. */
export function showsExactly(composer: Composer, words: string): boolean {
  const [only] = composer.rows;
  if (composer.rows.length === 1 && only !== undefined) {
    const lines = words.split("\n").length - 1;
    const match = PLACEHOLDER.exec(only.trim());
    if (match !== null && Number(match[1] ?? 0) === lines && !PLACEHOLDER.test(words.trim())) return true;
  }
  return readsAs(composer.rows.map(skeleton), skeleton(words));
}

/** Walks through the text row by row: between two rows stands a line's end, blanks where it was wrapped, or nothing. */
function readsAs(rows: readonly string[], text: string): boolean {
  let at = 0;
  for (const [index, row] of rows.entries()) {
    if (index > 0) {
      const blanks = /^[ \u00a0]*/u.exec(text.slice(at))?.[0].length ?? 0;
      if (text[at + blanks] === "\n") at += blanks + 1;
      else {
        at += blanks;
        const wrapped = row.trimStart();
        if (wrapped === "" || !text.startsWith(wrapped, at)) return false;
        at += wrapped.length;
        continue;
      }
    }
    if (!text.startsWith(row, at)) return false;
    at += row.length;
  }
  return text.slice(at).trim() === "";
}

/** Without what terminals draw differently: marks and invisible characters; blanks of one kind. */
function skeleton(text: string): string {
  return text
    .normalize("NFC")
    .replace(/[\p{M}\p{Cf}]/gu, "")
    .replaceAll("\u00a0", " ");
}
