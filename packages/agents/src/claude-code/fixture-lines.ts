import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** For tests: the transcripts in `fixtures/`, line by line. */

const FIXTURES = fileURLToPath(new URL("../../../../fixtures/", import.meta.url));
const NEWLINE = 10;

export interface FixtureLine {
  /** Relative to the fixture's config folder. */
  file: string;
  offset: number;
  bytes: Buffer;
}

export const REAL = "claude-code-2.1.330";
export const MADE = "claude-code-made";

export function fixturePath(...parts: string[]): string {
  return join(FIXTURES, ...parts);
}

export function fixtureLines(folder: string): FixtureLine[] {
  return globSync("projects/**/*.jsonl", { cwd: fixturePath(folder) })
    .map((file) => file.replaceAll("\\", "/"))
    .sort()
    .flatMap((file) => linesOf(file, readFileSync(fixturePath(folder, file))));
}

function linesOf(file: string, content: Buffer): FixtureLine[] {
  const lines: FixtureLine[] = [];
  for (let at = 0, end = content.indexOf(NEWLINE); end >= 0; at = end + 1, end = content.indexOf(NEWLINE, at))
    lines.push({ file, offset: at, bytes: content.subarray(at, end) });
  return lines;
}

/** "assistant", "system/turn_duration", "attachment/date", "progress/hook_progress". */
export function lineLabel(bytes: Buffer): string {
  const line = JSON.parse(bytes.toString("utf8"));
  const inner = line.subtype ?? line.attachment?.type ?? (line.type === "progress" ? line.data?.type : undefined);
  return inner ? `${line.type}/${inner}` : line.type;
}
