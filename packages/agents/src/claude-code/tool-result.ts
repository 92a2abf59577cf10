import { oneLine } from "./one-line.ts";
import type { Reading, ToolResultDraft } from "./reading.ts";
import { chars, count, head, integer, isObject, isText, list, object, summary, word } from "./taken.ts";
import { todosTold } from "./todo.ts";
import type { Taken, TakenObject } from "./want.ts";

const EXIT_CODE = /^(?:Error: )?Exit code (-?\d{1,6})\b/;
/** How a refusal was told before lines carried `toolDenialKind`. */
const REFUSALS = ["The user doesn't want to proceed with this tool use.", "The user doesn't want to take this action"];
const MS_PER_SECOND = 1000;

/** One result with what the line keeps beside it; `line` is {} where that cannot belong to this block. */
export function readToolResultBlock(block: TakenObject, line: TakenObject, i: number, reading: Reading): void {
  const output = outputOf(block.content);
  const call = word(block.tool_use_id) ?? "";
  const beside = object(line.toolUseResult);
  const event: ToolResultDraft = {
    kind: "tool.result",
    call,
    isError: block.is_error === true,
    summary: output.summary,
    chars: output.chars,
    images: output.images,
  };
  const decision = object(line.permissionDecision);
  const decidedBy = word(decision.source);
  if (decidedBy) event.decidedBy = decidedBy;
  if (isText(line.toolDenialKind) || decision.decision === "reject" || refusedInWords(event.isError, output.head))
    event.denied = true;
  const exitCode = integer(beside.exitCode) ?? exitCodeOf(event.isError, output.head);
  if (exitCode !== undefined) event.exitCode = exitCode;
  const durationMs = durationOf(beside);
  if (durationMs !== undefined) event.durationMs = durationMs;
  const subagent = word(beside.agentId);
  if (subagent) event.subagent = subagent;
  reading.add(event, i);
  if (subagent) readSubagent(call, subagent, beside, i, reading);
  const todo = todosTold(beside);
  if (todo) reading.add(todo, i);
}

interface Output {
  head: string;
  summary: string;
  chars: number;
  images: number;
}

/** Texts count as if joined by newlines, which is how `lineContent` gives them. */
function outputOf(content: Taken): Output {
  if (isText(content)) return { head: head(content), summary: summary(content), chars: chars(content), images: 0 };
  const texts: string[] = [];
  let total = 0;
  let images = 0;
  for (const item of list(content)) {
    const block = object(item);
    if (block.type === "image") images++;
    const text = isText(block.text) ? block.text : block.tool_name;
    if (!isText(text)) continue;
    total += chars(text) + (texts.length > 0 ? 1 : 0);
    texts.push(head(text));
  }
  const joined = texts.join("\n");
  return { head: joined, summary: oneLine(joined), chars: total, images };
}

function refusedInWords(isError: boolean, text: string): boolean {
  return isError && REFUSALS.some((words) => text.startsWith(words));
}

/** Only a failed command says its code; a good one may still have ended with another than 0. */
function exitCodeOf(isError: boolean, text: string): number | undefined {
  const said = isError ? EXIT_CODE.exec(text)?.[1] : undefined;
  return said === undefined ? undefined : Number(said);
}

function durationOf(beside: TakenObject): number | undefined {
  const seconds = beside.durationSeconds;
  return (
    count(beside.durationMs) ??
    count(beside.totalDurationMs) ??
    (typeof seconds === "number" ? count(Math.round(seconds * MS_PER_SECOND)) : undefined)
  );
}

/** The result of a call that started a subagent: launched in the background, or already done. */
function readSubagent(call: string, subagent: string, beside: TakenObject, i: number, reading: Reading): void {
  const status = word(beside.status) ?? "completed";
  if (status.endsWith("_launched") || status === "running") {
    const type = word(beside.agentType) ?? "";
    reading.add({ kind: "subagent.start", call, subagent, type, summary: summary(beside.description) }, i);
  } else {
    reading.add({ kind: "subagent.end", call, subagent, status, summary: summary(beside.description) }, i);
  }
}

export function isToolResult(block: Taken): boolean {
  return isObject(block) && block.type === "tool_result";
}
