import type { TimelineLane, TimelineMark, TimelineSpan, TimelineWait, TranscriptEvent } from "@agentpane/protocol";
import type { EventPosition } from "../store/events.ts";
import { BEGINNING } from "./places.ts";

/** Calls without a result that are remembered; of more, the oldest stay without an end. */
const MAX_OPEN_CALLS = 1_000;
/** A person's decision, in the agent's own word: "user_temporary", "user_permanent", "user_reject". */
const PERSON = "user_";
/** How a person's refusal was told before lines said who decided. */
const REFUSED_BY_PERSON = "The user doesn't want to";

const LANES: ReadonlyMap<string, TimelineLane> = new Map<string, TimelineLane>([
  ...lane("bash", "Bash", "PowerShell", "BashOutput", "KillShell", "KillBash"),
  ...lane("edit", "Edit", "Write", "MultiEdit", "NotebookEdit"),
  ...lane("read", "Read", "Grep", "Glob", "LS", "NotebookRead"),
  ...lane("web", "WebFetch", "WebSearch", "ListMcpResourcesTool", "ReadMcpResourceTool"),
  ...lane("agent", "Agent", "Task"),
  ...lane("ask", "AskUserQuestion", "ExitPlanMode"),
]);

function lane(of: TimelineLane, ...tools: string[]): [string, TimelineLane][] {
  return tools.map((tool) => [tool, of]);
}

function laneOf(tool: string): TimelineLane {
  return LANES.get(tool) ?? (tool.startsWith("mcp__") ? "web" : "other");
}

interface OpenCall {
  span: TimelineSpan;
  wait: TimelineWait | null;
}

/**
 * One transcript along its time. Events are added in transcript order; one without a time has the last one's, and an end
 * that lies before its beginning (clocks run backwards) is its beginning.
 */
export class TranscriptSpans {
  readonly spans: TimelineSpan[] = [];
  readonly waits: TimelineWait[] = [];
  readonly marks: TimelineMark[] = [];
  /** What stood in the context window, at each answer and around each compaction. */
  readonly context: { at: number; tokens: number }[] = [];
  /** Behind the last event that was added. */
  position: EventPosition = BEGINNING;
  first: number | null = null;
  last: number | null = null;

  readonly #place: (position: EventPosition) => string;
  readonly #agent: string | null;
  readonly #calls = new Map<string, OpenCall>();
  #now: number | null = null;
  /** When the model was last given something to answer; null where nothing waits for it. */
  #asked: number | null = null;
  /** The answer that is being written, by its id. */
  #model: { response: string | null; span: TimelineSpan } | null = null;

  constructor(agent: string | null, place: (position: EventPosition) => string) {
    this.#agent = agent;
    this.#place = place;
  }

