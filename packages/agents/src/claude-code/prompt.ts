import type { TranscriptEvent } from "@agentpane/protocol";
import { oneLine } from "./one-line.ts";
import type { Reading } from "./reading.ts";
import { object, word } from "./taken.ts";
import type { TakenObject } from "./want.ts";

export type PromptOrigin = Extract<TranscriptEvent, { kind: "prompt" }>["origin"];

const INTERRUPTED = "[Request interrupted by user";

/** `during` of the interruption that the text stands for, null where it is any other text. */
export function interruption(text: string): "response" | "tool" | null {
  if (!text.startsWith(INTERRUPTED)) return null;
  return text.startsWith(" for tool use", INTERRUPTED.length) ? "tool" : "response";
}

/** Wrappers that the client puts around what did not come from the prompt line. */
const WRAPPERS: readonly (readonly [string, PromptOrigin])[] = [
  ["<command-name>", "command"],
  ["<command-message>", "command"],
  ["<bash-input>", "command"],
  ["<user-memory-input>", "command"],
  ["<local-command-stdout>", "meta"],
  ["<local-command-stderr>", "meta"],
  ["<local-command-caveat>", "meta"],
  ["<bash-stdout>", "meta"],
  ["<bash-stderr>", "meta"],
  ["<system-reminder>", "meta"],
  ["<task-notification>", "task"],
];

/** By `origin.kind`, which lines carry since 2.1.330 at the latest; `human` still may be a command. */
const ORIGINS: Record<string, PromptOrigin> = { "task-notification": "task", peer: "peer" };

/** Who wrote the text of a `user` line. Older versions say only what is not a prompt; the rest is a person's. */
export function promptOrigin(line: TakenObject, text: string): PromptOrigin {
  if (line.isCompactSummary === true) return "compact-summary";
  const kind = word(object(line.origin).kind);
  if (kind && kind !== "human") return ORIGINS[kind] ?? "system";
  const wrapped = WRAPPERS.find(([tag]) => text.startsWith(tag));
  if (wrapped) return wrapped[1];
  if (kind === "human") return "human";
  if (line.isMeta === true || line.isVisibleInTranscriptOnly === true) return "meta";
  if (line.promptSource === "system") return "system";
  // In a subagent's transcript nobody types: the text is the parent's.
  if (line.isSidechain === true) return "peer";
  return "human";
}

/** The rest is what a person wants to see of a command's output. */
const OUTPUT_TAGS = /<\/?(?:(?:local-command|bash)-[a-z]+|user-memory-input|system-reminder)>/g;

/** What a person recognises the text by: the command with its arguments, the notification's own summary. */
export function promptSummary(text: string): string {
  if (!text.startsWith("<")) return oneLine(text);
  if (text.startsWith("<task-notification>")) return oneLine(tag(text, "summary") ?? text);
  const command = tag(text, "command-name");
  if (command !== null) return oneLine(`${command} ${tag(text, "command-args") ?? ""}`);
  return oneLine(text.replace(OUTPUT_TAGS, " "));
}

/** Content of the first `<name>` in the text, null where it does not stand there whole. */
function tag(text: string, name: string): string | null {
  const from = text.indexOf(`<${name}>`);
  if (from < 0) return null;
  const start = from + name.length + 2;
  const end = text.indexOf(`</${name}>`, start);
  return end < 0 ? null : text.slice(start, end);
}

/** A notification that a subagent stopped; those of background commands are nothing but prompts. */
export function readTaskNotification(text: string, reading: Reading): void {
  if (!text.startsWith("<task-notification>")) return;
  const said = tag(text, "summary") ?? "";
  const subagent = word(tag(text, "task-id"));
  if (!subagent || !(said.startsWith("Agent ") || text.includes("<subagent_tokens>"))) return;
  const call = word(tag(text, "tool-use-id")) ?? null;
  const status = word(tag(text, "status")) ?? "completed";
  reading.add({ kind: "subagent.end", call, subagent, status, summary: oneLine(said) });
}
