import type { EventsPage, LiveServerFrame, SessionEvent } from "@agentpane/protocol";
import { ApiError } from "../api/errors.ts";
import { Observable } from "../observable.ts";
import type { Timers } from "./clock.ts";

type EventsFrame = Extract<LiveServerFrame, { type: "events" }>;

/** Full events per call, upwards and when catching up. */
const PAGE_EVENTS = 100;
const CATCH_UP_EVENTS = 500;
/** Further behind than this many calls: the tail is read anew and the gap becomes history to scroll to. */
const MAX_CATCH_UP_CALLS = 6;
/** What one open transcript may hold; while the end is followed, the oldest pages are let go. */
const MAX_EVENTS = 30_000;
const MAX_BYTES = 128 * 1024 * 1024;
const MAX_EVENTS_FOLLOWING = 5_000;
/** The feed told of events that the page of history does not have yet. */
const LAG_RETRY_MS = 200;
const MAX_LAG_RETRIES = 10;
const FAILURE_RETRY_MS = 2_000;

export interface TranscriptOptions {
  session: string;
  subagent: string | null;
  timers: Timers;
  /** Full events; rejects with `ApiError`. */
  fetchPage(
    place: { after: string } | { before: string } | { around: string },
    limit: number,
    signal: AbortSignal,
  ): Promise<EventsPage & { bytes: number }>;
  watch(after: string, onEvents: (frame: EventsFrame) => void): () => void;
}

export interface TranscriptView {
  /** `missing`: the server has no such transcript; `failed`: `error` says why, and it can be tried again. */
  phase: "loading" | "ready" | "failed" | "missing";
  error: ApiError | null;
  /** In transcript order. */
  events: readonly SessionEvent[];
  /** Keys of events before which a page of history ends: what stands on either side is not merged in display. */
  seams: ReadonlySet<string>;
  /** What stands before the first event. `full`: more than the page holds at once. */
  earlier: "none" | "more" | "loading" | "failed" | "full";
  /** What stands behind the last event: nothing, so that the end is followed; or more, when it was opened in the middle. */
  later: "none" | "more" | "loading" | "failed";
  /** Events that came at the end while the reader is in the middle. */
  missed: number;
  /** Rises when everything was read anew. */
  resets: number;
}

interface Page {
  events: SessionEvent[];
  previous: string | null;
  bytes: number;
}

/** The place of an event in its source; unique within one generation. */
export function eventKey(event: Pick<SessionEvent, "offset" | "index">): string {
  return `${event.offset}:${event.index}`;
}

/**
 * One transcript: its tail first, history upwards on demand, and what is appended as it comes. The feed carries small
 * events; they say that something is there, and the whole of it is then read over HTTP.
 */
