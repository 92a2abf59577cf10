/**
 * Places of values within JSON text, so that what a person is shown and what is sent back are the agent's own characters:
 * a number of 20 digits survives, and a settings file keeps its form. Only for text that `JSON.parse` takes.
 */

/** One property of an object or item of a list; `from` to `to` is the value, `at` where the property or item begins. */
export interface JsonMember {
  /** Null in a list. */
  key: string | null;
  at: number;
  from: number;
  to: number;
}

export interface JsonContainer {
  kind: "object" | "array";
  /** Place of the opening bracket, and behind the closing one. */
  from: number;
  to: number;
  members: JsonMember[];
}

const SPACE = /[ \t\n\r\uFEFF]*/y;
const SCALAR = /[^\s,\]}]+/y;
const NOT_PLAIN = /["[\]{}]/g;

/** The object or list that begins at `at`, after white space; null where another value does. */
export function containerAt(text: string, at = 0): JsonContainer | null {
  const from = skipSpace(text, at);
  const kind = text[from] === "{" ? "object" : text[from] === "[" ? "array" : null;
  if (kind === null) return null;
  const members: JsonMember[] = [];
  let here = skipSpace(text, from + 1);
  while (here < text.length && text[here] !== "}" && text[here] !== "]") {
    const start = here;
    let key: string | null = null;
    if (kind === "object") {
      const end = skipString(text, here);
      key = JSON.parse(text.slice(here, end)) as string;
      here = skipSpace(text, skipSpace(text, end) + 1);
    }
    const to = skipValue(text, here);
    members.push({ key, at: start, from: here, to });
    here = skipSpace(text, to);
    if (text[here] === ",") here = skipSpace(text, here + 1);
  }
  return { kind, from, to: here + 1, members };
}

/** The property of that name; of two, the last, as `JSON.parse` takes it. */
export function memberOf(container: JsonContainer | null, key: string): JsonMember | undefined {
  return container?.kind === "object" ? container.members.findLast((member) => member.key === key) : undefined;
}

/** The text of a property's value, as it stands; undefined where there is none. */
export function rawValue(text: string, container: JsonContainer | null, key: string): string | undefined {
  const member = memberOf(container, key);
  return member === undefined ? undefined : text.slice(member.from, member.to);
}

function skipSpace(text: string, at: number): number {
  SPACE.lastIndex = at;
  SPACE.test(text);
  return SPACE.lastIndex;
}

/** Behind the string that begins at `at`. */
function skipString(text: string, at: number): number {
  let here = at + 1;
  for (;;) {
    const quote = text.indexOf('"', here);
    if (quote < 0) return text.length;
    let slashes = 0;
    while (text[quote - 1 - slashes] === "\\") slashes += 1;
    if (slashes % 2 === 0) return quote + 1;
    here = quote + 1;
  }
}

function skipValue(text: string, at: number): number {
  if (text[at] === '"') return skipString(text, at);
  if (text[at] !== "{" && text[at] !== "[") {
    SCALAR.lastIndex = at;
    SCALAR.test(text);
    return SCALAR.lastIndex === 0 ? text.length : SCALAR.lastIndex;
  }
  let depth = 0;
  let here = at;
  for (;;) {
    NOT_PLAIN.lastIndex = here;
    const found = NOT_PLAIN.exec(text);
    if (found === null) return text.length;
    here = found.index + 1;
    if (found[0] === '"') here = skipString(text, found.index);
    else if (found[0] === "{" || found[0] === "[") depth += 1;
    else depth -= 1;
    if (depth === 0) return here;
  }
}
