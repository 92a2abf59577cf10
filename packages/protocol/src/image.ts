import { z } from "zod";
import { place } from "./http.ts";
import { subagentId } from "./units.ts";

/** What a browser draws without running anything; the words of an SVG are code. */
const IMAGE_TYPES = ["image/png", "image/jpeg", "image/gif", "image/webp"] as const;
const MAX_IMAGES_PER_EVENT = 1_000;

/** One image of an event: asked for by itself, when somebody wants to see it. */
export const imageQuery = z.object({
  place,
  /** Which of the event's, from 0. */
  n: z.coerce.number().int().min(0).max(MAX_IMAGES_PER_EVENT).default(0),
  subagent: subagentId.optional(),
});
export type ImageQuery = z.infer<typeof imageQuery>;

export const eventImage = z.object({ mediaType: z.enum(IMAGE_TYPES), base64: z.base64() });
export type EventImage = z.infer<typeof eventImage>;
