import { KNOWN_LINES } from "./known.ts";
import { oneLine } from "./one-line.ts";
import { promptSummary } from "./prompt.ts";
import type { CostDraft, Reading } from "./reading.ts";
import { count, head, list, nanoUsd, object, PROMPT_UNITS, summary, word } from "./taken.ts";
import type { Taken, TakenObject } from "./want.ts";

type TitleSource = "user" | "ai" | "agent" | "summary";

/** The lines without a message: titles, modes, queue, the client's own totals, and everything that nobody reads. */
export function readStateLine(type: string, line: TakenObject, reading: Reading): void {
  switch (type) {
    case "custom-title":
      readTitle(type, line.customTitle, "user", reading);
      break;
    case "ai-title":
      readTitle(type, line.aiTitle, "ai", reading);
      break;
    case "agent-name":
      readTitle(type, line.agentName, "agent", reading);
      break;
    case "summary":
      readTitle(type, line.summary, "summary", reading);
      break;
    case "mode":
      readMode(type, line.mode, "input", reading);
      break;
    case "permission-mode":
      readMode(type, line.permissionMode, "permission", reading);
      break;
    case "queue-operation":
      readQueue(line, reading);
      break;
    case "cost-state":
      readCost(line, reading);
      break;
    default:
      reading.note(type, noteSummary(type, line), KNOWN_LINES.has(type));
  }
}

function readQueue(line: TakenObject, reading: Reading): void {
  const operation = word(line.operation) ?? "unknown";
  reading.add({ kind: "queue", operation, summary: promptSummary(head(line.content, PROMPT_UNITS)) });
}

function readTitle(type: string, text: Taken, source: TitleSource, reading: Reading): void {
  const title = summary(titleText(text));
  if (title) reading.add({ kind: "title", title, source });
  else reading.note(type, "", true);
}

/** Some models answer the request for a title with the JSON they were asked for, and the client stores it as it is. */
function titleText(text: Taken): Taken {
  const inner = /^\{"title":\s*"((?:[^"\\]|\\.)*)"\}$/.exec(head(text))?.[1];
  return inner === undefined ? text : inner.replace(/\\(["\\/])/g, "$1");
}

function readMode(type: string, value: Taken, what: "permission" | "input", reading: Reading): void {
  const mode = word(value);
  if (mode) reading.add({ kind: "mode", mode, what });
  else reading.note(type, "", true);
}

function readCost(line: TakenObject, reading: Reading): void {
  const totalNanoUsd = nanoUsd(line.totalCostUSD);
  if (totalNanoUsd === undefined) {
    reading.note("cost-state", "", true);
    return;
  }
  const event: CostDraft = { kind: "cost", totalNanoUsd };
  const durationMs = count(line.totalDuration);
  const linesAdded = count(line.totalLinesAdded);
  const linesRemoved = count(line.totalLinesRemoved);
  if (durationMs !== undefined) event.durationMs = durationMs;
  if (linesAdded !== undefined) event.linesAdded = linesAdded;
  if (linesRemoved !== undefined) event.linesRemoved = linesRemoved;
  reading.add(event);
}

function noteSummary(type: string, line: TakenObject): string {
  switch (type) {
    case "last-prompt":
      return summary(line.lastPrompt);
    case "tools-used":
      return oneLine(
        list(line.tools)
          .map((tool) => head(tool))
          .join(", "),
      );
    case "relocated":
      return summary(line.relocatedCwd);
    case "worktree-state":
      return summary(object(line.worktreeSession).worktreePath);
    case "pr-link":
      return summary(line.prUrl);
    case "file-history-delta":
      return summary(line.trackingPath);
    default:
      return "";
  }
}
