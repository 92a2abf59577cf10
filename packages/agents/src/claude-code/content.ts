import type { EventContent, TranscriptEvent } from "@agentpane/protocol";
import { Budget } from "./budget.ts";
import { type ShownImage, shownImage } from "./images.ts";
import { asText, blocksOf, firstText, parseWhole, record } from "./parsed.ts";
import { interruption } from "./prompt.ts";
import { readTaken } from "./read-line.ts";
import { resultBeside } from "./result-content.ts";
import { isObject } from "./taken.ts";

type Line = Record<string, unknown>;

/** Before it is bounded. */
interface Content {
  text?: string | null;
  input?: unknown;
  result?: unknown;
  images?: ShownImage[];
}

/** Whole contents by event index. A line that does not parse is shown as it stands. */
export function lineContent(kept: Buffer, offset: number): Map<number, EventContent> {
  const contents = new Map<number, EventContent>();
  const line = parseWhole(kept);
  if (!isObject(line)) return contents.set(0, bounded({ text: kept.toString("utf8") }));
  const reading = readTaken(line, offset);
  for (const [i, event] of reading.events.entries()) {
    const content = contentOf(event, reading.blocks[i] ?? -1, line);
    const shown = content && bounded(content);
    if (shown && Object.keys(shown).length > 0) contents.set(event.index, shown);
  }
  return contents;
}

/** The `n`th image of one event; null where there is none, or where `keep` left its size and hash alone. */
export function lineImage(
  kept: Buffer,
  offset: number,
  index: number,
  n: number,
): { mediaType: string; base64: string } | null {
  const line = parseWhole(kept);
  if (!isObject(line)) return null;
  const reading = readTaken(line, offset);
  const at = reading.events.findIndex((event) => event.index === index);
  const event = reading.events[at];
  if (event === undefined) return null;
  const content = record(line.message).content;
  const block = record(Array.isArray(content) ? content[reading.blocks[at] ?? -1] : undefined);
  const source = record(imageBlocks(event, content, block, line)[n]?.source);
  const { media_type: mediaType, data: base64 } = source;
  return typeof mediaType === "string" && typeof base64 === "string" ? { mediaType, base64 } : null;
}

function imageBlocks(event: TranscriptEvent, content: unknown, block: Line, line: Line): Line[] {
  const blocks =
    event.kind === "tool.result"
      ? blocksOf(block.content)
      : event.kind === "prompt"
        ? blocksOf(event.queued ? record(line.attachment).prompt : content)
        : [];
  return blocks.filter((inner) => inner.type === "image");
}

function contentOf(event: TranscriptEvent, at: number, line: Line): Content | null {
  const message = record(line.message);
  const block = record(Array.isArray(message.content) ? message.content[at] : undefined);
  switch (event.kind) {
    case "prompt":
      return promptContent(event.queued ? record(line.attachment).prompt : message.content);
    case "text":
      return { text: asText(block.text) ?? asText(message.content) };
    case "thinking":
      return { text: asText(block.thinking) };
    case "tool.call":
      return { input: block.input };
    case "tool.result": {
      const alone = blocksOf(message.content).filter((other) => other.type === "tool_result").length === 1;
      return resultContent(block, alone ? line.toolUseResult : undefined);
    }
    case "api.error":
      return { text: errorText(line, message) };
    case "queue":
      return { text: firstText(line.content) };
    case "progress":
      return { text: progressText(record(line.data)) };
    case "note":
      return { text: noteText(line, message) };
    default:
      return null;
  }
}

function promptContent(content: unknown): Content {
  const blocks = blocksOf(content).filter((block) => block.type !== "tool_result");
  const texts = textsOf(blocks).filter((text) => interruption(text) === null);
  return { text: texts.join("\n"), images: blocks.filter((block) => block.type === "image").map(shownImage) };
}

function resultContent(block: Line, beside: unknown): Content {
  const blocks = blocksOf(block.content);
  const text = textsOf(blocks).join("\n");
  return {
    text,
    result: resultBeside(beside, text),
    images: blocks.filter((inner) => inner.type === "image").map(shownImage),
  };
}

function textsOf(blocks: Line[]): string[] {
  return blocks.flatMap((block) => {
    const text = typeof block.text === "string" ? block.text : block.tool_name;
    return typeof text === "string" ? [text] : [];
  });
}

function errorText(line: Line, message: Line): string | null {
  const error = record(line.error);
  return firstText(
    textsOf(blocksOf(message.content)).join("\n"),
    error.message,
    error.formatted,
    line.error,
    line.content,
  );
}

function progressText(data: Line): string | null {
  const nested = record(record(data.message).message);
  return firstText(data.fullOutput, data.output, textsOf(blocksOf(nested.content)).join("\n"), data.command);
}

/** The texts of a line that nothing else stands for, the client's own rendering last. */
function noteText(line: Line, message: Line): string | null {
  const attachment = record(line.attachment);
  const file = record(record(attachment.content).file);
  const parts = [attachment.content, attachment.stdout, attachment.stderr, attachment.snippet, file.content].filter(
    (part): part is string => typeof part === "string" && part !== "",
  );
  const rendered = Array.isArray(line.rendered) ? line.rendered.map((item) => record(item).content) : [];
  return firstText(
    line.content,
    line.lastPrompt,
    textsOf(blocksOf(message.content)).join("\n"),
    parts.join("\n"),
    rendered.filter((text) => typeof text === "string").join("\n"),
  );
}

function bounded(content: Content): EventContent {
  const budget = new Budget();
  const shown: EventContent = {};
  if (typeof content.text === "string") shown.text = budget.text(content.text);
  if (content.input !== undefined) shown.input = budget.value(content.input);
  if (content.result !== undefined) shown.result = budget.value(content.result);
  if (content.images && content.images.length > 0) shown.images = content.images;
  if (budget.omittedChars > 0) shown.omittedChars = budget.omittedChars;
  return shown;
}