export class Transcript extends Observable implements Disposable {
  readonly #options: TranscriptOptions;
  #abort = new AbortController();
  #pages: Page[] = [];
  #keys = new Set<string>();
  #seams = new Set<string>();
  #view: TranscriptView = {
    phase: "loading",
    error: null,
    events: [],
    seams: new Set(),
    earlier: "none",
    later: "none",
    missed: 0,
    resets: 0,
  };
  /** Everything up to here is loaded. */
  #place = "start";
  /** Frames whose events are not all loaded yet: the last event of each, and the place after it. */
  #targets: { key: string; next: string }[] = [];
  #catchingUp = false;
  /** What was there is about to be replaced: nothing is added to it any more. */
  #starting = false;
  #following = true;
  #unwatch: () => void = () => {};

  constructor(options: TranscriptOptions) {
    super();
    this.#options = options;
  }

  readonly getSnapshot = (): TranscriptView => this.#view;

  /** Reads the tail, or what stands around an event, anew if something was there. */
  readonly start = async (around: string | null = null): Promise<void> => {
    this.#stop();
    this.#starting = true;
    const { signal } = this.#abort;
    if (this.#view.events.length === 0) this.#set({ phase: "loading", error: null });
    try {
      const page = await this.#options.fetchPage(around === null ? { before: "end" } : { around }, PAGE_EVENTS, signal);
      if (signal.aborted) return;
      this.#starting = false;
      this.#pages = [];
      this.#keys.clear();
      this.#seams = new Set();
      this.#targets = [];
      this.#append(page);
      // Where the end is not named, the beginning is: events that are known already do no harm.
      this.#place = page.next ?? page.end ?? page.previous ?? "start";
      this.#set({
        phase: "ready",
        error: null,
        earlier: page.previous === null ? "none" : "more",
        later: page.next === null ? "none" : "more",
        missed: 0,
        resets: this.#view.resets + 1,
        ...this.#content(),
      });
      if (page.next === null) this.#follow();
      else this.#unwatch = this.#options.watch("end", (frame) => this.#onMissed(frame));
    } catch (error) {
      if (signal.aborted) return;
      this.#starting = false;
      // An address may be cut or made up; what it was to lead into is there all the same.
      if (around !== null && error instanceof ApiError && error.code === "invalid_request") return await this.start();
      this.#fail(error);
    }
  };

  /** Reads one page of history upwards. */
  readonly loadEarlier = async (): Promise<void> => {
    const previous = this.#pages[0]?.previous ?? null;
    if (this.#starting || previous === null || (this.#view.earlier !== "more" && this.#view.earlier !== "failed"))
      return;
    const { signal } = this.#abort;
    this.#set({ earlier: "loading" });
    try {
      const page = await this.#options.fetchPage({ before: previous }, PAGE_EVENTS, signal);
      if (signal.aborted) return;
      const first = this.#pages[0]?.events[0];
      const events = page.events.filter((event) => !this.#keys.has(eventKey(event)));
      for (const event of events) this.#keys.add(eventKey(event));
      if (first !== undefined) this.#seams = new Set(this.#seams).add(eventKey(first));
      this.#pages.unshift({ events, previous: page.previous, bytes: page.bytes });
      this.#set({ earlier: this.#whatIsEarlier(), ...this.#content() });
    } catch (error) {
      if (signal.aborted) return;
      this.#set({ earlier: "failed", error: asApiError(error) });
    }
  };

  /** Reads one page towards the end; what reaches it follows it from then on. */
  readonly loadLater = async (): Promise<void> => {
    if (this.#starting || (this.#view.later !== "more" && this.#view.later !== "failed")) return;
    const { signal } = this.#abort;
    this.#set({ later: "loading" });
    try {
      const page = await this.#options.fetchPage({ after: this.#place }, PAGE_EVENTS, signal);
      if (signal.aborted) return;
      const first = page.events[0];
      if (first !== undefined) this.#seams = new Set(this.#seams).add(eventKey(first));
      this.#append(page);
      this.#place = page.next ?? page.end ?? this.#place;
      this.#trim(MAX_EVENTS);
      const reached = page.next === null;
      if (reached) this.#follow();
      this.#set({
        later: reached ? "none" : "more",
        earlier: this.#whatIsEarlier(),
        ...(reached ? { missed: 0 } : {}),
        ...this.#content(),
      });
    } catch (error) {
      if (signal.aborted) return;
      this.#set({ later: "failed", error: asApiError(error) });
    }
  };

  /** Whether the reader looks at the end; then the oldest pages may be let go. */
  setFollowing(following: boolean): void {
    this.#following = following;
  }

  [Symbol.dispose](): void {
    this.#stop();
  }

  #stop(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#unwatch();
    this.#unwatch = () => {};
    this.#catchingUp = false;
  }

  #follow(): void {
    this.#unwatch();
    this.#unwatch = this.#options.watch(this.#place, (frame) => this.#onEvents(frame));
  }

  #onMissed(frame: EventsFrame): void {
    if (frame.reset === true) void this.start();
    else if (frame.events.length > 0) this.#set({ missed: this.#view.missed + frame.events.length });
  }

  #onEvents(frame: EventsFrame): void {
    if (frame.reset === true) {
      void this.start();
      return;
    }
    const last = frame.events.at(-1);
    if (last === undefined || this.#keys.has(eventKey(last))) {
      if (this.#targets.length === 0) this.#place = frame.next;
      return;
    }
    this.#targets.push({ key: eventKey(last), next: frame.next });
    if (!this.#catchingUp) void this.#catchUp();
  }

  async #catchUp(): Promise<void> {
    const { signal } = this.#abort;
    this.#catchingUp = true;
    try {
      let lagging = 0;
      for (let calls = 0; this.#targets.length > 0; calls += 1) {
        if (calls - lagging >= MAX_CATCH_UP_CALLS) {
          void this.start();
          return;
        }
        const page = await this.#options.fetchPage({ after: this.#place }, CATCH_UP_EVENTS, signal);
        if (signal.aborted) return;
        const grew = this.#append(page);
        this.#place = page.next ?? page.end ?? this.#place;
        while (this.#targets[0] !== undefined && this.#keys.has(this.#targets[0].key)) {
          this.#place = this.#targets[0].next;
          this.#targets.shift();
        }
        if (grew) {
          if (this.#following) this.#trim(MAX_EVENTS_FOLLOWING);
          this.#set({ earlier: this.#whatIsEarlier(), error: null, ...this.#content() });
        } else if (this.#targets.length > 0) {
          lagging += 1;
          if (lagging > MAX_LAG_RETRIES) {
            void this.start();
            return;
          }
          await new Promise<void>((resolve) => this.#options.timers.after(LAG_RETRY_MS, resolve));
          if (signal.aborted) return;
        }
      }
    } catch (error) {
      if (signal.aborted) return;
      this.#set({ error: asApiError(error) });
      this.#options.timers.after(FAILURE_RETRY_MS, () => {
        if (!signal.aborted && !this.#catchingUp && this.#targets.length > 0) void this.#catchUp();
      });
    } finally {
      if (!signal.aborted) this.#catchingUp = false;
    }
  }

  /** Adds what is new of a page that follows; whether anything was. */
  #append(page: EventsPage & { bytes: number }): boolean {
    const events = page.events.filter((event) => !this.#keys.has(eventKey(event)));
    if (events.length === 0) return false;
    for (const event of events) this.#keys.add(eventKey(event));
    this.#pages.push({ events, previous: page.previous, bytes: page.bytes });
    return true;
  }

  /** Lets the oldest pages go; they can be read again. */
  #trim(maxEvents: number): void {
    let count = this.#keys.size;
    while (this.#pages.length > 1) {
      const oldest = this.#pages[0];
      const next = this.#pages[1];
      if (oldest === undefined || next === undefined || next.previous === null) return;
      if (count <= maxEvents && this.#bytes() <= MAX_BYTES) return;
      for (const event of oldest.events) this.#keys.delete(eventKey(event));
      count -= oldest.events.length;
      this.#pages.shift();
    }
  }

  #bytes(): number {
    return this.#pages.reduce((sum, page) => sum + page.bytes, 0);
  }

  #whatIsEarlier(): TranscriptView["earlier"] {
    if ((this.#pages[0]?.previous ?? null) === null) return "none";
    return this.#keys.size >= MAX_EVENTS || this.#bytes() >= MAX_BYTES ? "full" : "more";
  }

  #content(): Pick<TranscriptView, "events" | "seams"> {
    return { events: this.#pages.flatMap((page) => page.events), seams: this.#seams };
  }

  #fail(error: unknown): void {
    const cause = asApiError(error);
    if (cause.code === "not_found" || cause.code === "session_deleted") this.#set({ phase: "missing", error: cause });
    else this.#set({ phase: this.#view.events.length > 0 ? "ready" : "failed", error: cause });
  }

  #set(change: Partial<TranscriptView>): void {
    this.#view = { ...this.#view, ...change };
    this.changed();
  }
}

function asApiError(error: unknown): ApiError {
  return error instanceof ApiError
    ? error
    : new ApiError("unreadable", "The answer could not be read.", { cause: error });
}
