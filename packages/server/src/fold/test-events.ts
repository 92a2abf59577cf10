import type { LineContext, TranscriptEvent } from "@agentpane/protocol";
import { foldLines } from "./fold-source.ts";
import { emptyState, type SourceState } from "./source-state.ts";

/** For tests: events by hand, a line each, at offsets 0, 100, 200 ... */

type Kind = TranscriptEvent["kind"];
type Fields<K extends Kind> = Omit<Extract<TranscriptEvent, { kind: K }>, "kind" | "offset" | "index" | "at">;

const LINE_BYTES = 100;

/** Events in the order they are added; an event added with `sameLine` stands on the line of the one before. */
export class Events {
  readonly list: TranscriptEvent[] = [];
  readonly contexts: LineContext[] = [];

  add<K extends Kind>(kind: K, at: number | null, fields: Fields<K>): this {
    const offset = (this.list.at(-1)?.offset ?? -LINE_BYTES) + LINE_BYTES;
    this.list.push({ kind, at, offset, index: 0, ...fields } as unknown as TranscriptEvent);
    return this;
  }

  /** On the line of the event before. */
  also<K extends Kind>(kind: K, fields: Fields<K>): this {
    const last = this.list.at(-1);
    if (last === undefined) throw new Error("nothing before it");
    const { at, offset, index } = last;
    this.list.push({ kind, at, offset, index: index + 1, ...fields } as unknown as TranscriptEvent);
    return this;
  }

  prompt(at: number | null, text = "do it"): this {
    return this.add("prompt", at, { origin: "human", summary: text, chars: text.length, images: 0 });
  }

  call(at: number | null, call: string, tool: string, summary = ""): this {
    this.add("tool.call", at, { response: `m-${call}`, call, tool, summary, chars: 2 });
    return this.also("response", responseOf(`m-${call}`, "tool_use"));
  }

  result(at: number | null, call: string): this {
    return this.add("tool.result", at, { call, isError: false, summary: "", chars: 0, images: 0 });
  }

  /** The last words of a turn. */
  answer(at: number | null, text = "Done.", stopReason: string | null = "end_turn"): this {
    this.add("text", at, { response: "m-last", summary: text, chars: text.length });
    return this.also("response", responseOf("m-last", stopReason));
  }

  context(context: Omit<LineContext, "offset">): this {
    this.contexts.push({ offset: (this.list.at(-1)?.offset ?? -LINE_BYTES) + LINE_BYTES, ...context });
    return this;
  }

  state(): SourceState {
    const state = emptyState();
    foldLines(state, this.contexts, this.list);
    return state;
  }
}

export function responseOf(response: string, stopReason: string | null, model = "claude-opus-4-6") {
  return { response, model, stopReason, contextTokens: 10, outputTokens: 5 };
}
