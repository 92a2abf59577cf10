import { errorTypeIn } from "./api-error.ts";
import { oneLine } from "./one-line.ts";
import { NO_BLOCK, type Reading, type ThinkingDraft } from "./reading.ts";
import { chars, count, head, integer, isText, json, list, measured, object, summary, word } from "./taken.ts";
import { todosWritten } from "./todo.ts";
import { readToolResultBlock } from "./tool-result.ts";
import { callSummary, isSubagentTool } from "./tools.ts";
import { SYNTHETIC_MODEL, usageCopyOf } from "./usage.ts";
import type { Taken, TakenObject } from "./want.ts";

/** One line of an answer: since 2.0 one block a line, each line with the usage of the whole response. */
export function readAssistant(line: TakenObject, reading: Reading): void {
  const message = object(line.message);
  if (line.isApiErrorMessage === true) {
    readFinalError(line, message, reading);
  } else if (message.model === SYNTHETIC_MODEL) {
    reading.note("assistant/synthetic", summary(firstText(message.content)), true);
  } else {
    const response = word(message.id) ?? null;
    if (isText(message.content)) readText(message.content, response, NO_BLOCK, reading);
    const blocks = list(message.content);
    for (let i = 0; i < blocks.length; i++) readBlock(object(blocks[i]), response, i, line, reading);
    readResponse(line, message, response, reading);
  }
  const copy = usageCopyOf(message, line.requestId, line.uuid);
  if (copy) reading.copy(copy);
}

function readBlock(block: TakenObject, response: string | null, i: number, line: TakenObject, reading: Reading): void {
  switch (block.type) {
    case "text":
      readText(block.text, response, i, reading);
      return;
    case "thinking":
    case "redacted_thinking": {
      const event: ThinkingDraft = {
        kind: "thinking",
        response,
        summary: summary(block.thinking),
        chars: chars(block.thinking),
      };
      const durationMs = count(line.thinkingDurationMs);
      if (durationMs !== undefined) event.durationMs = durationMs;
      reading.add(event, i);
      return;
    }
    case "tool_use":
    case "server_tool_use":
    case "mcp_tool_use":
      readCall(block, response, i, reading);
      return;
    default:
      // What a tool on the API's side found stands within the answer: "web_search_tool_result" and its like.
      if (head(block.type).endsWith("_tool_result")) readToolResultBlock(block, {}, i, reading);
      else reading.note(`assistant/${word(block.type) ?? "untyped"}`, "", false, i);
  }
}

function readText(text: Taken, response: string | null, block: number, reading: Reading): void {
  reading.add({ kind: "text", response, summary: summary(text), chars: chars(text) }, block);
}

function readCall(block: TakenObject, response: string | null, i: number, reading: Reading): void {
  const tool = word(block.name) ?? "unknown";
  const call = word(block.id) ?? "";
  const line = callSummary(tool, block.input);
  reading.add({ kind: "tool.call", response, call, tool, summary: line, chars: chars(json(block.input)) }, i);
  const input = object(measured(block.input));
  if (isSubagentTool(tool)) {
    const type = word(input.subagent_type) ?? "general-purpose";
    reading.add({ kind: "subagent.start", call, subagent: null, type, summary: line }, i);
  } else if (tool === "TodoWrite") {
    reading.add(todosWritten(input), i);
  } else if (tool === "TaskUpdate" && isText(input.subject)) {
    // Its status is told by its result; the new wording only here.
    const item = { id: word(input.taskId) ?? null, text: summary(input.subject), status: null };
    reading.add({ kind: "todo", op: "update", items: [item] }, i);
  }
}

/**
 * Once for each response, as well as one line alone can tell: its first block since blocks are numbered, before that
 * the line that carries the stop reason.
 */
function readResponse(line: TakenObject, message: TakenObject, response: string | null, reading: Reading): void {
  const stopReason = word(message.stop_reason) ?? null;
  const block = integer(line.apiBlockIndex);
  if (block === undefined ? stopReason === null : block !== 0) return;
  const usage = object(message.usage);
  const context =
    (count(usage.input_tokens) ?? 0) +
    (count(usage.cache_read_input_tokens) ?? 0) +
    (count(usage.cache_creation_input_tokens) ?? 0);
  reading.add({
    kind: "response",
    response,
    model: word(message.model) ?? "unknown",
    stopReason,
    contextTokens: count(context) ?? 0,
    outputTokens: count(usage.output_tokens) ?? 0,
  });
}

const STATUS_IN_TEXT = /API Error:?\s*\(?(\d{3})\b/;

/** The agent gave up: the turn stops here. Older versions tell status and kind only in the text. */
function readFinalError(line: TakenObject, message: TakenObject, reading: Reading): void {
  const text = head(firstText(message.content));
  const inText = STATUS_IN_TEXT.exec(text)?.[1];
  reading.add({
    kind: "api.error",
    status: integer(line.apiErrorStatus) ?? (inText ? Number(inText) : null),
    error: word(line.apiErrorType) ?? errorTypeIn(text) ?? word(line.error) ?? "unknown",
    summary: oneLine(text),
  });
}

function firstText(content: Taken): Taken {
  return isText(content) ? content : object(list(content).find((block) => object(block).type === "text")).text;
}
