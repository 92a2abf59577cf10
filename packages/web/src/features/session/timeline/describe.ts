import type { TimelineMark, TimelineSpan } from "@agentpane/protocol";
import { timelineTexts } from "../../../texts/timeline.ts";
import { formatDuration } from "../../../ui/format.ts";
import type { Drawn, Row } from "./lanes.ts";
import { clockOf } from "./ticks.ts";

const PERSON = "user_";

/** What it is called: the tool, or that the model spoke. */
export function nameOf(span: TimelineSpan): string {
  return span.tool ?? timelineTexts.model;
}

/** How it came out, where there is something to say. */
export function outcomeOf({ span, end }: Drawn, running: boolean): string | null {
  const parts: string[] = [];
  if (span.denied === true) parts.push(timelineTexts.denied);
  else if (span.failed === true) parts.push(timelineTexts.failed);
  else if (span.to === null) parts.push(running && end > span.from ? timelineTexts.running : timelineTexts.noEnd);
  if (span.exitCode !== undefined && span.exitCode !== 0) parts.push(timelineTexts.exit(span.exitCode));
  if (span.decidedBy?.startsWith(PERSON) === true) parts.push(timelineTexts.byPerson);
  if (span.merged !== undefined) parts.push(timelineTexts.merged(span.merged));
  return parts.length === 0 ? null : parts.join(", ");
}

/** "4.1 s"; null where nobody knows. */
export function tookOf({ span, end }: Drawn, running: boolean): string | null {
  if (span.busyMs !== undefined) return formatDuration(span.busyMs);
  if (span.to === null && !running) return null;
  return end > span.from ? formatDuration(end - span.from) : null;
}

/** All of it in a sentence, for who cannot see the chart. */
export function sentenceOf(row: Row, drawn: Drawn, running: boolean): string {
  const { span } = drawn;
  const agent = row.agent === null ? null : timelineTexts.of(row.agent.known?.description ?? row.label);
  return [
    nameOf(span),
    span.summary ?? null,
    clockOf(span.from),
    tookOf(drawn, running),
    outcomeOf(drawn, running),
    agent,
  ]
    .filter((part) => part !== null && part !== "")
    .join(", ");
}

export function markWords(mark: Exclude<TimelineMark, { kind: "prompt" | "compaction" }>): string {
  if (mark.kind === "interrupt") return timelineTexts.interrupted;
  return mark.retry ? timelineTexts.apiRetry(mark.summary) : timelineTexts.apiError(mark.summary);
}
