import { MAX_SUMMARY_CHARS, type RequestKind } from "@agentpane/protocol";

/** Fields of tools' inputs that say most of what they are about, most telling first. */
const TELLING = ["command", "file_path", "notebook_path", "url", "path", "pattern", "query", "prompt", "description"];

/** First line of what is asked, for a row. Never throws: the input is whatever an agent wrote. */
export function requestSummary(kind: RequestKind, tool: string, inputJson: string, planText: string | null): string {
  const input = parsed(inputJson);
  const said =
    kind === "question"
      ? question(input)
      : kind === "plan"
        ? (heading(planText) ?? heading(textIn(input)))
        : textIn(input);
  return cut(firstLine(said ?? "") || tool);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function question(input: unknown): string | null {
  const questions = field(input, "questions");
  return Array.isArray(questions) ? text(field(questions[0], "question")) : textIn(input);
}

function textIn(input: unknown): string | null {
  if (typeof input !== "object" || input === null) return text(input);
  for (const name of TELLING) {
    const value = text(field(input, name));
    if (value !== null) return value;
  }
  return text(Object.values(input).find((value) => text(value) !== null));
}

/** Of a plan, without what Markdown puts before it. */
function heading(plan: string | null): string | null {
  return plan === null ? null : firstLine(plan).replace(/^#+\s+/, "");
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function text(value: unknown): string | null {
  return typeof value === "string" && value.trim() !== "" ? value : null;
}

function firstLine(words: string): string {
  return (words.trim().split(/[\r\n\u2028\u2029]/, 1)[0] ?? "").trim();
}

/** Never in the middle of a character. */
function cut(words: string): string {
  const chars = words.slice(0, MAX_SUMMARY_CHARS);
  return /[\ud800-\udbff]$/.test(chars) && words.length > chars.length ? chars.slice(0, -1) : chars;
}
