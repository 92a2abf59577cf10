import {
  lineContext,
  MAX_EVENTS_PER_SEGMENT,
  type Segment,
  segment,
  transcriptEvent,
  usageCopy,
} from "@agentpane/protocol";
import { z } from "zod";
import { quickCheck } from "./quick-check.ts";

const LISTS = {
  contexts: quickCheck(lineContext),
  events: quickCheck(transcriptEvent),
  copies: quickCheck(usageCopy),
} as const;
/** A segment but for its long lists, whose entries are looked at one by one. */
const anyList = z.array(z.unknown()).max(MAX_EVENTS_PER_SEGMENT);
const frame = segment.extend({ contexts: anyList, events: anyList, copies: anyList });

/**
 * The segment, if it is one. The schema decides; where the quick checks accept every entry of its lists, it would, and
 * only the rest is left for it.
 */
export function readSegment(raw: unknown): z.ZodSafeParseResult<Segment> {
  const framed = frame.safeParse(raw);
  if (!framed.success) return segment.safeParse(raw);
  const quick = Object.entries(LISTS).every(([name, check]) => framed.data[name as keyof typeof LISTS].every(check));
  return quick ? { success: true, data: framed.data as Segment } : segment.safeParse(raw);
}
