import { canPaint } from "../../../ui/code/paint.ts";

/** Ranges painted at once; a page of "e" has more than anybody looks at. */
const MAX_RANGES = 500;
const NAME = "find";

/** Where text stands in what is shown, as ranges of its text nodes; a match across nodes is none. */
export function rangesOf(root: Node, q: string): StaticRange[] {
  if (q === "") return [];
  const pattern = new RegExp(q.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&"), "giu");
  const ranges: StaticRange[] = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    for (const match of (node.nodeValue ?? "").matchAll(pattern)) {
      const startOffset = match.index;
      const endOffset = startOffset + match[0].length;
      ranges.push(new StaticRange({ startContainer: node, startOffset, endContainer: node, endOffset }));
      if (ranges.length >= MAX_RANGES) return ranges;
    }
  }
  return ranges;
}

/** Paints ranges without touching what they stand in; nothing where the browser cannot. */
export function paint(ranges: readonly StaticRange[]): void {
  if (!canPaint()) return;
  if (ranges.length === 0) CSS.highlights.delete(NAME);
  else {
    const highlight = new Highlight(...ranges);
    // Over the colours of code.
    highlight.priority = 1;
    CSS.highlights.set(NAME, highlight);
  }
}
