import { TOKEN_NAMES, type Token, type TokenName } from "./tokens.ts";

/** Whether the browser can paint text without elements around it. */
export function canPaint(): boolean {
  return typeof CSS !== "undefined" && "highlights" in CSS;
}

const layers = new Map<TokenName, Highlight>();

/** Paints the tokens of a text node until the returned function is called: no element is added for any of them. */
export function paintTokens(text: Text, tokens: readonly Token[]): () => void {
  const painted = tokens.map(({ from, to, name }) => {
    const range = new StaticRange({ startContainer: text, startOffset: from, endContainer: text, endOffset: to });
    const layer = layerOf(name);
    layer.add(range);
    return { layer, range };
  });
  return () => {
    for (const { layer, range } of painted) layer.delete(range);
  };
}

function layerOf(name: TokenName): Highlight {
  if (layers.size === 0) {
    for (const each of TOKEN_NAMES) {
      const layer = new Highlight();
      layers.set(each, layer);
      CSS.highlights.set(`code-${each}`, layer);
    }
  }
  return layers.get(name) as Highlight;
}
