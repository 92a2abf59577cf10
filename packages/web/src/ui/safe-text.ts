/**
 * Transcript text is hostile: a control character can hide what a command does, a bidi override can turn it round. What
 * has no ink of its own is shown as an escape, so that what is read is what is there.
 */
export interface TextPart {
  text: string;
  /** An escape that stands for a character without ink. */
  escape: boolean;
}

/** Everything without ink, save newline and tab: C0, C1, soft hyphen, zero widths, bidi marks, line separators, tags, variation. */
const WITHOUT_INK =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u00AD\u061C\u115F\u1160\u17B4\u17B5\u180E\u200B-\u200F\u2028-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0\uFFF9-\uFFFB]|[\u{E0000}-\u{E007F}]/gu;

/** What may turn or break a line of prose. Joiners and direction marks stay: Arabic, Persian and emoji need them. */
const TURNS_OR_BREAKS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]|[\u{E0000}-\u{E007F}]/gu;

// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character begins every terminal sequence
const TERMINAL_SEQUENCE = /\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\))/g;

/** For commands, paths and everything a person might run or approve. */
export function commandParts(text: string): TextPart[] {
  return split(text, WITHOUT_INK);
}

/** For titles and other prose of one line. */
export function proseParts(text: string): TextPart[] {
  return split(text, TURNS_OR_BREAKS);
}

/** Words where only text can stand: a tooltip, a name. */
export function plainWords(text: string): string {
  return text.replace(TURNS_OR_BREAKS, escapeOf);
}

/** Output as a terminal would leave it standing: colours gone, carriage returns as line ends, the rest as escapes. */
export function outputText(text: string): string {
  const plain = text.replace(TERMINAL_SEQUENCE, "").replace(/\r+\n?/g, "\n");
  return plain.replace(TURNS_OR_BREAKS, escapeOf);
}

function split(text: string, pattern: RegExp): TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > from) parts.push({ text: text.slice(from, match.index), escape: false });
    parts.push({ text: escapeOf(match[0]), escape: true });
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), escape: false });
  return parts;
}

function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, "0")}`;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, "0")}`;
}
