import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A config folder as the real client (2.1.330) left it. */
export const CLIENT_FIXTURES = join(import.meta.dirname, "../../../../fixtures/claude-code-2.1.330");

export function readFixtures(): { path: string; bytes: Buffer }[] {
  return globSync("projects/**/*.jsonl", { cwd: CLIENT_FIXTURES })
    .sort()
    .map((path) => ({ path, bytes: readFileSync(join(CLIENT_FIXTURES, path)) }));
}
