import { z } from "zod";
import { byteCount, count, durationMs, epochMs, nanoDollars, summary, word } from "./units.ts";

/**
 * What happened, small and typed. One transcript line gives zero or more events; `offset` is where that line begins in
 * its file and `index` numbers the events of one line, so (offset, index) orders a source and never the clock.
 * The whole text of a thing is in the chunk; see `EventContent`.
 */
const envelope = {
  /** The line's own timestamp; null where the line has none (the fold carries the last one). */
  at: epochMs.nullable(),
  offset: byteCount,
  index: z.int().min(0).max(4095),
};

/** Who wrote a prompt. Only `human` may become a session's goal. */
export const promptOrigin = z.enum(["human", "task", "peer", "command", "compact-summary", "meta", "system"]);
export const todoStatus = z.enum(["pending", "in_progress", "completed", "deleted"]);

export const transcriptEvent = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("prompt"),
    ...envelope,
    origin: promptOrigin,
    summary,
    /** Length of the whole text, in UTF-16 units. */
    chars: count,
    images: count,
    /** Typed while the agent was busy and absorbed in the middle of a turn. */
    queued: z.boolean().optional(),
  }),
  z.object({ kind: z.literal("text"), ...envelope, response: word.nullable(), summary, chars: count }),
  z.object({
    kind: z.literal("thinking"),
    ...envelope,
    response: word.nullable(),
    summary,
    chars: count,
    durationMs: durationMs.optional(),
  }),
  z.object({
    kind: z.literal("tool.call"),
    ...envelope,
    response: word.nullable(),
    call: word,
    tool: word,
    /** The command, the path, the pattern, the question: what a person needs to recognise the call. */
    summary,
    /** Length of the input as JSON, in UTF-16 units. */
    chars: count,
  }),
  z.object({
    kind: z.literal("tool.result"),
    ...envelope,
    call: word,
    isError: z.boolean(),
    summary,
    chars: count,
    images: count,
    /** The agent's own word on who allowed or refused the call: "config", "hook", "user_temporary", ... */
    decidedBy: word.optional(),
    denied: z.boolean().optional(),
    exitCode: z.int().optional(),
    durationMs: durationMs.optional(),
    /** The subagent that this call started, where the result names it. */
    subagent: word.optional(),
  }),
  z.object({
    kind: z.literal("response"),
    ...envelope,
    response: word.nullable(),
    model: word,
    stopReason: word.nullable(),
    /** Input + cache read + cache write: what stood in the context window for this request. */
    contextTokens: count,
    outputTokens: count,
  }),
  z.object({
    kind: z.literal("turn.end"),
    ...envelope,
    durationMs: durationMs.optional(),
    messages: count.optional(),
    /** Background subagents that still run. */
    pending: count.optional(),
  }),
  z.object({ kind: z.literal("interrupt"), ...envelope, during: z.enum(["response", "tool"]) }),
  z.object({
    kind: z.literal("title"),
    ...envelope,
    title: summary,
    source: z.enum(["user", "ai", "agent", "summary"]),
  }),
  z.object({ kind: z.literal("mode"), ...envelope, mode: word, what: z.enum(["permission", "input"]) }),
  z.object({
    kind: z.literal("compaction"),
    ...envelope,
    trigger: word,
    preTokens: count.optional(),
    postTokens: count.optional(),
    durationMs: durationMs.optional(),
  }),
  z.object({
    kind: z.literal("api.error"),
    ...envelope,
    status: z.int().nullable(),
    error: word,
    summary,
    /** Present while the agent still retries by itself; absent when the turn stopped here. */
    retry: z.object({ attempt: count, max: count, inMs: durationMs }).optional(),
  }),
  z.object({ kind: z.literal("progress"), ...envelope, call: word.nullable(), type: word, summary }),
  z.object({
    kind: z.literal("subagent.start"),
    ...envelope,
    call: word.nullable(),
    subagent: word.nullable(),
    type: word,
    summary,
  }),
  z.object({
    kind: z.literal("subagent.end"),
    ...envelope,
    call: word.nullable(),
    subagent: word.nullable(),
    status: word,
    summary,
  }),
  z.object({
    kind: z.literal("todo"),
    ...envelope,
    /** `replace` carries the whole list; `update` changes or adds the items it names, by id. */
    op: z.enum(["replace", "update"]),
    items: z.array(z.object({ id: word.nullable(), text: summary.nullable(), status: todoStatus.nullable() })).max(50),
  }),
  z.object({ kind: z.literal("queue"), ...envelope, operation: word, summary }),
  z.object({
    kind: z.literal("cost"),
    ...envelope,
    /** The client's own total for the process so far; it includes calls that no transcript shows. */
    totalNanoUsd: nanoDollars,
    durationMs: durationMs.optional(),
    linesAdded: count.optional(),
    linesRemoved: count.optional(),
  }),
  z.object({
    kind: z.literal("note"),
    ...envelope,
    /** The line's own type, e.g. "system/local_command" or "attachment/file". */
    type: word,
    summary,
    /** True for a type that the format reference does not name: counted, so that a new agent version shows. */
    unknown: z.boolean().optional(),
  }),
  z.object({
    kind: z.literal("malformed"),
    ...envelope,
    /** Why: "not JSON", "not an object", "longer than 16 MiB", or a refusal by the server. */
    reason: summary,
    bytes: byteCount,
  }),
]);
export type TranscriptEvent = z.infer<typeof transcriptEvent>;
export type EventKind = TranscriptEvent["kind"];
export const EVENT_KINDS: readonly EventKind[] = transcriptEvent.options.map((o) => o.shape.kind.value);

/** One writing-down of a response's usage. The same response is written many times and counted once, later. */
export const usageCopy = z.object({
  offset: byteCount,
  index: z.int().min(0).max(4095),
  at: epochMs.nullable(),
  /** What names the response: its message id, else the request id, else the line's uuid. */
  key: word,
  keyKind: z.enum(["message", "request", "line"]),
  model: word,
  stopReason: word.nullable(),
  inputTokens: count,
  outputTokens: count,
  cacheReadTokens: count,
  /** Whole cache write; the two lifetimes below may explain less than this. */
  cacheWriteTokens: count,
  cacheWrite5mTokens: count,
  cacheWrite1hTokens: count,
  webSearches: count,
  speed: word.optional(),
  region: word.optional(),
  tier: word.optional(),
  /** Seen inside a `progress` line of the parent, not on a line of its own. */
  nested: z.boolean().optional(),
  /** Steps answered by other models (advisors), each with its own tokens. */
  iterations: z
    .array(
      z.object({
        model: word,
        inputTokens: count,
        outputTokens: count,
        cacheReadTokens: count,
        cacheWrite5mTokens: count,
        cacheWrite1hTokens: count,
      }),
    )
    .max(64)
    .optional(),
});
export type UsageCopy = z.infer<typeof usageCopy>;

/** Where and in what the agent worked, from a line on. Sent where it changes; sending it again changes nothing. */
export const lineContext = z.object({
  offset: byteCount,
  cwd: z.string().max(4096).optional(),
  branch: z.string().max(1024).optional(),
  version: word.optional(),
  entrypoint: word.optional(),
});
export type LineContext = z.infer<typeof lineContext>;
