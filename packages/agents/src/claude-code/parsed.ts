import type { Taken } from "./want.ts";

/** The whole value, undefined where the bytes are not JSON. Broken UTF-8 reads with replacement characters. */
export function parseWhole(bytes: Buffer): Taken {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** A parsed value as an object, {} where it is none. */
export function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** The blocks of a content, a plain string being one block of text. */
export function blocksOf(content: unknown): Record<string, unknown>[] {
  if (typeof content === "string") return [{ type: "text", text: content }];
  return Array.isArray(content) ? content.map(record) : [];
}

/** The first of the values that is a text with something in it. */
export function firstText(...values: unknown[]): string | null {
  return values.find((value): value is string => typeof value === "string" && value.trim() !== "") ?? null;
}

export function asText(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
