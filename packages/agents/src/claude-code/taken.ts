import { oneLine, wellFormed } from "./one-line.ts";
import { isoToEpochMs } from "./time.ts";
import { headOf, LongText, type Taken, type TakenList, type TakenObject } from "./want.ts";

/** Safe looks into what was taken of a line: whatever an agent wrote there, the result fits the protocol. */

const MAX_WORD_CHARS = 200;
const NANO_USD = 1_000_000_000;

const NOTHING: TakenObject = Object.freeze({});
const NO_ITEMS: TakenList = Object.freeze([]) as unknown as TakenList;

export function object(value: Taken): TakenObject {
  return isObject(value) ? value : NOTHING;
}

export function isObject(value: Taken): value is TakenObject {
  return typeof value === "object" && value !== null && value.constructor === Object;
}

export function list(value: Taken): TakenList {
  return Array.isArray(value) ? value : NO_ITEMS;
}

/** The beginning of a text, "" where there is none. */
export function head(value: Taken): string {
  return typeof value === "string" ? value : value instanceof LongText ? value.head : "";
}

/** Length of the whole text in UTF-16 units. */
export function chars(value: Taken): number {
  return typeof value === "string" ? value.length : value instanceof LongText ? value.chars : 0;
}

export function isText(value: Taken): value is string | LongText {
  return typeof value === "string" || value instanceof LongText;
}

/** A short word; undefined where there is no text or an empty one. */
export function word(value: Taken): string | undefined {
  const text = head(value);
  if (text === "") return undefined;
  return wellFormed(headOf(text, MAX_WORD_CHARS));
}

/** A whole number from 0 up; undefined for anything else, fractions cut off. */
export function count(value: Taken): number | undefined {
  if (typeof value !== "number" || !(value >= 0)) return undefined;
  const whole = Math.trunc(value);
  return whole <= Number.MAX_SAFE_INTEGER ? whole + 0 : undefined;
}

export function integer(value: Taken): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) ? value + 0 : undefined;
}

/** US dollars as integer nano-dollars. */
export function nanoUsd(value: Taken): number | undefined {
  return typeof value === "number" ? count(Math.round(value * NANO_USD)) : undefined;
}

/** Epoch milliseconds of an ISO timestamp, null where it is none. */
export function epochMs(value: Taken): number | null {
  return typeof value === "string" ? isoToEpochMs(value) : null;
}

/** The first line that says something, without the marks of a Markdown heading. */
export function firstLine(text: string): string {
  for (const line of text.split("\n")) {
    const said = oneLine(line.replace(/^#+\s/, ""));
    if (said) return said;
  }
  return "";
}

export function summary(value: Taken): string {
  return oneLine(head(value));
}
