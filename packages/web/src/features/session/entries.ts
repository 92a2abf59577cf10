import type { EventKind, SessionEvent } from "@agentpane/protocol";
import { eventKey } from "../../live/transcript.ts";

export type EventOf<K extends EventKind> = Extract<SessionEvent, { kind: K }>;

/** A tool call and what came of it; either may stand outside of what is loaded. */
export interface Call {
  id: string;
  tool: string | null;
  event: EventOf<"tool.call"> | null;
  result: EventOf<"tool.result"> | null;
  /** The newest sign of life while it runs. */
  progress: EventOf<"progress"> | null;
  /** The subagent that it started, where a line names it. */
  subagent: string | null;
}

/** One line that opens on demand. */
export type Fold =
  | { kind: "thinking"; key: string; event: EventOf<"thinking"> }
  | { kind: "words"; key: string; event: EventOf<"prompt"> }
  | { kind: "calls"; key: string; tool: string; calls: Call[] }
  | { kind: "notes"; key: string; events: SessionEvent[] };

export type MarkEvent = EventOf<
  | "turn.end"
  | "interrupt"
  | "title"
  | "mode"
  | "compaction"
  | "api.error"
  | "subagent.start"
  | "subagent.end"
  | "cost"
  | "malformed"
>;

/** What stands in the transcript as one thing. */
export type Entry = { key: string; at: number | null } & (
  | { kind: "prompt"; event: EventOf<"prompt"> }
  | { kind: "answer"; event: EventOf<"text"> }
  | { kind: "call"; call: Call }
  | { kind: "folds"; folds: Fold[] }
  | { kind: "mark"; event: MarkEvent }
  | { kind: "day" }
);

/** Tools that only look; their results are long and rarely wanted. */
const QUIET_TOOLS = new Set([
  "Read",
  "Grep",
  "Glob",
  "LS",
  "ToolSearch",
  "TaskList",
  "TaskGet",
  "BashOutput",
  "ListMcpResourcesTool",
]);
/** Folds in one entry: it is measured and drawn as a whole. */
const MAX_FOLDS = 40;

/**
 * Events, in transcript order, as what is shown. A call and its result become one; what only looks, thinks or notes is
 * folded together with its neighbours. Nothing is merged across a seam, so that what stands keeps its key when history is
 * put before it.
 */
export function toEntries(events: readonly SessionEvent[], seams: ReadonlySet<string>): Entry[] {
  const builder = new EntryBuilder();
  for (const event of events) {
    const key = eventKey(event);
    if (seams.has(key)) builder.breakFolds();
    builder.add(event, key);
  }
  return builder.entries;
}

class EntryBuilder {
  readonly entries: Entry[] = [];
  readonly #calls = new Map<string, Call>();
  #folds: Fold[] | null = null;
  #day: string | null = null;
  #title: string | null = null;
  readonly #modes = new Map<string, string>();

  breakFolds(): void {
    this.#folds = null;
  }

  add(event: SessionEvent, key: string): void {
    switch (event.kind) {
      case "prompt":
        // A subagent is prompted by the session that started it.
        if (event.origin === "human" || (event.subagent !== null && event.origin === "peer"))
          this.#push({ kind: "prompt", key, at: event.at, event });
        else this.#fold({ kind: "words", key, event }, event.at);
        return;
      case "text":
        this.#push({ kind: "answer", key, at: event.at, event });
        return;
      case "thinking":
        this.#fold({ kind: "thinking", key, event }, event.at);
        return;
      case "tool.call":
        this.#addCall(event, key);
        return;
      case "tool.result":
        this.#addResult(event, key);
        return;
      case "progress":
        this.#addProgress(event, key);
        return;
      case "subagent.start":
      case "subagent.end": {
        const call = event.call === null ? undefined : this.#calls.get(event.call);
        if (call !== undefined) call.subagent = event.agent ?? call.subagent;
        else this.#push({ kind: "mark", key, at: event.at, event });
        return;
      }
      case "note":
      case "queue":
        this.#addNote(event, key);
        return;
      // Agents write these down again with every turn; only a change is worth a line.
      case "title":
        if (event.title === this.#title) this.#addNote(event, key);
        else this.#push({ kind: "mark", key, at: event.at, event });
        this.#title = event.title;
        return;
      case "mode": {
        const before = this.#modes.get(event.what);
        this.#modes.set(event.what, event.mode);
        if (before === undefined || before === event.mode) this.#addNote(event, key);
        else this.#push({ kind: "mark", key, at: event.at, event });
        return;
      }
      // The first is told by the calls that change the list, the second by what it carried.
      case "todo":
      case "response":
        return;
      default:
        this.#push({ kind: "mark", key, at: event.at, event });
    }
  }

  #addCall(event: EventOf<"tool.call">, key: string): void {
    const call: Call = { id: event.call, tool: event.tool, event, result: null, progress: null, subagent: null };
    this.#calls.set(event.call, call);
    if (!QUIET_TOOLS.has(event.tool)) {
      this.#push({ kind: "call", key, at: event.at, call });
      return;
    }
    const last = this.#folds?.at(-1);
    if (last?.kind === "calls" && last.tool === event.tool) last.calls.push(call);
    else this.#fold({ kind: "calls", key, tool: event.tool, calls: [call] }, event.at);
  }

  #addResult(event: EventOf<"tool.result">, key: string): void {
    const call = this.#calls.get(event.call);
    if (call !== undefined && call.result === null) {
      call.result = event;
      call.subagent = event.agent ?? call.subagent;
      return;
    }
    const subagent = event.agent ?? null;
    const orphan: Call = { id: event.call, tool: null, event: null, result: event, progress: null, subagent };
    this.#push({ kind: "call", key, at: event.at, call: orphan });
  }

  #addProgress(event: EventOf<"progress">, key: string): void {
    const call = event.call === null ? undefined : this.#calls.get(event.call);
    if (call !== undefined) call.progress = event;
    else this.#addNote(event, key);
  }

  #addNote(event: SessionEvent, key: string): void {
    const last = this.#folds?.at(-1);
    if (last?.kind === "notes") last.events.push(event);
    else this.#fold({ kind: "notes", key, events: [event] }, event.at);
  }

  #fold(fold: Fold, at: number | null): void {
    this.#turnDay(at, fold.key);
    if (this.#folds === null || this.#folds.length >= MAX_FOLDS) {
      this.#folds = [];
      this.entries.push({ kind: "folds", key: fold.key, at, folds: this.#folds });
    }
    this.#folds.push(fold);
  }

  #push(entry: Entry): void {
    this.#turnDay(entry.at, entry.key);
    this.#folds = null;
    this.entries.push(entry);
  }

  /** A line between days, in the reader's time zone; none before the first entry. */
  #turnDay(at: number | null, key: string): void {
    if (at === null) return;
    const day = new Date(at).toDateString();
    if (this.#day !== null && day !== this.#day) {
      this.#folds = null;
      this.entries.push({ kind: "day", key: `day ${key}`, at });
    }
    this.#day = day;
  }
}
