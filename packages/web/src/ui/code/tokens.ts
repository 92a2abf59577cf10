/** A stretch of code that is of one kind, in UTF-16 units. */
export interface Token {
  from: number;
  to: number;
  name: TokenName;
}

export const TOKEN_NAMES = ["keyword", "string", "comment", "number", "title", "type", "meta"] as const;
export type TokenName = (typeof TOKEN_NAMES)[number];

/** More are not painted; nobody looks at that much code at once. */
const MAX_TOKENS = 4_000;

/** The highlighter's classes, by what they look like here; the others look like plain code. */
const NAME_OF_CLASS: Readonly<Record<string, TokenName>> = {
  keyword: "keyword",
  literal: "keyword",
  "selector-tag": "keyword",
  name: "keyword",
  string: "string",
  regexp: "string",
  addition: "string",
  comment: "comment",
  quote: "comment",
  number: "number",
  symbol: "number",
  title: "title",
  section: "title",
  attr: "title",
  property: "title",
  type: "type",
  built_in: "type",
  attribute: "type",
  "selector-class": "type",
  meta: "meta",
  deletion: "meta",
};
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#x27": "'" };
const PIECE = /<span class="([^"]*)">|<\/span>|&(amp|lt|gt|quot|#x27);/g;

/** What the highlighter wrote as HTML, as places in the code: no HTML of it ever reaches the page. */
export function tokensOf(html: string): Token[] {
  const tokens: Token[] = [];
  const open: (TokenName | null)[] = [];
  let at = 0;
  let from = 0;
  let begun = 0;
  const close = () => {
    const name = open.at(-1) ?? null;
    if (name !== null && at > begun && tokens.length < MAX_TOKENS) tokens.push({ from: begun, to: at, name });
    begun = at;
  };
  for (const match of html.matchAll(PIECE)) {
    at += match.index - from;
    from = match.index + match[0].length;
    if (match[1] !== undefined) {
      close();
      const name = NAME_OF_CLASS[match[1].split(" ")[0]?.replace("hljs-", "") ?? ""];
      // Within a string, an expression is code again.
      open.push(name ?? (match[1].includes("subst") ? null : (open.at(-1) ?? null)));
    } else if (match[2] !== undefined) {
      at += ENTITIES[match[2]]?.length ?? 0;
    } else {
      close();
      open.pop();
    }
  }
  return tokens;
}
