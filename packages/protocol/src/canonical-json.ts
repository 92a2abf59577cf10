import { AgentPaneError } from "./errors.ts";

/** Deeper nesting is refused: nobody asks for it in earnest, and it would exhaust the stack. */
const MAX_DEPTH = 500;

/**
 * One text for one JSON value, whatever order its keys came in (RFC 8785: keys by UTF-16 code unit, no white space, numbers as
 * ECMAScript writes them). Takes what `JSON.parse` gives; throws `invalid_request` for a value nested deeper than 500, and for a
 * number beyond all bounds (`1e400`), which would be shown as another than it is.
 */
export function canonicalJson(value: unknown): string {
  return write(value, 0);
}

function write(value: unknown, depth: number): string {
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new AgentPaneError("invalid_request", "JSON holds a number beyond all bounds.");
  }
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  if (depth >= MAX_DEPTH) throw new AgentPaneError("invalid_request", `JSON is nested deeper than ${MAX_DEPTH}.`);
  if (Array.isArray(value)) return `[${value.map((item) => write(item, depth + 1)).join(",")}]`;
  const fields = Object.keys(value)
    .filter((key) => (value as Record<string, unknown>)[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${write((value as Record<string, unknown>)[key], depth + 1)}`);
  return `{${fields.join(",")}}`;
}
