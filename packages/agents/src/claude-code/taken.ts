import { oneLine, wellFormed } from "./one-line.ts";
import { isoToEpochMs } from "./time.ts";
import {
  cutText,
  headOf,
  LongText,
  MAX_ITEMS_TAKEN,
  Measured,
  type Taken,
  type TakenList,
  type TakenObject,
  toJson,
} from "./want.ts";

/**
 * Safe looks into a line, skimmed or parsed whole: whatever an agent wrote there, the result fits the protocol, and
 * texts count as cut where the skimmer cuts them, so that both ways read the same.
 */

/** Units of a text that only needs a summary: 240 remain once runs of spaces are folded. */
export const HEAD_UNITS = 400;
/** Of a text that is looked into: the tags of a task notification stand within its first lines. */
export const PROMPT_UNITS = 2000;

const MAX_WORD_CHARS = 200;
const NANO_USD = 1_000_000_000;

const NOTHING: TakenObject = Object.freeze({});
const NO_ITEMS: TakenList = Object.freeze([]) as unknown as TakenList;

export function object(value: Taken): TakenObject {
  return isObject(value) ? value : NOTHING;
}

export function isObject(value: Taken): value is TakenObject {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return !(value instanceof LongText || value instanceof Measured);
}

export function list(value: Taken): TakenList {
  if (!Array.isArray(value)) return NO_ITEMS;
  return value.length <= MAX_ITEMS_TAKEN ? value : value.slice(0, MAX_ITEMS_TAKEN);
}

/** The beginning of a text, "" where there is none. */
export function head(value: Taken, limit = HEAD_UNITS): string {
  return typeof value === "string" ? headOf(value, limit) : value instanceof LongText ? headOf(value.head, limit) : "";
}

/** Length of the whole text in UTF-16 units. */
export function chars(value: Taken): number {
  return typeof value === "string" ? value.length : value instanceof LongText ? value.chars : 0;
}

export function isText(value: Taken): value is string | LongText {
  return typeof value === "string" || value instanceof LongText;
}

/** A value as JSON, as far as a summary needs it, and the length of that; "" where there is no value. */
export function json(value: Taken): string | LongText {
  if (value instanceof Measured) return value.json;
  return value === undefined ? "" : cutText(toJson(value), HEAD_UNITS);
}

/** What `json` is the JSON of. */
export function measured(value: Taken): Taken {
  return value instanceof Measured ? value.value : value;
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
