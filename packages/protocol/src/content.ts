import { z } from "zod";
import { count } from "./units.ts";

/** Longest text of one event in a full page; what was cut is said in `omittedChars`. */
export const MAX_CONTENT_CHARS = 256 * 1024;

/**
 * The whole of what an event stands for, read from the chunk when somebody looks (`view=full`).
 * Text is the agent's own and hostile: show it, never interpret it.
 */
export const eventContent = z.object({
  /** Prompt, answer, thinking, output of a tool, message of an error. */
  text: z.string().optional(),
  /** A tool call's input as the agent wrote it. */
  input: z.unknown().optional(),
  /** What the agent kept beside a tool's result: exit code, patch, file, counts. */
  result: z.unknown().optional(),
  images: z.array(z.object({ mediaType: z.string(), bytes: count })).optional(),
  omittedChars: count.optional(),
});
export type EventContent = z.infer<typeof eventContent>;
