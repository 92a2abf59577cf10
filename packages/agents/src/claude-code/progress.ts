import { KNOWN_PROGRESS } from "./known.ts";
import { oneLine } from "./one-line.ts";
import type { Reading } from "./reading.ts";
import { epochMs, head, list, object, summary, word } from "./taken.ts";
import { callSummary } from "./tools.ts";
import { usageCopyOf } from "./usage.ts";
import type { TakenObject } from "./want.ts";

/** What a running tool, hook or subagent shows meanwhile; up to 2.1.44 such lines stand in the transcript. */
export function readProgress(line: TakenObject, reading: Reading): void {
  const data = object(line.data);
  const type = word(data.type) ?? "untyped";
  const call = word(line.parentToolUseID) ?? word(line.toolUseID) ?? null;
  reading.add({ kind: "progress", call, type, summary: progressSummary(type, data) });
  if (!KNOWN_PROGRESS.has(type)) reading.unknownType = word(`progress/${type}`) ?? null;
  if (type === "agent_progress") readNestedCopy(object(data.message), reading);
}

/** A subagent's response as its parent saw it. It is told again in the subagent's own transcript, under the same id. */
function readNestedCopy(nested: TakenObject, reading: Reading): void {
  const copy = usageCopyOf(object(nested.message), nested.requestId, nested.uuid);
  if (copy) reading.copy({ ...copy, nested: true }, epochMs(nested.timestamp) ?? reading.at);
}

function progressSummary(type: string, data: TakenObject): string {
  if (type === "bash_progress") return lastLine(head(data.output));
  if (type === "agent_progress") return nestedSummary(object(object(data.message).message));
  for (const key of ["hookName", "query", "taskDescription", "toolName", "serverName", "output"]) {
    const found = summary(data[key]);
    if (found) return found;
  }
  return "";
}

function lastLine(output: string): string {
  return oneLine(output.trimEnd().split("\n").at(-1) ?? "");
}

function nestedSummary(message: TakenObject): string {
  if (head(message.content) !== "") return summary(message.content);
  for (const item of list(message.content)) {
    const block = object(item);
    if (block.type === "tool_use") {
      const tool = word(block.name) ?? "unknown";
      return oneLine(`${tool}: ${callSummary(tool, block.input)}`);
    }
    const said = summary(block.text) || summary(block.thinking) || summary(block.content);
    if (said) return said;
  }
  return "";
}
