import {
  FIRST,
  headOf,
  LongText,
  MAX_ITEMS_TAKEN,
  Measured,
  mayBeFirst,
  type Taken,
  type TakenObject,
  type Want,
} from "./want.ts";

/** What is wanted of a value that JSON.parse gave: the slow way, and the measure of the fast one. */
export function project(value: unknown, want: Want): Taken {
  return want.measured ? new Measured(take(value, want), jsonLength(value)) : take(value, want);
}

function take(value: unknown, want: Want): Taken {
  if (typeof value === "string") return want.text < 0 ? undefined : cutText(value, want.text);
  if (typeof value === "number" || typeof value === "boolean" || value === null) return value;
  if (Array.isArray(value)) {
    const { each } = want;
    return each ? value.slice(0, MAX_ITEMS_TAKEN).map((item) => project(item, each)) : undefined;
  }
  if (typeof value !== "object" || !want.keys) return undefined;
  const taken: TakenObject = {};
  for (const [key, inner] of Object.entries(value)) {
    const wanted = want.keys.get(key);
    if (wanted) taken[key] = project(inner, wanted.want);
    else if (want.first >= 0 && typeof inner === "string" && taken[FIRST] === undefined && mayBeFirst(key))
      taken[FIRST] = cutText(inner, want.first);
  }
  return taken;
}

function cutText(text: string, limit: number): string | LongText {
  return text.length <= limit ? text : new LongText(headOf(text, limit), text.length);
}

function jsonLength(value: unknown): number {
  try {
    return JSON.stringify(value)?.length ?? 0;
  } catch {
    return 0; // nested deeper than the stack
  }
}
