import { cutText, MAX_ITEMS_TAKEN, Measured, type Taken, type TakenObject, toJson, type Want } from "./want.ts";

/** For tests: what the skimmer must take of a line, from the value that JSON.parse gave. */
export function takeParsed(value: unknown, want: Want): Taken {
  const taken = take(value, want);
  return want.json < 0 ? taken : new Measured(taken, cutText(toJson(value), want.json));
}

function take(value: unknown, want: Want): Taken {
  if (typeof value === "string") return want.text < 0 ? undefined : cutText(value, want.text);
  if (typeof value === "number" || typeof value === "boolean" || value === null) return value;
  if (Array.isArray(value)) {
    const { each } = want;
    return each ? value.slice(0, MAX_ITEMS_TAKEN).map((item) => takeParsed(item, each)) : undefined;
  }
  if (typeof value !== "object" || !want.keys) return undefined;
  const taken: TakenObject = {};
  for (const [key, inner] of Object.entries(value)) {
    const wanted = want.keys.get(key);
    if (wanted) taken[key] = takeParsed(inner, wanted.want);
  }
  return taken;
}
