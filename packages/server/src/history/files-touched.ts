import type { EventContent, TranscriptEvent } from "@agentpane/protocol";
import type { EventPosition } from "../store/events.ts";
import { BEGINNING } from "./places.ts";

type ToolCall = Extract<TranscriptEvent, { kind: "tool.call" }>;
type ToolResult = Extract<TranscriptEvent, { kind: "tool.result" }>;

/** What a tool does with the one file that its input names. */
const USES: ReadonlyMap<string, "read" | "edit" | "write"> = new Map([
  ["Read", "read"],
  ["NotebookRead", "read"],
  ["Edit", "edit"],
  ["MultiEdit", "edit"],
  ["NotebookEdit", "edit"],
  ["Write", "write"],
]);

/** One call upon a file. */
export interface Touch {
  path: string;
  use: "read" | "edit" | "write";
  tool: string;
  call: EventPosition;
  result: EventPosition | null;
  /** Carried from the line before where its own has none. */
  at: number | null;
  failed: boolean;
  /** Lines; null where they are not counted (yet, or because nothing says them). */
  added: number | null;
  removed: number | null;
  created: boolean;
}

/** Reads an event's content again, from what is kept. */
export type ReadContent = (event: ToolCall | ToolResult) => EventContent | undefined;

interface Uncounted {
  touch: Touch;
  result: ToolResult;
}

/** The files that one transcript speaks of. Events are added in transcript order. */
export class TranscriptFiles {
  readonly touches: Touch[] = [];
  /** Behind the last event that was added. */
  position: EventPosition = BEGINNING;
  readonly #open = new Map<string, Touch>();
  #uncounted: Uncounted[] = [];
  #now: number | null = null;

  /** `read` is asked only where the event's own summary does not hold the whole path. */
  add(event: TranscriptEvent, read: ReadContent): void {
    this.position = { offset: event.offset, index: event.index };
    this.#now = event.at ?? this.#now;
    if (event.kind === "tool.call") this.#call(event, read);
    else if (event.kind === "tool.result") this.#result(event);
  }

  /** Counts the lines of changes that are not counted yet, `most` of them; how many are left. */
  count(most: number, read: ReadContent): number {
    for (const { touch, result } of this.#uncounted.splice(0, most)) {
      const counted = linesOf(read(result)?.result);
      if (counted !== null) Object.assign(touch, counted);
    }
    return this.#uncounted.length;
  }

  #call(event: ToolCall, read: ReadContent): void {
    const use = USES.get(event.tool);
    if (use === undefined) return;
    // Where it was cut it ends with this sign.
    const path = event.summary.endsWith("…") ? (pathIn(read(event)?.input) ?? event.summary) : event.summary;
    if (path === "") return;
    const call = { offset: event.offset, index: event.index };
    const lines = use === "read" ? 0 : null;
    const touch: Touch = {
      ...{ path, use, tool: event.tool, call, result: null, at: this.#now },
      ...{ failed: false, added: lines, removed: lines, created: false },
    };
    this.touches.push(touch);
    this.#open.set(event.call, touch);
  }

  #result(event: ToolResult): void {
    const touch = this.#open.get(event.call);
    if (touch === undefined) return;
    this.#open.delete(event.call);
    touch.result = { offset: event.offset, index: event.index };
    touch.failed = event.isError || event.denied === true;
    if (touch.use !== "read" && !touch.failed) this.#uncounted.push({ touch, result: event });
  }
}

function pathIn(input: unknown): string | null {
  const { file_path, notebook_path } = record(input);
  for (const path of [file_path, notebook_path]) if (typeof path === "string") return path;
  return null;
}

/** What the agent keeps beside an edit's result: its patch, or of a new file the content. Null where it keeps neither. */
function linesOf(kept: unknown): Pick<Touch, "added" | "removed" | "created"> | null {
  const { structuredPatch, type, content } = record(kept);
  const created = type === "create";
  if (created && typeof content === "string") return { added: lineCount(content), removed: 0, created };
  if (!Array.isArray(structuredPatch)) return null;
  let added = 0;
  let removed = 0;
  for (const hunk of structuredPatch as unknown[]) {
    const { lines } = record(hunk);
    if (!Array.isArray(lines)) return null;
    for (const line of lines as unknown[]) {
      if (typeof line !== "string") return null;
      if (line.startsWith("+")) added += 1;
      else if (line.startsWith("-")) removed += 1;
    }
  }
  return { added, removed, created };
}

/** A newline at the end ends the last line and begins none. */
function lineCount(text: string): number {
  if (text === "") return 0;
  return text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
