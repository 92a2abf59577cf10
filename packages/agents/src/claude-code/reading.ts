import type { TranscriptEvent, UsageCopy } from "@agentpane/protocol";
import { word } from "./taken.ts";

/** `index` of the protocol ends here; a line with more blocks than that loses the rest of its events. */
const MAX_EVENTS_PER_LINE = 4096;
/** An event that stands for its line rather than for one block of its message. */
export const NO_BLOCK = -1;

type WithoutPlace<Event> = Event extends unknown ? Omit<Event, "at" | "offset" | "index"> : never;
/** An event before it knows where it stands. */
export type Draft = WithoutPlace<TranscriptEvent>;
type DraftOf<Kind> = Extract<Draft, { kind: Kind }>;
export type ToolResultDraft = DraftOf<"tool.result">;
export type TurnEndDraft = DraftOf<"turn.end">;
export type CompactionDraft = DraftOf<"compaction">;
export type ThinkingDraft = DraftOf<"thinking">;
export type CostDraft = DraftOf<"cost">;
export type CopyDraft = Omit<UsageCopy, "offset" | "index" | "at">;

/** What one line gives, as it grows. */
export class Reading {
  readonly offset: number;
  readonly at: number | null;
  readonly events: TranscriptEvent[] = [];
  readonly copies: UsageCopy[] = [];
  /** For each event, which block of the line's message it stands for. */
  readonly blocks: number[] = [];
  unknownType: string | null = null;

  constructor(offset: number, at: number | null) {
    this.offset = offset;
    this.at = at;
  }

  add(draft: Draft, block = NO_BLOCK): void {
    const index = this.events.length;
    if (index >= MAX_EVENTS_PER_LINE) return;
    // The draft was made for this call alone, so it may become the event itself.
    this.events.push(Object.assign(draft, { at: this.at, offset: this.offset, index }));
    this.blocks.push(block);
  }

  copy(draft: CopyDraft, at = this.at): void {
    this.copies.push(Object.assign(draft, { offset: this.offset, index: this.copies.length, at }));
  }

  /** A line or a part of one that stands for nothing else. */
  note(type: string, summary: string, known: boolean, block = NO_BLOCK): void {
    const name = word(type) ?? "untyped";
    this.add(
      known ? { kind: "note", type: name, summary } : { kind: "note", type: name, summary, unknown: true },
      block,
    );
    if (!known) this.unknownType = name;
  }
}
