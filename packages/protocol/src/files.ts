import { z } from "zod";
import { sessionEvent } from "./session.ts";
import { count, epochMs, subagentId, word } from "./units.ts";

/** Files of one answer, most recently touched first; the others are counted. */
export const MAX_SESSION_FILES = 2_000;
/** Changes of one file in one page. */
export const MAX_FILE_CHANGES_PER_PAGE = 50;
export const MAX_PATH_CHARS = 4_096;

/** What the session's tools did with one file. What commands did to it (a formatter, `sed`) no transcript tells. */
export const sessionFile = z.object({
  /** As the agent wrote it, mostly absolute. */
  path: z.string().max(MAX_PATH_CHARS),
  /** Calls that succeeded, by what they did. */
  reads: count,
  edits: count,
  writes: count,
  /** Calls that failed or were refused: they changed nothing. */
  failed: count,
  /** Calls without a result yet. */
  open: count,
  /** Lines of all successful changes; null where some could not be counted. */
  added: count.nullable(),
  removed: count.nullable(),
  /** The first change made the file. */
  created: z.boolean(),
  firstAt: epochMs.nullable(),
  lastAt: epochMs.nullable(),
  /** Where its last call stands, for a link. */
  last: z.object({ place: z.string().max(64), agent: subagentId.nullable() }),
  /** Who: null is the session's own thread. At most 20. */
  by: z.array(subagentId.nullable()).max(20),
});
export type SessionFile = z.infer<typeof sessionFile>;

export const sessionFiles = z.object({
  files: z.array(sessionFile).max(MAX_SESSION_FILES),
  /** Files beyond those. */
  omitted: count,
  /** Changes whose lines are not counted yet: ask again, and more of them are. */
  uncounted: count,
});
export type SessionFiles = z.infer<typeof sessionFiles>;

export const fileChangesQuery = z.object({
  path: z.string().min(1).max(MAX_PATH_CHARS),
  /** Changes to leave out at the beginning. */
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
  limit: z.coerce.number().int().min(1).max(MAX_FILE_CHANGES_PER_PAGE).default(20),
});
export type FileChangesQuery = z.infer<typeof fileChangesQuery>;

/** One change of a file: the call and what came of it, with their whole content. */
export const fileChange = z.object({
  place: z.string().max(64),
  agent: subagentId.nullable(),
  tool: word,
  at: epochMs.nullable(),
  call: sessionEvent,
  result: sessionEvent.nullable(),
});
export type FileChange = z.infer<typeof fileChange>;

export const fileChanges = z.object({
  /** In order of their time. */
  changes: z.array(fileChange).max(MAX_FILE_CHANGES_PER_PAGE),
  total: count,
});
export type FileChanges = z.infer<typeof fileChanges>;
