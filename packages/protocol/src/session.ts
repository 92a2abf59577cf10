import { z } from "zod";
import { eventContent } from "./content.ts";
import { type TranscriptEvent, todoStatus, transcriptEvent } from "./event.ts";
import { reach } from "./reach.ts";
import { requestId } from "./request.ts";
import { fileProof, subagentMeta } from "./segment.ts";
import {
  byteCount,
  count,
  durationMs,
  epochMs,
  machineId,
  nanoDollars,
  productId,
  sessionId,
  subagentId,
  summary,
  word,
} from "./units.ts";
import { compaction, MAX_COMPACTIONS } from "./usage.ts";

export const SESSION_STATUSES = ["working", "approval", "question", "ready", "error", "ended", "unknown"] as const;
export const sessionStatus = z.enum(SESSION_STATUSES);
export type SessionStatus = z.infer<typeof sessionStatus>;

/** Why we say so. `transcript` and `silence` today; the registry and the hook come beside them. */
export const statusSource = z.enum(["transcript", "silence", "registry", "hook"]);

/** A status with its evidence, as computed for one moment. */
export const statusReport = z.object({
  status: sessionStatus,
  /** When it became so; null where no line carried a time. */
  since: epochMs.nullable(),
  source: statusSource,
  /** One sentence for a person: "turn ended, from the transcript". */
  sentence: z.string(),
});
export type StatusReport = z.infer<typeof statusReport>;

export const activity = z.object({
  /** The tool that runs, or "thinking", "answering". */
  what: word,
  summary,
  since: epochMs.nullable(),
});
export type Activity = z.infer<typeof activity>;

export const todoItem = z.object({ id: word.nullable(), text: summary, status: todoStatus });
export type TodoItem = z.infer<typeof todoItem>;

/** One row of the list; also what the live feed carries. */
export const sessionRow = z.object({
  id: sessionId,
  product: productId,
  title: summary.nullable(),
  /** The first human prompt. */
  goal: summary.nullable(),
  /** Name of the project folder, from `cwd`. */
  project: z.string().nullable(),
  cwd: z.string().nullable(),
  branch: z.string().nullable(),
  model: word.nullable(),
  permissionMode: word.nullable(),
  agentVersion: word.nullable(),
  /** Of the primary source. */
  machine: z.object({ id: machineId, name: z.string() }),
  ...statusReport.shape,
  activity: activity.nullable(),
  /** The agent's last words, or the person's, whichever came last. */
  lastWords: z.object({ who: z.enum(["agent", "person"]), summary }).nullable(),
  startedAt: epochMs.nullable(),
  lastActivityAt: epochMs.nullable(),
  turns: count,
  subagents: z.object({ total: count, running: count }),
  /** The living process that the status was told by; null where none is known. Absent from older servers. */
  process: z
    .object({ machine: machineId, pid: z.int().min(1) })
    .nullable()
    .optional(),
  todo: z.object({ done: count, total: count }).nullable(),
  /** Events of the primary's latest generation. */
  events: count,
  malformed: count,
  unknownLines: count,
  /** Transcript bytes committed, subagents included. */
  bytes: byteCount,
  // What follows is absent from older servers, and where nothing is known of it.
  /** API-equivalent, of the priced responses that this session owns, subagents included. */
  costNanoUsd: nanoDollars.optional(),
  /** Responses of models that nobody lists a price of: `costNanoUsd` lacks them. */
  unpricedResponses: count.optional(),
  /** Of all kinds together, of the responses that this session owns, subagents included. */
  tokens: count.optional(),
  /** Input, cache read and cache write of the last request of the session's own thread. */
  contextTokens: count.nullable().optional(),
  /** Tokens that the model of that request takes; null where nobody says. */
  contextWindow: count.nullable().optional(),
  /** The client's own total; null where it wrote none. */
  clientCostNanoUsd: nanoDollars.nullable().optional(),
  /** Its open requests, oldest first, by id. */
  requests: z.array(requestId).max(50).optional(),
  /** How words get to it now; absent where no monitor tells. */
  reach: reach.optional(),
});
export type SessionRow = z.infer<typeof sessionRow>;

