import type { EventPosition } from "../store/events.ts";

/** Where a reader stands in one generation of one source. Opaque to everybody else. */
export interface Place {
  source: number;
  generation: number;
  /** The event that `after` begins behind and `before` ends ahead of; the beginning lies ahead of all events. */
  position: EventPosition;
}

/** Ahead of every event. */
export const BEGINNING: EventPosition = { offset: -1, index: 0 };
/** Behind every event. */
export const END: EventPosition = { offset: Number.MAX_SAFE_INTEGER, index: 0 };

const RADIX = 36;

/** At most 64 characters of [0-9a-z.], as the protocol has it. */
export function formatPlace({ source, generation, position }: Place): string {
  const parts = position.offset < 0 ? [source, generation] : [source, generation, position.offset, position.index];
  return parts.map((part) => part.toString(RADIX)).join(".");
}

/** Null where the text is no place of ours. */
export function parsePlace(text: string): Place | null {
  const parts = text
    .split(".")
    .map((part) => (/^[0-9a-z]{1,12}$/.test(part) ? Number.parseInt(part, RADIX) : Number.NaN));
  const [source, generation, offset, index] = parts;
  if (source === undefined || generation === undefined || !parts.every(Number.isSafeInteger)) return null;
  if (parts.length === 2) return { source, generation, position: BEGINNING };
  if (parts.length !== 4 || offset === undefined || index === undefined) return null;
  return { source, generation, position: { offset, index } };
}
