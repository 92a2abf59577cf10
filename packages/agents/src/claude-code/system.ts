import { errorTypeIn } from "./api-error.ts";
import { KNOWN_SYSTEM } from "./known.ts";
import { promptSummary } from "./prompt.ts";
import type { CompactionDraft, Reading, TurnEndDraft } from "./reading.ts";
import { count, head, integer, list, object, PROMPT_UNITS, summary, word } from "./taken.ts";
import type { TakenObject } from "./want.ts";

/** What the client says of itself between the messages. */
export function readSystem(line: TakenObject, reading: Reading): void {
  const subtype = word(line.subtype) ?? "untyped";
  if (subtype === "turn_duration") readTurnEnd(line, reading);
  else if (subtype === "api_error") readRetry(line, reading);
  else if (subtype === "compact_boundary") readCompaction(line, reading);
  else {
    const said = subtype === "stop_hook_summary" ? list(line.hookErrors)[0] : line.content;
    reading.note(`system/${subtype}`, promptSummary(head(said, PROMPT_UNITS)), KNOWN_SYSTEM.has(subtype));
  }
}

function readTurnEnd(line: TakenObject, reading: Reading): void {
  const event: TurnEndDraft = { kind: "turn.end" };
  const durationMs = count(line.durationMs);
  const messages = count(line.messageCount);
  const pending = count(line.pendingBackgroundAgentCount);
  if (durationMs !== undefined) event.durationMs = durationMs;
  if (messages !== undefined) event.messages = messages;
  if (pending !== undefined) event.pending = pending;
  reading.add(event);
}

/** One failed attempt; the client goes on by itself. */
function readRetry(line: TakenObject, reading: Reading): void {
  const error = object(line.error);
  const answer = object(object(error.error).error);
  const status = integer(error.status) ?? null;
  reading.add({
    kind: "api.error",
    status,
    error: word(answer.type) ?? errorTypeIn(head(error.message)) ?? (status === null ? "unknown" : String(status)),
    summary:
      [error.formatted, error.message, answer.message, line.error, line.content].map(summary).find(Boolean) ?? "",
    retry: {
      attempt: count(line.retryAttempt) ?? 0,
      max: count(line.maxRetries) ?? 0,
      inMs: count(line.retryInMs) ?? 0,
    },
  });
}

function readCompaction(line: TakenObject, reading: Reading): void {
  const metadata = object(line.compactMetadata);
  const event: CompactionDraft = { kind: "compaction", trigger: word(metadata.trigger) ?? "unknown" };
  const preTokens = count(metadata.preTokens);
  const postTokens = count(metadata.postTokens);
  const durationMs = count(metadata.durationMs);
  if (preTokens !== undefined) event.preTokens = preTokens;
  if (postTokens !== undefined) event.postTokens = postTokens;
  if (durationMs !== undefined) event.durationMs = durationMs;
  reading.add(event);
}