  add(event: TranscriptEvent): void {
    this.position = { offset: event.offset, index: event.index };
    if (event.at !== null) {
      this.#now = event.at;
      this.first = Math.min(this.first ?? event.at, event.at);
      this.last = Math.max(this.last ?? event.at, event.at);
    }
    // What came before the first time of all has no place on the axis.
    if (this.#now === null) return;
    this.#take(event, this.#now);
  }

  #take(event: TranscriptEvent, at: number): void {
    switch (event.kind) {
      case "prompt":
        if (event.origin === "human" && event.queued !== true) this.#abandonCalls(at);
        // What a command of the client prints is read by nobody until the next prompt.
        if (event.origin !== "command" && event.origin !== "meta") this.#ask(at);
        if (event.origin === "human")
          this.marks.push({ kind: "prompt", at, ...this.#where(event), summary: event.summary });
        return;
      case "text":
      case "thinking":
        this.#answer(event, at);
        return;
      case "tool.call":
        this.#answer(event, at);
        this.#call(event, at);
        return;
      case "tool.result":
        this.#result(event, at);
        return;
      case "response":
        if (event.contextTokens > 0) this.#contextIs(at, event.contextTokens);
        return;
      case "turn.end":
        this.#stop();
        return;
      case "interrupt":
        this.#abandonCalls(at);
        if (this.#model !== null) this.#extend(at);
        this.#stop();
        this.marks.push({ kind: "interrupt", at, ...this.#where(event) });
        return;
      case "compaction": {
        const { trigger, preTokens, postTokens } = event;
        if (preTokens !== undefined) this.#contextIs(at, preTokens);
        if (postTokens !== undefined) this.#contextIs(at, postTokens);
        this.marks.push({
          kind: "compaction",
          at,
          ...this.#where(event),
          trigger,
          ...(preTokens === undefined ? {} : { preTokens }),
          ...(postTokens === undefined ? {} : { postTokens }),
        });
        return;
      }
      case "api.error":
        this.#failed(event, at);
        return;
      default:
        return;
    }
  }

  #ask(at: number): void {
    this.#asked = at;
    this.#model = null;
  }

  #stop(): void {
    this.#asked = null;
    this.#model = null;
  }

  /** A piece of an answer: the model was at work from when it was asked until now. */
  #answer(event: Extract<TranscriptEvent, { kind: "text" | "thinking" | "tool.call" }>, at: number): void {
    if (this.#model !== null && this.#model.response === event.response) {
      this.#extend(at);
    } else {
      const from = Math.min(at, this.#asked ?? this.#model?.span.to ?? at);
      const span: TimelineSpan = { lane: "model", from, to: at, ...this.#where(event) };
      this.spans.push(span);
      this.#model = { response: event.response, span };
      this.#asked = null;
    }
    const { span } = this.#model;
    if (event.kind === "text" && span.summary === undefined && event.summary !== "") {
      span.summary = event.summary;
      span.place = this.#place(event);
    }
  }

  #extend(at: number): void {
    if (this.#model === null) return;
    const { span } = this.#model;
    span.to = Math.max(span.to ?? at, at);
  }

  #call(event: Extract<TranscriptEvent, { kind: "tool.call" }>, at: number): void {
    const where = this.#where(event);
    const { call, tool, summary } = event;
    const span: TimelineSpan = { lane: laneOf(tool), from: at, to: null, ...where, call, tool, summary };
    this.spans.push(span);
    let wait: TimelineWait | null = null;
    if (span.lane === "ask") {
      const what = tool === "ExitPlanMode" ? "plan" : "question";
      wait = { from: at, to: null, ...where, what, summary };
      this.waits.push(wait);
    }
    this.#calls.set(call, { span, wait });
    if (this.#calls.size <= MAX_OPEN_CALLS) return;
    const oldest = this.#calls.keys().next().value;
    if (oldest !== undefined) this.#calls.delete(oldest);
  }

  #result(event: Extract<TranscriptEvent, { kind: "tool.result" }>, at: number): void {
    const open = this.#calls.get(event.call);
    this.#calls.delete(event.call);
    // The model answers once all that it asked for is there.
    if (this.#calls.size === 0) this.#ask(at);
    if (open === undefined) return;
    const { span, wait } = open;
    span.to = Math.max(span.from, at);
    if (event.isError) span.failed = true;
    if (event.denied === true) span.denied = true;
    if (event.decidedBy !== undefined) span.decidedBy = event.decidedBy;
    if (event.exitCode !== undefined) span.exitCode = event.exitCode;
    if (event.subagent !== undefined) span.started = event.subagent;
    if (wait !== null) wait.to = span.to;
    else this.#waitedFor(event, span);
  }

  /**
   * Time in which a person was asked for permission, only where the result proves it: a person refused, so that nothing
   * ever ran, or a person allowed and the tool says how long it took itself.
   */
  #waitedFor(event: Extract<TranscriptEvent, { kind: "tool.result" }>, span: TimelineSpan): void {
    const end = span.to ?? span.from;
    const decided = event.decidedBy?.startsWith(PERSON) === true;
    let to: number | null = null;
    if (event.denied === true && (decided || event.summary.startsWith(REFUSED_BY_PERSON))) to = end;
    else if (decided && event.durationMs !== undefined) to = end - event.durationMs;
    if (to === null || to <= span.from) return;
    const { place, agent, summary = "" } = span;
    const where = agent === undefined ? { place } : { place, agent };
    this.waits.push({ from: span.from, to, ...where, what: "permission", summary });
  }

  #failed(event: Extract<TranscriptEvent, { kind: "api.error" }>, at: number): void {
    const retry = event.retry !== undefined;
    const where = this.#where(event);
    this.marks.push({ kind: "api.error", at, ...where, summary: event.summary, retry });
    if (retry) return;
    const from = Math.min(at, this.#asked ?? at);
    this.spans.push({ lane: "model", from, to: at, ...where, summary: event.summary, failed: true });
    this.#stop();
  }

  /** Calls that never got a result: they were over by then. */
  #abandonCalls(at: number): void {
    for (const { span, wait } of this.#calls.values()) {
      span.to = Math.max(span.from, at);
      if (wait !== null) wait.to = span.to;
    }
    this.#calls.clear();
  }

  #contextIs(at: number, tokens: number): void {
    const last = this.context.at(-1);
    if (last?.tokens !== tokens || last.at !== at) this.context.push({ at, tokens });
  }

  #where(position: EventPosition): { place: string; agent?: string } {
    const place = this.#place(position);
    return this.#agent === null ? { place } : { place, agent: this.#agent };
  }
}
