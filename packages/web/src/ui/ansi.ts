import { outputText } from "./safe-text.ts";

/** A stretch of terminal output in one style. */
export interface AnsiPart {
  text: string;
  /** "ansi-red ansi-bold"; empty where it is plain. */
  style: string;
}

/** Output that changes its colour more often is shown plain from there on: each change is an element of the page. */
const MAX_STYLED_PARTS = 300;
const NAMES = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character begins every terminal sequence
const SEQUENCE = /\u001B(?:\[([0-?]*)[ -/]*([@-~])|\][^\u0007\u001B]*(?:\u0007|\u001B\\))/g;
const FLAGS: Readonly<Record<number, string>> = { 1: "bold", 2: "dim", 3: "italic", 4: "underline", 9: "strike" };
/** What ends which flags. */
const ENDS: Readonly<Record<number, readonly string[]>> = {
  22: ["bold", "dim"],
  23: ["italic"],
  24: ["underline"],
  29: ["strike"],
};

/** Output with its colours as styles; every other terminal sequence goes, and what has no ink is an escape. */
export function ansiParts(text: string): AnsiPart[] {
  if (!text.includes("\u001B")) return [{ text: outputText(text), style: "" }];
  const parts: AnsiPart[] = [];
  const pen = new Pen();
  let from = 0;
  let styled = 0;
  const add = (to: number) => {
    const piece = outputText(text.slice(from, to));
    const style = styled < MAX_STYLED_PARTS ? pen.style() : "";
    if (piece === "") return;
    const last = parts.at(-1);
    if (last?.style === style) last.text += piece;
    else parts.push({ text: piece, style });
    if (style !== "") styled += 1;
  };
  for (const match of text.matchAll(SEQUENCE)) {
    add(match.index);
    from = match.index + match[0].length;
    if (match[2] === "m") pen.take(match[1] ?? "");
  }
  add(text.length);
  return parts;
}

/** The first of `parts`, to so many lines and characters. */
export function clampParts(parts: readonly AnsiPart[], maxLines: number, maxChars: number): AnsiPart[] {
  const clamped: AnsiPart[] = [];
  let lines = maxLines;
  let chars = maxChars;
  for (const { text, style } of parts) {
    const kept = firstLines(text, lines).slice(0, chars);
    if (kept !== "") clamped.push({ text: kept, style });
    if (kept.length < text.length) break;
    lines -= text.split("\n").length - 1;
    chars -= text.length;
  }
  return clamped;
}

function firstLines(text: string, count: number): string {
  let at = -1;
  for (let line = 0; line < count; line++) {
    at = text.indexOf("\n", at + 1);
    if (at < 0) return text;
  }
  return text.slice(0, Math.max(0, at));
}

class Pen {
  #ink: string | null = null;
  #paper: string | null = null;
  readonly #flags = new Set<string>();

  style(): string {
    const names = [...this.#flags];
    if (this.#ink !== null) names.push(this.#ink);
    if (this.#paper !== null) names.push(`on-${this.#paper}`);
    return names.map((name) => `ansi-${name}`).join(" ");
  }

  take(parameters: string): void {
    const codes = parameters.split(/[;:]/).map((one) => (one === "" ? 0 : Number(one)));
    for (let i = 0; i < codes.length; i++) {
      const code = codes[i] ?? 0;
      if (code === 38 || code === 48) i += this.#extended(code === 38, codes.slice(i + 1));
      else this.#one(code);
    }
  }

  #one(code: number): void {
    const flag = FLAGS[code];
    const name = NAMES[code % 10] ?? null;
    if (code === 0) {
      this.#ink = null;
      this.#paper = null;
      this.#flags.clear();
    } else if (flag !== undefined) this.#flags.add(flag);
    else if (ENDS[code] !== undefined) for (const end of ENDS[code]) this.#flags.delete(end);
    else if (code === 39) this.#ink = null;
    else if (code === 49) this.#paper = null;
    else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) this.#ink = name;
    else if ((code >= 40 && code <= 47) || (code >= 100 && code <= 107)) this.#paper = name;
  }

  /** A colour of 256 or of 16 million: the first sixteen have names, the others are left to the page. How many codes it took. */
  #extended(ink: boolean, rest: readonly number[]): number {
    const named = rest[0] === 5 && (rest[1] ?? 16) < 16 ? (NAMES[(rest[1] ?? 0) % 8] ?? null) : null;
    if (ink) this.#ink = named;
    else this.#paper = named;
    return rest[0] === 2 ? 4 : 2;
  }
}
