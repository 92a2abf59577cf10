import { MAX_CONTENT_CHARS } from "@agentpane/protocol";

/** Shorter texts are kept even where the output holds them: a path, a word, a title. */
const MIN_REPEATED_CHARS = 200;
/** Searches of the output for one result: a hostile one may hold any number of texts. */
const MAX_SEARCHES = 100;
/** Nested deeper, nothing is looked into any more. */
const MAX_DEPTH = 16;
/** How the agent numbers the lines of a file that it reads: "    12→text" or, since 2.1, "12<tab>text". */
const LINE_NUMBER = /^ *\d+[→\t]/gm;

const ERROR_PREFIX = /^Error: /;

/** The whole file before an edit, which the patch makes needless, and base64 of what is listed as images. */
const LEFT_OUT = new Set(["originalFile", "base64"]);

/**
 * What the agent kept beside a tool's output, without what the output says already; undefined where nothing is left.
 * Some versions repeat the output to the letter, others without line numbers or with "Error: " before it.
 */
export function resultBeside(beside: unknown, output: string): unknown {
  if (typeof beside === "string" && output.includes(beside.replace(ERROR_PREFIX, ""))) return undefined;
  const left = without(beside, repeats(output), 0);
  return isEmpty(left) ? undefined : left;
}

function repeats(output: string): (text: string) => boolean {
  const plain = output.trim();
  const searched = plain.slice(0, MAX_CONTENT_CHARS);
  let unnumbered: string | null = null;
  let searches = 0;
  return (text) => {
    const said = text.replace(ERROR_PREFIX, "").trim();
    if (said === plain) return true;
    if (said.length < MIN_REPEATED_CHARS || said.length > searched.length || searches >= MAX_SEARCHES) return false;
    searches++;
    unnumbered ??= searched.replace(LINE_NUMBER, "");
    return searched.includes(said) || unnumbered.includes(said);
  };
}

function without(value: unknown, repeated: (text: string) => boolean, depth: number): unknown {
  if (typeof value === "string") return repeated(value) ? undefined : value;
  if (typeof value !== "object" || value === null) return value;
  if (depth >= MAX_DEPTH) return undefined;
  if (Array.isArray(value)) {
    // The lines of a patch stand together or make no sense.
    const items = value.map((item) => (typeof item === "string" ? item : without(item, repeated, depth + 1)));
    return items.some((item) => item !== undefined) || value.length === 0
      ? items.filter((item) => item !== undefined)
      : undefined;
  }
  // A block of the output itself, not something beside it.
  if ("type" in value && "text" in value && value.type === "text" && without(value.text, repeated, depth) === undefined)
    return undefined;
  const kept = Object.entries(value)
    .filter(([key]) => !LEFT_OUT.has(key))
    .map(([key, inner]) => [key, without(inner, repeated, depth + 1)] as const)
    .filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(kept);
}

function isEmpty(value: unknown): boolean {
  return value === undefined || (typeof value === "object" && value !== null && Object.keys(value).length === 0);
}
