import { parseSync, Visitor } from "rolldown/utils";

const MAX_FILE_BYTES = 1024 * 1024;
const MAX_SOURCE_LINES = 400;
/** Where a long file has to say why it is long, and the words that it says it with. */
const REASON_WITHIN_LINES = 10;
const REASON = /over 400 lines because/i;
const MAX_ENTRY_LINES = 20;

const SOURCE_FILE = /\.(ts|tsx|js|mjs|css)$/;
const ENTRY_FILE = /^packages\/[^/]+\/src\/main\.ts$/;
const TEST_FILE = /\.(test|spec)\.tsx?$/;
const TEST_WORDS = new Set(["describe", "it", "suite", "test"]);
/** `skipIf` and `runIf` say under what condition, and stay. */
const FORBIDDEN_MODIFIERS = new Set(["only", "skip", "todo", "fixme", "fails", "fail"]);

/** Size, length and skipped tests: each broken rule as `path[:line] what`. */
export function shapeProblems(path: string, bytes: number, text: string): string[] {
  if (bytes > MAX_FILE_BYTES)
    return [`${path} is ${(bytes / MAX_FILE_BYTES).toFixed(1)} MiB: files over 1 MiB do not belong in git`];
  if (!SOURCE_FILE.test(path) || path.startsWith("fixtures/")) return [];
  const lines = text.trimEnd().split("\n");
  const problems: string[] = [];
  if (lines.length > MAX_SOURCE_LINES && !lines.slice(0, REASON_WITHIN_LINES).some((line) => REASON.test(line)))
    problems.push(
      `${path} has ${lines.length} lines: split it, or say "Over ${MAX_SOURCE_LINES} lines because ..." at its top`,
    );
  if (ENTRY_FILE.test(path) && lines.length > MAX_ENTRY_LINES)
    problems.push(`${path} has ${lines.length} lines: an entry file has at most ${MAX_ENTRY_LINES}`);
  if (TEST_FILE.test(path)) problems.push(...skippedTests(path, text));
  return problems;
}

function skippedTests(path: string, text: string): string[] {
  const problems: string[] = [];
  const { program } = parseSync(path, text);
  new Visitor({
    MemberExpression: ({ object, property, start }) => {
      const inner = object.type === "MemberExpression" ? object.object : object;
      if (inner.type !== "Identifier" || !TEST_WORDS.has(inner.name)) return;
      if (property.type !== "Identifier" || !FORBIDDEN_MODIFIERS.has(property.name)) return;
      problems.push(
        `${path}:${text.slice(0, start).split("\n").length} has ${inner.name}.${property.name}: every test runs`,
      );
    },
  }).visit(program);
  return problems;
}
