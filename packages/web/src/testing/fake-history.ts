import type { EventsPage, LiveServerFrame, SessionEvent } from "@agentpane/protocol";
import type { ApiError } from "../api/errors.ts";
import { Transcript } from "../live/transcript.ts";
import { FakeTimers } from "./fake-timers.ts";
import { madeText } from "./made.ts";

type EventsFrame = Extract<LiveServerFrame, { type: "events" }>;
type Place = { after: string } | { before: string } | { around: string };

/** A server that holds one transcript; a place is the number of events before it. */
export class FakeHistory {
  readonly timers = new FakeTimers();
  events: SessionEvent[];
  calls: Place[] = [];
  failWith: ApiError | null = null;
  /** Events that the feed told of and the history does not show yet. */
  hidden = 0;
  #watcher: ((frame: EventsFrame) => void) | null = null;
  #told = 0;

  constructor(count: number) {
    this.events = Array.from({ length: count }, (_, i) => madeText(i * 10, `event ${i}`));
  }

  readonly fetchPage = async (place: Place, limit: number): Promise<EventsPage & { bytes: number }> => {
    this.calls.push(place);
    if (this.failWith !== null) throw this.failWith;
    const shown = this.events.slice(0, this.events.length - this.hidden);
    if ("around" in place) return this.#page(shown, Math.max(0, Number(place.around) - limit / 2), limit);
    const to = "before" in place ? (place.before === "end" ? shown.length : Number(place.before)) : null;
    const from =
      to === null ? ("after" in place && place.after !== "start" ? Number(place.after) : 0) : Math.max(0, to - limit);
    return this.#page(shown, from, (to ?? from + limit) - from);
  };

  #page(shown: SessionEvent[], from: number, count: number): EventsPage & { bytes: number } {
    const events = shown.slice(from, from + count);
    const end = from + events.length;
    return {
      events,
      next: end < shown.length ? String(end) : null,
      previous: from > 0 ? String(from) : null,
      end: String(end),
      bytes: 100 * events.length,
    };
  }

  readonly watch = (after: string, onEvents: (frame: EventsFrame) => void): (() => void) => {
    this.#watcher = onEvents;
    this.#told = after === "start" ? 0 : after === "end" ? this.events.length : Number(after);
    return () => {
      this.#watcher = null;
    };
  };

  append(...texts: string[]): void {
    for (const text of texts) this.events.push(madeText(this.events.length * 10, text));
  }
  /** The feed tells of everything that it has not told of yet. */
  tell(change: Partial<EventsFrame> = {}): void {
    const events = this.events.slice(this.#told);
    this.#told = this.events.length;
    this.#watcher?.({ type: "events", session: "s1", subagent: null, events, next: String(this.#told), ...change });
  }
  get watched(): boolean {
    return this.#watcher !== null;
  }
}

export function openTranscript(history: FakeHistory): Transcript {
  return new Transcript({
    session: "s1",
    subagent: null,
    timers: history.timers,
    fetchPage: history.fetchPage,
    watch: history.watch,
  });
}

/** Lets every promise that can go on go on. */
export async function settlePromises(): Promise<void> {
  for (let i = 0; i < 50; i += 1) await Promise.resolve();
}

export const textsOf = (transcript: Transcript) =>
  transcript.getSnapshot().events.map((event) => (event.kind === "text" ? event.summary : event.kind));
