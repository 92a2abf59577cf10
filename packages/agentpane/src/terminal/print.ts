/** Lines for a person or a script, on standard output. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value));
}

/** Words to a person beside the output. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** C0 and C1 controls, and what turns the direction of text: a title could otherwise rewrite the terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Text of others, shown with its control characters as escapes. */
export function plain(text: string): string {
  return text.replaceAll(UNSAFE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Columns as wide as their widest cell, at most `maxWidth` characters each; the last one is not padded. */
export function table(rows: readonly (readonly string[])[], maxWidth = 48): string {
  const cells = rows.map((row) => row.map((cell) => cut(plain(cell), maxWidth)));
  const widths = (cells[0] ?? []).map((_, at) => Math.max(...cells.map((row) => (row[at] ?? "").length)));
  return cells
    .map((row) => row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0))).join("  "))
    .join("\n");
}

function cut(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1)}…`;
}
