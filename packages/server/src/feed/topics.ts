import { AgentPaneError } from "@agentpane/protocol";
import type { Clock } from "../access/index.ts";
import type { CommitChanges, Reader } from "../store/contract.ts";
import { Frame } from "./frame.ts";
import { COALESCE_MS } from "./hub.ts";
import { MAX_STALL_MS, MAX_WAITING_BYTES, type Pipe } from "./pipe.ts";

/** Transcripts that one reader may watch at a time. */
export const MAX_WATCHES_PER_READER = 16;
/** Events read and sent at a time while a watcher catches up. */
const EVENTS_PER_FRAME = 500;

interface Topic {
  session: string;
  subagent: string | null;
  /** Each watcher with the place after the last event it got. */
  places: Map<Pipe, string>;
  /** Watchers that were never answered: they get one frame even where there is nothing to tell. */
  unanswered: Set<Pipe>;
  reading: boolean;
  again: boolean;
}

export interface TopicsOptions {
  reader: Reader;
  clock: Clock;
  onFault(error: unknown): void;
}

/**
 * Watchers of transcripts. Each keeps its own place, so catching up, following and having been too slow are one thing:
 * read on from there. Watchers at the same place share one read and one encoding.
 */
export class Topics {
  readonly #reader: Reader;
  readonly #clock: Clock;
  readonly #onFault: (error: unknown) => void;
  readonly #topics = new Map<string, Topic>();
  readonly #watched = new Map<Pipe, Set<string>>();
  readonly #slow = new WeakSet<Pipe>();

  constructor(options: TopicsOptions) {
    this.#reader = options.reader;
    this.#clock = options.clock;
    this.#onFault = options.onFault;
  }

  /** Watching again starts from the new place. False where the reader already watches as many as it may. */
  watch(pipe: Pipe, session: string, subagent: string | null, after: string): boolean {
    const key = topicKey(session, subagent);
    const watched = this.#watched.get(pipe) ?? new Set();
    if (!watched.has(key) && watched.size >= MAX_WATCHES_PER_READER) return false;
    watched.add(key);
    this.#watched.set(pipe, watched);
    let topic = this.#topics.get(key);
    if (topic === undefined) {
      topic = { session, subagent, places: new Map(), unanswered: new Set(), reading: false, again: false };
      this.#topics.set(key, topic);
    }
    topic.places.set(pipe, after);
    topic.unanswered.add(pipe);
    this.#wake(topic);
    return true;
  }

  unwatch(pipe: Pipe, session: string, subagent: string | null): void {
    this.#leave(pipe, topicKey(session, subagent));
  }

  detach(pipe: Pipe): void {
    for (const key of this.#watched.get(pipe) ?? []) this.#leave(pipe, key);
  }

  changed(changes: CommitChanges): void {
    for (const { session, subagent } of changes.grown) {
      const topic = this.#topics.get(topicKey(session, subagent));
      if (topic !== undefined) this.#wake(topic);
    }
  }

  #leave(pipe: Pipe, key: string): void {
    const watched = this.#watched.get(pipe);
    watched?.delete(key);
    if (watched?.size === 0) this.#watched.delete(pipe);
    const topic = this.#topics.get(key);
    topic?.places.delete(pipe);
    topic?.unanswered.delete(pipe);
    if (topic?.places.size === 0) this.#topics.delete(key);
  }

  #wake(topic: Topic): void {
    topic.again = true;
    if (topic.reading) return;
    topic.reading = true;
    this.#read(topic)
      .catch(this.#onFault)
      .finally(() => {
        // What came while this ran, or within the coalescing time after it, is read together.
        this.#clock.after(COALESCE_MS, () => {
          topic.reading = false;
          if (topic.again) this.#wake(topic);
        });
      });
  }

  async #read(topic: Topic): Promise<void> {
    let more = true;
    while (more) {
      topic.again = false;
      const groups = Map.groupBy(topic.places, ([, place]) => place);
      const reads = [...groups].map(([place, members]) => {
        return this.#readFrom(
          topic,
          place,
          members.map(([pipe]) => pipe),
        );
      });
      more = (await Promise.all(reads)).includes(true);
    }
  }

  /** Whether these watchers have more to read at once. */
  async #readFrom(topic: Topic, place: string, pipes: Pipe[]): Promise<boolean> {
    const ready = pipes.filter((pipe) => this.#canTake(pipe));
    if (ready.length === 0) return false;
    const { session, subagent } = topic;
    const page = await this.#reader.eventsAfter(session, subagent, place, EVENTS_PER_FRAME).catch((error: unknown) => {
      if (error instanceof AgentPaneError && error.code === "session_deleted") return error;
      throw error;
    });
    // Those who left or chose another place while it was read are none of this group's any more.
    const still = ready.filter((pipe) => topic.places.get(pipe) === place);
    if (page === null) {
      const words = subagent === null ? "There is no such session." : "There is no such subagent.";
      this.#refuse(topic, still, new AgentPaneError("not_found", words));
      return false;
    }
    if (page instanceof AgentPaneError) {
      this.#refuse(topic, still, page);
      return false;
    }
    let frame: Frame | null = null;
    for (const pipe of still) {
      topic.places.set(pipe, page.next);
      const first = topic.unanswered.delete(pipe);
      if (!first && page.events.length === 0 && !page.reset) continue;
      frame ??= new Frame({
        type: "events",
        session,
        subagent,
        events: page.events,
        next: page.next,
        ...(page.reset ? { reset: true } : {}),
      });
      pipe.write(frame);
    }
    return page.more && still.length > 0;
  }

  /** False for a reader that has enough to take already; it is read on for once it took that. */
  #canTake(pipe: Pipe): boolean {
    if (pipe.closed) {
      this.detach(pipe);
      return false;
    }
    if (pipe.waitingBytes <= MAX_WAITING_BYTES) return true;
    if (this.#slow.has(pipe)) return false;
    this.#slow.add(pipe);
    const cancel = this.#clock.after(MAX_STALL_MS, () => pipe.destroy());
    pipe.whenDrained(() => {
      cancel();
      this.#slow.delete(pipe);
      for (const key of this.#watched.get(pipe) ?? []) {
        const topic = this.#topics.get(key);
        if (topic !== undefined) this.#wake(topic);
      }
    });
    return false;
  }

  #refuse(topic: Topic, pipes: Pipe[], { code, message }: AgentPaneError): void {
    const frame = new Frame({ type: "error", code, message });
    for (const pipe of pipes) {
      this.#leave(pipe, topicKey(topic.session, topic.subagent));
      pipe.write(frame);
    }
  }
}

function topicKey(session: string, subagent: string | null): string {
  return JSON.stringify([session, subagent]);
}
