import { KNOWN_ATTACHMENTS } from "./known.ts";
import { oneLine } from "./one-line.ts";
import { promptSummary, readTaskNotification } from "./prompt.ts";
import type { Reading } from "./reading.ts";
import { chars, head, isText, list, object, summary, word } from "./taken.ts";
import { PromptParts } from "./user.ts";
import type { Taken, TakenObject } from "./want.ts";

/** Statuses of a background task that still runs. */
const RUNNING = new Set(["running", "pending", "in_progress"]);

/** What the client added to the context: mostly plumbing, but prompts typed while it was busy come here too. */
export function readAttachment(line: TakenObject, reading: Reading): void {
  const attachment = object(line.attachment);
  const kind = word(attachment.type) ?? "untyped";
  if (kind === "queued_command") readQueuedCommand(attachment, reading);
  else if (kind === "task_status") readTaskStatus(attachment, reading);
  else reading.note(`attachment/${kind}`, attachmentSummary(kind, attachment), KNOWN_ATTACHMENTS.has(kind));
}

function readQueuedCommand(attachment: TakenObject, reading: Reading): void {
  const { prompt } = attachment;
  const parts = new PromptParts();
  for (const item of isText(prompt) ? [{ type: "text", text: prompt }] : list(prompt)) parts.take(item);
  const kind = word(object(attachment.origin).kind) ?? word(attachment.commandMode);
  const origin = kind === "task-notification" ? "task" : kind === "peer" ? "peer" : "human";
  const text = { summary: promptSummary(parts.head), chars: parts.chars, images: parts.images };
  reading.add({ kind: "prompt", origin, ...text, queued: true });
  if (origin === "task") readTaskNotification(parts.head, reading);
}

function readTaskStatus(attachment: TakenObject, reading: Reading): void {
  const status = word(attachment.status) ?? "unknown";
  const subagent = word(attachment.taskId);
  const said = summary(attachment.description);
  if (subagent && attachment.taskType === "local_agent" && !RUNNING.has(status))
    reading.add({ kind: "subagent.end", call: null, subagent, status, summary: said });
  else reading.note("attachment/task_status", oneLine(`${status}: ${said}`), true);
}

function attachmentSummary(kind: string, attachment: TakenObject): string {
  if (kind.startsWith("hook_")) return hookSummary(attachment);
  return summary(attachment.displayPath) || summary(attachment.filename) || summary(attachment.planFilePath);
}

function hookSummary(attachment: TakenObject): string {
  const said = [
    attachment.decision,
    object(attachment.blockingError).blockingError,
    attachment.stderr,
    ...contentParts(attachment.content),
    attachment.toolName,
  ].find((text) => head(text).trim() !== "");
  const name = word(attachment.hookName) ?? word(attachment.hookEvent) ?? "hook";
  return oneLine(said ? `${name}: ${head(said)}` : name);
}

function contentParts(content: Taken): Taken[] {
  return chars(content) > 0 ? [content] : list(content);
}
