import { posix } from "node:path";

const LINK = /\]\(([^)\s#]+)(?:#[^)]*)?\)/g;
const ELSEWHERE = /^([a-z]+:|\/)/i;

/** Links of a Markdown file that lead to no file of the project, as `path:line what`. Folders count through their files. */
export function linkProblems(path: string, text: string, files: ReadonlySet<string>): string[] {
  if (!path.endsWith(".md") || path.startsWith("fixtures/")) return [];
  return text.split("\n").flatMap((line, index) =>
    [...line.matchAll(LINK)]
      .map((match) => match[1] ?? "")
      .filter((target) => !ELSEWHERE.test(target) && !isThere(posix.join(posix.dirname(path), target), files))
      .map((target) => `${path}:${index + 1} links to ${target}, which is not there`),
  );
}

function isThere(target: string, files: ReadonlySet<string>): boolean {
  if (files.has(target)) return true;
  const folder = target.endsWith("/") ? target : `${target}/`;
  return [...files].some((path) => path.startsWith(folder));
}
