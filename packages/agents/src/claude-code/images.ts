import type { EventContent } from "@agentpane/protocol";
import { record } from "./parsed.ts";

export type ShownImage = NonNullable<EventContent["images"]>[number];

const BITS_PER_CHAR = 6;
const BITS_PER_BYTE = 8;

/** Size in bytes of what a base64 text stands for. */
export function base64Bytes(text: string): number {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  return Math.max(0, Math.floor((text.length * BITS_PER_CHAR) / BITS_PER_BYTE) - padding);
}

/** What a page says of an image block: its type and size, never its bytes. */
export function shownImage(block: Record<string, unknown>): ShownImage {
  const source = record(block.source);
  const mediaType = typeof source.media_type === "string" ? source.media_type : "image";
  // `keep` put the size in the place of a large image's data.
  const size = record(source.data).size;
  const bytes =
    typeof source.data === "string" ? base64Bytes(source.data) : Number.isSafeInteger(size) ? Number(size) : 0;
  return { mediaType, bytes };
}
