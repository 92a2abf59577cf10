import { z } from "zod";
import { machineRow } from "./machine.ts";
import { inputReport, terminalDown, terminalRefused, terminalUp } from "./reach.ts";
import { requestRow } from "./request.ts";
import { sessionEvent, sessionRow } from "./session.ts";
import { count, epochMs, sessionId, subagentId } from "./units.ts";

/** A place in the feed. Another epoch, or an `n` that is no longer kept, gets `resync`. */
export const feedCursor = z.object({ epoch: z.string().min(1).max(64), n: count });
export type FeedCursor = z.infer<typeof feedCursor>;

/** "epoch:n", the form that a Server-Sent Events id takes. */
export function formatFeedCursor(cursor: FeedCursor): string {
  return `${cursor.epoch}:${cursor.n}`;
}
export function parseFeedCursor(text: string): FeedCursor | null {
  const match = /^(.+):(\d{1,16})$/s.exec(text);
  if (match === null) return null;
  const parsed = feedCursor.safeParse({ epoch: match[1], n: Number(match[2]) });
  return parsed.success ? parsed.data : null;
}

/** From the page to the server. `hello` is the first frame and comes within 5 s of the opening. */
export const liveClientFrame = z.discriminatedUnion("type", [
  z.object({ type: z.literal("hello"), token: z.string().max(200), cursor: feedCursor.optional() }),
  /** Follow one transcript; what comes after `place` is sent once and then live. One place, "start" or "end". */
  z.object({
    type: z.literal("watch"),
    session: sessionId,
    subagent: subagentId.nullable(),
    after: z.string().max(64),
  }),
  z.object({ type: z.literal("unwatch"), session: sessionId, subagent: subagentId.nullable() }),
  ...terminalUp,
]);
export type LiveClientFrame = z.infer<typeof liveClientFrame>;

const place = { epoch: feedCursor.shape.epoch, n: count };

/** From the server to the page, and as SSE (event name = type, data = the frame, id = cursor). */
export const liveServerFrame = z.discriminatedUnion("type", [
  /** Everything a page needs to draw its first list; older sessions are asked for over HTTP. */
  z.object({
    type: z.literal("snapshot"),
    ...place,
    now: epochMs,
    sessions: z.array(sessionRow),
    /** Sessions in the store, of which `sessions` are the newest. */
    total: count,
    machines: z.array(machineRow),
    /** Those that stand open. Absent from older servers. */
    requests: z.array(requestRow).optional(),
  }),
  /** What changed since the frame before; each session whole, so applying one twice does no harm. */
  z.object({
    type: z.literal("changes"),
    ...place,
    now: epochMs,
    sessions: z.array(sessionRow),
    removed: z.array(sessionId),
    machines: z.array(machineRow),
    total: count,
    /** Opened, changed or closed, each whole. */
    requests: z.array(requestRow).optional(),
    /** Words that were sent, and what became of them. */
    inputs: z.array(inputReport).optional(),
  }),
  /** The cursor is of another epoch, too old, or you read too slowly: a snapshot follows. */
  z.object({ type: z.literal("resync"), reason: z.enum(["epoch", "evicted", "slow"]) }),
  /** New events of a watched transcript, small; `next` is the place after the last of them. */
  z.object({
    type: z.literal("events"),
    session: sessionId,
    subagent: subagentId.nullable(),
    events: z.array(sessionEvent),
    next: z.string(),
    /** The primary changed or was rewritten: what was shown before is not its past. Read it anew. */
    reset: z.boolean().optional(),
  }),
  ...terminalDown,
  terminalRefused,
  z.object({ type: z.literal("error"), code: z.string(), message: z.string() }),
]);
export type LiveServerFrame = z.infer<typeof liveServerFrame>;
