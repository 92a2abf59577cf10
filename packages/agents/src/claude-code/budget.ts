import { MAX_CONTENT_CHARS } from "@agentpane/protocol";
import { headOf } from "./want.ts";

/** Nested deeper than this, a value of a page is not shown: whoever turns it into JSON has a stack to lose. */
const MAX_DEPTH = 32;
/** What a number, a key or a bracket counts for; only the order of magnitude matters. */
const SMALL_CHARS = 8;

/** The characters that one event may take of a full page; what did not fit is counted. */
export class Budget {
  private left = MAX_CONTENT_CHARS;
  omittedChars = 0;

  text(whole: string): string {
    const kept = headOf(whole, this.left);
    this.left -= kept.length;
    this.omittedChars += whole.length - kept.length;
    return kept;
  }

  /** A copy of a parsed value: texts cut, and nothing of what comes after the budget is spent. */
  value(whole: unknown, depth = 0): unknown {
    if (typeof whole === "string") return this.text(whole);
    if (typeof whole !== "object" || whole === null) {
      this.left = Math.max(0, this.left - SMALL_CHARS);
      return whole;
    }
    if (depth >= MAX_DEPTH) return this.skip();
    if (Array.isArray(whole)) return this.list(whole, depth);
    const copy: [string, unknown][] = [];
    for (const [key, inner] of Object.entries(whole)) {
      if (this.left <= 0) this.skip();
      else copy.push([this.key(key), this.value(inner, depth + 1)]);
    }
    return Object.fromEntries(copy);
  }

  private list(whole: unknown[], depth: number): unknown[] {
    const copy: unknown[] = [];
    for (const item of whole) {
      if (this.left <= 0) this.skip();
      else copy.push(this.value(item, depth + 1));
    }
    return copy;
  }

  private key(key: string): string {
    this.left = Math.max(0, this.left - key.length - SMALL_CHARS);
    return key;
  }

  private skip(): null {
    this.omittedChars += SMALL_CHARS;
    return null;
  }
}
