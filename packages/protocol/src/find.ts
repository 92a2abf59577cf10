import { z } from "zod";
import { EVENT_KINDS, type EventKind } from "./event.ts";
import { place } from "./http.ts";
import { byteCount, count, epochMs, subagentId } from "./units.ts";

/** Longest text that can be looked for in a session. */
export const MAX_FIND_CHARS = 200;
export const MAX_FINDINGS_PER_PAGE = 200;

/** Looks for `q` as it is written, whatever the case, in everything that one transcript holds. */
export const findQuery = z.object({
  q: z.string().min(1).max(MAX_FIND_CHARS),
  subagent: subagentId.optional(),
  /** `next` of the page before. */
  after: place.optional(),
  limit: z.coerce.number().int().min(1).max(MAX_FINDINGS_PER_PAGE).default(100),
});
export type FindQuery = z.infer<typeof findQuery>;

/** One event that holds the text. */
export const finding = z.object({
  place: z.string(),
  offset: byteCount,
  index: z.int().min(0),
  kind: z.enum(EVENT_KINDS as [EventKind, ...EventKind[]]),
  at: epochMs.nullable(),
  /** How often the text stands in the event, counted to 1,000. */
  times: count,
  /** The first of them with what stands around it, all hostile. */
  before: z.string(),
  match: z.string(),
  after: z.string(),
});
export type Finding = z.infer<typeof finding>;

/**
 * One step through the transcript, in its order. A step opens a bounded number of bytes, so it may find nothing and yet not
 * be the last: as long as `next` is given, ask on from there, or stop asking.
 */
export const findPage = z.object({
  findings: z.array(finding),
  next: z.string().nullable(),
  /** How far it came, and how far there is to go. */
  searchedBytes: byteCount,
  totalBytes: byteCount,
});
export type FindPage = z.infer<typeof findPage>;
