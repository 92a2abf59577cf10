import type { Segment } from "@agentpane/protocol";

/**
 * What a segment says against itself, as "path: why"; null where it holds together. The schema has checked each field;
 * here is what only several of them can break, and what the store relies on.
 */
export function contradiction(segment: Segment): string | null {
  const { source, from, to, lines, dropped } = segment;
  for (const [name, text] of Object.entries({ ...source, path: segment.path })) {
    if (typeof text === "string" && !text.isWellFormed()) return `source.${name}: is not well-formed Unicode`;
  }
  if (to < from) return `to: ${to} lies before from ${from}`;
  if (dropped > lines) return `dropped: ${dropped} of ${lines} lines`;
  if (lines > to - from) return `lines: ${lines} lines in ${to - from} bytes`;
  if (segment.chunkBytes > 0 && from === to) return "chunkBytes: a touch carries no chunk";
  if (segment.chunkBytes > 0 && segment.parts !== undefined) return "chunkBytes: the chunk came in parts already";
  if (segment.parts !== undefined && from === to) return "parts: a touch carries no chunk";
  return (
    misplaced("events", segment.events, from, to) ??
    misplaced("copies", segment.copies, from, to) ??
    misplacedContext(segment.contexts, from, to)
  );
}

function misplaced(
  name: string,
  list: readonly { offset: number; index: number }[],
  from: number,
  to: number,
): string | null {
  let offset = -1;
  let index = -1;
  for (let n = 0; n < list.length; n++) {
    const entry = list[n];
    if (entry === undefined) break;
    if (entry.offset < from || entry.offset >= to)
      return `${name}[${n}].offset: ${entry.offset} is outside ${from}..${to}`;
    if (entry.offset < offset || (entry.offset === offset && entry.index <= index)) {
      return `${name}[${n}]: is not after the one before it`;
    }
    offset = entry.offset;
    index = entry.index;
  }
  return null;
}

function misplacedContext(list: readonly { offset: number }[], from: number, to: number): string | null {
  let offset = from;
  for (const [n, context] of list.entries()) {
    if (context.offset < offset || context.offset >= to)
      return `contexts[${n}].offset: ${context.offset} is out of order`;
    offset = context.offset;
  }
  return null;
}