export const subagentRow = z.object({
  id: subagentId,
  ...subagentMeta.shape,
  status: sessionStatus,
  since: epochMs.nullable(),
  activity: activity.nullable(),
  startedAt: epochMs.nullable(),
  lastActivityAt: epochMs.nullable(),
  events: count,
  /** Why we say so, as with a session. Like all below, absent from older servers. */
  sentence: z.string().optional(),
  /** The subagent whose transcript holds the call that spawned it; null for the session's own. */
  parent: subagentId.nullable().optional(),
  /** The call that spawned it is in no transcript that has arrived. */
  stub: z.boolean().optional(),
  /** From its first line to its last, once it ended; null while it runs. */
  durationMs: durationMs.nullable().optional(),
  /** How its parent was told that it ended, in the client's word: "completed", "failed", "killed". */
  outcome: word.nullable().optional(),
  /** API-equivalent, of its own responses; absent from older servers. */
  costNanoUsd: nanoDollars.optional(),
  tokens: count.optional(),
});
export type SubagentRow = z.infer<typeof subagentRow>;

/** One file that a session was read from. */
export const sessionSource = z.object({
  machine: z.object({ id: machineId, name: z.string() }),
  root: z.string(),
  subagent: subagentId.nullable(),
  copy: z.int().min(1),
  generation: z.int().min(1),
  offset: byteCount,
  path: z.string(),
  size: fileProof.shape.size,
  gone: z.boolean(),
  primary: z.boolean(),
});
export type SessionSource = z.infer<typeof sessionSource>;

export const sessionDetail = sessionRow.extend({
  todos: z.array(todoItem),
  agents: z.array(subagentRow),
  /** The primary first, then "also on ...". */
  sources: z.array(sessionSource),
  /** Line types that the format reference does not name, with how often they came. */
  unknownTypes: z.record(z.string(), count),
  /** Of the session's own thread, in the order of its transcript. Absent from older servers. */
  compactions: z.array(compaction).max(MAX_COMPACTIONS).optional(),
});
export type SessionDetail = z.infer<typeof sessionDetail>;

const reading = {
  product: productId,
  machine: machineId,
  session: sessionId,
  /** Whose transcript the event stands in; null for the session's own. */
  subagent: subagentId.nullable(),
  /** The subagent that the event speaks of: what a transcript's own event calls `subagent`. */
  agent: word.nullable().optional(),
  /** Names the event in addresses and as `around`; absent from older servers. */
  place: z.string().optional(),
  content: eventContent.optional(),
  /** Set where the content could not be read; the code is of the error registry. */
  contentError: z.string().optional(),
};
type Reading = z.infer<z.ZodObject<typeof reading>>;
type Read<Event> = Event extends unknown ? Omit<Event, "subagent"> & Reading : never;
/** An event as a reader gets it: where it belongs, and in a full view its content. */
export type SessionEvent = Read<TranscriptEvent>;
/** Each kind with the reader's fields over its own, since one of them has the same name and another meaning. */
export const sessionEvent: z.ZodType<SessionEvent> = z.discriminatedUnion(
  "kind",
  transcriptEvent.options.map((option) => (option as z.ZodObject).extend(reading)) as never,
);

export const eventsPage = z.object({
  /** In transcript order, oldest first, whichever way the page was asked for. */
  events: z.array(sessionEvent),
  /** Give it back as `after` for what follows; null at the end. */
  next: z.string().nullable(),
  /** Give it back as `before` for what came earlier; null at the beginning. */
  previous: z.string().nullable(),
  /** The place behind the page's last event, also where `next` is null: watch from it, and nothing is missed. */
  end: z.string().optional(),
});
export type EventsPage = z.infer<typeof eventsPage>;
