import { interruption, promptOrigin, promptSummary, readTaskNotification } from "./prompt.ts";
import { NO_BLOCK, type Reading } from "./reading.ts";
import { chars, head, isObject, isText, list, object, PROMPT_UNITS, word } from "./taken.ts";
import { isToolResult, readToolResultBlock } from "./tool-result.ts";
import type { Taken, TakenObject } from "./want.ts";

/** A line in the user's name: what a person typed, what a tool gave, or what the client put there. */
export function readUser(line: TakenObject, reading: Reading): void {
  const { content } = object(line.message);
  if (isText(content)) {
    readPrompt(line, head(content, PROMPT_UNITS), chars(content), 0, reading);
    return;
  }
  const blocks = list(content);
  // What the line keeps beside its message belongs to its one result; with several nobody can say to which.
  const beside = blocks.filter(isToolResult).length === 1 ? line : {};
  const prompt = new PromptParts();
  for (let i = 0; i < blocks.length; i++) {
    const block = blocks[i];
    if (isToolResult(block)) readToolResultBlock(object(block), beside, i, reading);
    else if (!readInterruption(head(object(block).text), i, reading)) prompt.take(block);
  }
  if (prompt.parts > 0) readPrompt(line, prompt.head, prompt.chars, prompt.images, reading);
  else if (reading.events.length === 0) reading.note("user", "", true);
}

/** The blocks of a prompt as one text, joined by newlines, which is how `lineContent` gives it. */
export class PromptParts {
  parts = 0;
  head = "";
  chars = 0;
  images = 0;
  #texts = 0;

  take(item: Taken): void {
    const block = object(item);
    if (block.type === "image") this.images++;
    else if (!isText(block.text)) return;
    this.parts++;
    if (!isText(block.text)) return;
    const joined = this.#texts++ > 0;
    this.head = head(`${this.head}${joined ? "\n" : ""}${head(block.text, PROMPT_UNITS)}`, PROMPT_UNITS);
    this.chars += chars(block.text) + (joined ? 1 : 0);
  }
}

function readPrompt(line: TakenObject, text: string, length: number, images: number, reading: Reading): void {
  if (readInterruption(text, NO_BLOCK, reading)) return;
  const origin = promptOrigin(line, text);
  reading.add({ kind: "prompt", origin, summary: promptSummary(text), chars: length, images });
  if (origin === "task") readTaskNotification(text, reading);
  // Since 2.1.330 at the latest the mode has lines of its own; before that, only the prompts tell it.
  const mode = word(line.permissionMode);
  if (mode && !isObject(line.origin) && !word(line.promptSource))
    reading.add({ kind: "mode", mode, what: "permission" });
}

function readInterruption(text: string, block: number, reading: Reading): boolean {
  const during = interruption(text);
  if (!during) return false;
  reading.add({ kind: "interrupt", during }, block);
  return true;
}
