import { containerAt, type JsonContainer, type JsonMember } from "./hook-json.ts";

const INDENT = "  ";

/**
 * JSON text with one more property (`key`) or item (null) at the end of a container, in the form of what stands around it:
 * line ends, indentation, all on one line. Nothing else changes.
 */
export function appendMember(text: string, container: JsonContainer, key: string | null, value: unknown): string {
  const { from, to, members } = container;
  const last = members.at(-1);
  if (last !== undefined) {
    const gap = spaceBefore(text, last.at);
    return splice(text, last.to, last.to, `,${gap}${written(text, key, value, indentIn(gap))}`);
  }
  const rest = text.slice(from + 1, to - 1);
  const end = lineEnd(text);
  const outer = indentOf(text, from);
  const inner = outer + unitOf(text);
  const before = `${end}${inner}${written(text, key, value, inner)}`;
  return splice(text, from + 1, from + 1, rest.includes("\n") ? before : `${before}${end}${outer}`);
}

/** JSON text with another value in one item's place. */
export function replaceItem(text: string, { at, to }: JsonMember, value: unknown): string {
  return splice(text, at, to, written(text, null, value, indentIn(spaceBefore(text, at))));
}

/** JSON text without one property or item; the inverse of appending it, where the container was not empty. */
export function removeMember(text: string, container: JsonContainer, index: number): string {
  const { members, from } = container;
  const member = members[index];
  if (member === undefined) return text;
  const before = members[index - 1];
  const after = members[index + 1];
  if (before === undefined && after === undefined) return splice(text, from + 1, container.to - 1, "");
  if (after === undefined) return splice(text, before?.to ?? 0, member.to, "");
  return splice(text, member.at, after.at, "");
}

/** `indent` is null where everything stands on one line. */
function written(text: string, key: string | null, value: unknown, indent: string | null): string {
  const name = key === null ? "" : `${JSON.stringify(key)}:`;
  if (indent === null) return `${name}${JSON.stringify(value)}`;
  const lines = JSON.stringify(value, null, unitOf(text)).split("\n");
  return `${name}${key === null ? "" : " "}${lines.join(`${lineEnd(text)}${indent}`)}`;
}

function splice(text: string, from: number, to: number, insert: string): string {
  return text.slice(0, from) + insert + text.slice(to);
}

function spaceBefore(text: string, at: number): string {
  let from = at;
  while (from > 0 && /\s/.test(text[from - 1] ?? "")) from -= 1;
  return text.slice(from, at);
}

/** What stands between the last line end in `gap` and its end; null where it has none. */
function indentIn(gap: string): string | null {
  const at = gap.lastIndexOf("\n");
  return at < 0 ? null : gap.slice(at + 1);
}

/** Indentation of the line in which `at` stands. */
function indentOf(text: string, at: number): string {
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf("\n", at) + 1, at))?.[0] ?? "";
}

/** What one level is indented by: as the first property is, else two spaces. */
function unitOf(text: string): string {
  const first = containerAt(text)?.members[0];
  return (first && indentIn(spaceBefore(text, first.at))) || INDENT;
}

function lineEnd(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}
