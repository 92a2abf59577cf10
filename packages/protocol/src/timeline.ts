import { z } from "zod";
import { count, durationMs, epochMs, nanoDollars, subagentId, summary, word } from "./units.ts";

/** Spans of one answer; where a session has more, neighbours of a lane become one and say how many they were. */
export const MAX_TIMELINE_SPANS = 20_000;
/** Points of a curve, and marks of one kind. */
export const MAX_TIMELINE_POINTS = 2_000;
/** Subagents that are drawn; the others are counted. */
export const MAX_TIMELINE_AGENTS = 200;

/** What somebody was busy with. `ask`: a question or a plan, which waits for a person. */
export const TIMELINE_LANES = ["model", "bash", "edit", "read", "web", "agent", "ask", "other"] as const;
export const timelineLane = z.enum(TIMELINE_LANES);
export type TimelineLane = z.infer<typeof timelineLane>;

/** Where an event stands: `place` is its own, as links to it have it; `agent` whose transcript, absent for the session's own. */
const at = { place: z.string().max(64), agent: subagentId.optional() };

export const timelineSpan = z.object({
  lane: timelineLane,
  from: epochMs,
  /** Null while no end is written. Never before `from`. */
  to: epochMs.nullable(),
  ...at,
  call: word.optional(),
  tool: word.optional(),
  /** What the call is recognised by; of the model's work its first words, where it said any. */
  summary: summary.optional(),
  failed: z.literal(true).optional(),
  /** Refused, by a person or a rule: it never ran. */
  denied: z.literal(true).optional(),
  /** Who allowed or refused it, in the agent's own word. */
  decidedBy: word.optional(),
  exitCode: z.int().optional(),
  /** The subagent that the call started. */
  started: subagentId.optional(),
  /** Of spans that were merged: how many, and how long they took together. */
  merged: count.optional(),
  busyMs: durationMs.optional(),
});
export type TimelineSpan = z.infer<typeof timelineSpan>;

/** A time in which the agent waited for a person, where the transcript proves it. Null while it still waits. */
export const timelineWait = z.object({
  from: epochMs,
  to: epochMs.nullable(),
  ...at,
  what: z.enum(["question", "plan", "permission"]),
  summary,
});
export type TimelineWait = z.infer<typeof timelineWait>;

export const timelineMark = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("prompt"), at: epochMs, ...at, summary }),
  z.object({
    kind: z.literal("compaction"),
    at: epochMs,
    ...at,
    trigger: word,
    preTokens: count.optional(),
    postTokens: count.optional(),
  }),
  z.object({ kind: z.literal("interrupt"), at: epochMs, ...at }),
  /** `retry`: the agent tries again by itself. */
  z.object({ kind: z.literal("api.error"), at: epochMs, ...at, summary, retry: z.boolean() }),
]);
export type TimelineMark = z.infer<typeof timelineMark>;

export const timelineAgent = z.object({
  id: subagentId,
  /** The first and last time in its transcript; both null where no line has a time. */
  from: epochMs.nullable(),
  to: epochMs.nullable(),
  /** The call that started it, where a transcript that has arrived tells. */
  call: word.nullable(),
  parent: subagentId.nullable(),
});
export type TimelineAgent = z.infer<typeof timelineAgent>;

/** How often a lane of the session's own transcript was used and for how long, before anything was merged. */
export const timelineTotal = z.object({ lane: timelineLane, calls: count, busyMs: durationMs, failed: count });

/** A session along its time. Everything is in order of its beginning. */
export const sessionTimeline = z.object({
  /** First and last time that any line has; both null where none has one. */
  from: epochMs.nullable(),
  to: epochMs.nullable(),
  spans: z.array(timelineSpan).max(MAX_TIMELINE_SPANS),
  totals: z.array(timelineTotal),
  waits: z.array(timelineWait).max(MAX_TIMELINE_POINTS),
  marks: z.array(timelineMark).max(MAX_TIMELINE_POINTS),
  agents: z.array(timelineAgent).max(MAX_TIMELINE_AGENTS),
  /** Tokens in the context window of the session's own thread. */
  context: z.array(z.object({ at: epochMs, tokens: count })).max(MAX_TIMELINE_POINTS),
  /** API-equivalent, cumulative, subagents included. */
  cost: z.array(z.object({ at: epochMs, nanoUsd: nanoDollars })).max(MAX_TIMELINE_POINTS),
  /** What is not shown one by one. */
  omitted: z.object({ mergedSpans: count, marks: count, waits: count, agents: count }),
});
export type SessionTimeline = z.infer<typeof sessionTimeline>;
