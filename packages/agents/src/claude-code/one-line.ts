import { MAX_SUMMARY_CHARS } from "@agentpane/protocol";
import { headOf } from "./want.ts";

const ESCAPE = 0x1b;
const SPACE = 0x20;
const OPEN_BRACKET = 0x5b;
const DELETE = 0x7f;

/**
 * A text as one line within the bound of a summary: runs of white space become one space, terminal colours and control
 * characters go, "…" tells that there was more. By hand because it runs for every event; regular expressions took
 * half as long as all the rest of a line.
 */
export function oneLine(text: string): string {
  let line = "";
  let spaced = false;
  let from = 0;
  let at = 0;
  const room = MAX_SUMMARY_CHARS + 1;
  while (at < text.length && line.length + (at - from) < room) {
    const code = text.charCodeAt(at);
    if ((code > SPACE && code !== DELETE && (code < DELETE || !isSpace(code))) || isLoneSpace(text, at, from, code)) {
      at++;
      continue;
    }
    if (at > from) {
      line += spaced && line !== "" ? ` ${text.slice(from, at)}` : text.slice(from, at);
      spaced = false;
    }
    if (code === ESCAPE) at = behindColour(text, at);
    else {
      if (isSpace(code)) spaced = true;
      at++;
    }
    from = at;
  }
  if (at > from) {
    const rest = text.slice(from, at);
    line = line === "" ? rest : spaced ? `${line} ${rest}` : line + rest;
  }
  if (line.length > MAX_SUMMARY_CHARS) line = `${headOf(line, MAX_SUMMARY_CHARS - 1)}…`;
  return wellFormed(line);
}

/** A space between two words needs no joining. */
function isLoneSpace(text: string, at: number, from: number, code: number): boolean {
  if (code !== SPACE || at === from) return false;
  const next = text.charCodeAt(at + 1);
  return next > SPACE && next < DELETE;
}

/** What `\s` matches. */
function isSpace(code: number): boolean {
  if (code < DELETE) return code === SPACE || (code >= 9 && code <= 13);
  if (code < 0x2000) return code === 0xa0 || code === 0x1680;
  return code <= 0x200a || code === 0x2028 || code === 0x2029 || code === 0x202f || isLateSpace(code);
}

function isLateSpace(code: number): boolean {
  return code === 0x205f || code === 0x3000 || code === 0xfeff;
}

/** Behind `ESC [ parameters letter`; behind the ESC alone where it is no such sequence. */
function behindColour(text: string, from: number): number {
  if (text.charCodeAt(from + 1) !== OPEN_BRACKET) return from + 1;
  let at = from + 2;
  while (isParameter(text.charCodeAt(at))) at++;
  return isLetter(text.charCodeAt(at)) ? at + 1 : from + 1;
}

/** Digits, ";" and "?". */
function isParameter(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || code === 0x3b || code === 0x3f;
}

function isLetter(code: number): boolean {
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

/** Lone halves of surrogate pairs do not survive UTF-8. */
export function wellFormed(text: string): string {
  return text.isWellFormed() ? text : text.toWellFormed();
}
