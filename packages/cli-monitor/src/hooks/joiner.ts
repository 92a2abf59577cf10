import type { HookFormat, HookSign } from "@agentpane/agents";
import { TranscriptSigns } from "./transcript-signs.ts";

type Result = Extract<HookSign, { kind: "result" }>;

/** A call that was asked about and is over may still be written down; so long its request keeps its place in the order. */
const GHOST_MS = 10_000;
/** How much of a transcript is looked through for a call, besides twice its input: the call is among the last lines. */
const TAIL_BYTES = 256 * 1024;
/** Calls without a result that one transcript is remembered with. */
const MAX_OPEN_CALLS = 1_000;
/** Calls that belonged to a request, of all transcripts. */
const MAX_TAKEN = 5_000;

export interface JoinedRequest {
  readonly id: string;
  readonly transcript: string;
  readonly tool: string;
  readonly inputSha256: string;
  readonly inputBytes: number;
}

interface Entry {
  request: JoinedRequest;
  call: string | null;
  /** When its request was let go; null while it is held. */
  overAt: number | null;
}

interface Transcript {
  signs: TranscriptSigns;
  /** Without a result, in their order. */
  calls: Map<string, { tool: string; inputSha256: string }>;
  /** In the order of their opening. */
  entries: Entry[];
}

export interface JoinerOptions {
  format: HookFormat;
  onJoined: (id: string, call: string) => void;
  onResult: (id: string, result: Result) => void;
  now: () => number;
}

/**
 * Finds the transcript's tool call of each request, by tool and input within the session's or the subagent's own transcript, and
 * tells when that call has its result. Request and line may come in either order. Requests of one transcript get its calls
 * in order, and each call once, so that identical ones are never taken for each other.
 */
export class Joiner {
  readonly #options: JoinerOptions;
  readonly #transcripts = new Map<string, Transcript>();
  readonly #taken = new Set<string>();

  constructor(options: JoinerOptions) {
    this.#options = options;
  }

  /** A call whose result is written already is not what is asked now. */
  add(request: JoinedRequest): void {
    const { transcript: path, inputBytes } = request;
    let transcript = this.#transcripts.get(path);
    if (transcript === undefined) {
      const tail = TAIL_BYTES + 2 * inputBytes;
      const signs = new TranscriptSigns(path, this.#options.format, tail);
      transcript = { signs, calls: new Map(), entries: [] };
      this.#transcripts.set(path, transcript);
    }
    this.#read(transcript);
    transcript.entries.push({ request, call: null, overAt: null });
    this.#join(transcript);
  }

  /** The request was let go. */
  remove({ id, transcript: path }: JoinedRequest): void {
    const entry = this.#transcripts.get(path)?.entries.find(({ request }) => request.id === id);
    if (entry !== undefined) entry.overAt = this.#options.now();
  }

  /** Reads what was written since the last look, wherever a request waits for it, or in one transcript `only`. */
  look(only?: string): void {
    const now = this.#options.now();
    for (const [path, transcript] of this.#transcripts) {
      if (only !== undefined && path !== only) continue;
      this.#read(transcript);
      transcript.entries = transcript.entries.filter(({ overAt }) => overAt === null || now - overAt < GHOST_MS);
      if (transcript.entries.length === 0) this.#transcripts.delete(path);
    }
  }

  #read(transcript: Transcript): void {
    const results: Result[] = [];
    for (const sign of transcript.signs.next()) {
      if (sign.kind === "call" && !this.#taken.has(sign.id) && transcript.calls.size < MAX_OPEN_CALLS) {
        transcript.calls.set(sign.id, sign);
      }
      if (sign.kind === "result") results.push(sign);
    }
    this.#join(transcript);
    for (const result of results) {
      transcript.calls.delete(result.id);
      const at = transcript.entries.findIndex(({ call }) => call === result.id);
      const [entry] = at < 0 ? [] : transcript.entries.splice(at, 1);
      if (entry?.overAt === null) this.#options.onResult(entry.request.id, result);
    }
  }

  #join({ calls, entries }: Transcript): void {
    for (const entry of entries) {
      if (entry.call !== null) continue;
      const { tool, inputSha256 } = entry.request;
      for (const [id, call] of calls) {
        if (call.tool !== tool || call.inputSha256 !== inputSha256 || this.#taken.has(id)) continue;
        entry.call = id;
        this.#take(id);
        if (entry.overAt === null) this.#options.onJoined(entry.request.id, id);
        break;
      }
    }
  }

  #take(id: string): void {
    this.#taken.add(id);
    const [oldest] = this.#taken;
    if (this.#taken.size > MAX_TAKEN && oldest !== undefined) this.#taken.delete(oldest);
  }
}
