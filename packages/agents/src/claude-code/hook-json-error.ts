const SPACE = /[ \t\n\r]*/y;
const SCALAR =
  /"(?:[^"\\\p{Cc}]|\x7f|[\x80-\x9f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/uy;

/**
 * Where text that `JSON.parse` refuses stops being JSON: the engine's own message often says no place. Behind the last sign where
 * more was expected.
 */
export function jsonErrorAt(text: string): number {
  const open: ("{" | "[")[] = [];
  let here = skip(SPACE, text, 0);
  /** What may come next. */
  let next: "value" | "key" | "colon" | "rest" = "value";
  let mayClose = false;
  for (;;) {
    here = skip(SPACE, text, here);
    const sign = text[here];
    if (sign === undefined || (next === "rest" && open.length === 0)) return Math.min(here, text.trimEnd().length);
    const closes = sign === (open.at(-1) === "{" ? "}" : "]") && open.length > 0;
    if (closes && (next === "rest" || mayClose)) {
      open.pop();
      next = "rest";
    } else if (next === "rest") {
      if (sign !== ",") return here;
      next = open.at(-1) === "{" ? "key" : "value";
    } else if (next === "colon") {
      if (sign !== ":") return here;
      next = "value";
    } else if (next === "value" && (sign === "{" || sign === "[")) {
      open.push(sign);
      next = sign === "{" ? "key" : "value";
      mayClose = true;
      here += 1;
      continue;
    } else {
      const end = skip(SCALAR, text, here);
      if (end === here || (next === "key" && sign !== '"')) return here;
      here = end - 1;
      next = next === "key" ? "colon" : "rest";
    }
    mayClose = false;
    here += 1;
  }
}

function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}
