import { AgentPaneError } from "@agentpane/protocol";
import type { ChannelNews, RequestNews } from "../store/contract.ts";
import type { Answer, Call } from "../store/rpc.ts";
import { type ReadBody, readBody } from "./body.ts";
import { Rebuild } from "./rebuild.ts";
import type { WriterOperations } from "./writer.ts";

/** Bodies that share a transaction: many small ones gain by it, large ones would only wait for each other. */
const MAX_GROUP_BODIES = 64;
const MAX_GROUP_NEWS = 64;
const MAX_GROUP_BYTES = 1024 * 1024;
/** Bodies up to this size are live lines, or as quickly done: they go ahead of the past that waits with them. */
const SMALL_BODY_BYTES = 64 * 1024;

/** Calls that count responses, which needs prices. */
const COUNTING_CALLS: ReadonlySet<string> = new Set([
  "ingest",
  "deleteSession",
  "reindex",
  "saveSettings",
  "savePrices",
]);

/** News of channels, which go in groups; those of processes first. */
const NEWS_CALLS = ["presence", "requestNews"] as const;
type NewsCall = (typeof NEWS_CALLS)[number];
const DECISION_CALLS: ReadonlySet<string> = new Set(["claimRequest", "releaseRequest"]);

interface Waiting {
  call: Call;
  answer: Answer;
}

/**
 * The writer thread's calls; bodies that wait together are committed together. In the order they came, but that small
 * bodies overtake: a monitor sends no segment of a source before the one before it was answered, so nothing is torn.
 */
export class WriterQueue {
  readonly #operations: WriterOperations;
  readonly #close: () => void;
  #waiting: Waiting[] = [];
  #rebuild: (Waiting & { work: Rebuild }) | null = null;
  #scheduled = false;
  /** Calls that wait for prices, which load with the first of them. */
  #held: Waiting[] = [];
  #closed = false;
  /** The latest time that a caller told. */
  #now = 0;

  constructor(operations: WriterOperations, close: () => void) {
    this.#operations = operations;
    this.#close = close;
  }

  take(call: Call, answer: Answer): void {
    this.#now = Math.max(this.#now, call.now);
    const { counting } = this.#operations.committer;
    if (!counting.isReady && COUNTING_CALLS.has(call.method)) {
      this.#held.push({ call, answer });
      this.#load();
      return;
    }
    // What the last server left to count goes on when a monitor is heard again, and not while this one starts.
    if (!counting.isReady && call.method === "heartbeat" && counting.hasWork()) this.#load();
    this.#waiting.push({ call, answer });
    this.#schedule();
  }

  #load(): void {
    this.#operations.committer.counting.ready().then(
      () => {
        this.#waiting.unshift(...this.#held.splice(0));
        this.#schedule();
      },
      (error: unknown) => {
        for (const { answer } of this.#held.splice(0)) answer({ error });
      },
    );
  }

  /** After all messages that are there already, so that bodies find their group. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#next();
      this.#stepRebuild();
      const counts = this.#stepCounting();
      if (this.#waiting.length > 0 || this.#rebuild !== null || counts) this.#schedule();
    });
  }

  #next(): void {
    if (this.#nextUrgent()) return;
    const group = this.#takeBodies();
    if (group.length > 0) this.#ingest(group);
    else {
      const waiting = this.#waiting.shift();
      if (waiting !== undefined) this.#run(waiting);
    }
  }

  /** What a person waits for goes before any line: decisions, requests, statuses. False where none waits. */
  #nextUrgent(): boolean {
    const decision = this.#waiting.find(({ call }) => DECISION_CALLS.has(call.method));
    // Behind the news that came before it: it may be about them.
    const ahead = decision === undefined ? this.#waiting : this.#waiting.slice(0, this.#waiting.indexOf(decision));
    for (const method of NEWS_CALLS) {
      const news = ahead.filter(({ call }) => call.method === method).slice(0, MAX_GROUP_NEWS);
      if (news.length === 0) continue;
      this.#tellNews(method, news);
      return true;
    }
    if (decision === undefined) return false;
    this.#waiting = this.#waiting.filter((waiting) => waiting !== decision);
    this.#run(decision);
    return true;
  }

  /** All that waits of it, in one transaction. */
  #tellNews(method: NewsCall, group: readonly Waiting[]): void {
    const taken = new Set(group);
    this.#waiting = this.#waiting.filter((waiting) => !taken.has(waiting));
    const known: Waiting[] = [];
    for (const waiting of group) {
      const [news] = waiting.call.args as [ChannelNews | RequestNews];
      if (news.type === "restart" || this.#operations.committer.machines.knows(news.machine)) known.push(waiting);
      else {
        const message = "The machine must register before it tells of its processes and requests.";
        waiting.answer({ error: new AgentPaneError("conflict", message) });
      }
    }
    if (known.length === 0) return;
    try {
      const now = Math.max(...known.map(({ call }) => call.now));
      const news = known.map(({ call }) => call.args[0]);
      const answers =
        method === "presence"
          ? this.#operations.presence(news as ChannelNews[], now)
          : this.#operations.requestNews(news as RequestNews[], now);
      for (const [index, { answer }] of known.entries()) answer({ value: answers[index] });
    } catch (error) {
      for (const { answer } of known) answer({ error });
    }
  }

  /** Small bodies first; then, where one is at the head, larger ones in their order. */
  #takeBodies(): Waiting[] {
    const small = this.#waiting.filter((waiting) => bodyBytes(waiting) <= SMALL_BODY_BYTES).slice(0, MAX_GROUP_BODIES);
    if (small.length > 0) {
      const taken = new Set(small);
      this.#waiting = this.#waiting.filter((waiting) => !taken.has(waiting));
      return small;
    }
    let bytes = 0;
    let count = 0;
    for (const waiting of this.#waiting) {
      if (bodyBytes(waiting) === Number.POSITIVE_INFINITY || count === MAX_GROUP_BODIES) break;
      bytes += bodyBytes(waiting);
      if (count > 0 && bytes > MAX_GROUP_BYTES) break;
      count++;
    }
    return this.#waiting.splice(0, count);
  }

  #ingest(group: readonly Waiting[]): void {
    const bodies: { machine: string; body: ReadBody; answer: Answer }[] = [];
    let now = 0;
    for (const { call, answer } of group) {
      try {
        const [body, machine] = call.args as [Uint8Array, string];
        if (!this.#operations.committer.machines.knows(machine)) {
          throw new AgentPaneError("conflict", "The machine must register before it sends segments.");
        }
        const read = readBody(body);
        if (read.bootId !== null && !this.#operations.committer.machines.isStart(machine, read.bootId)) {
          throw new AgentPaneError("conflict", "Another start of this monitor registered since. Register again.");
        }
        bodies.push({ machine, body: read, answer });
        now = Math.max(now, call.now);
      } catch (error) {
        answer({ error });
      }
    }
    if (bodies.length === 0) return;
    try {
      const answers = this.#operations.ingest(bodies, now);
      for (const [index, { answer }] of bodies.entries()) answer({ value: answers[index] });
    } catch (error) {
      for (const { answer } of bodies) answer({ error });
    }
  }

  /** One source after each turn of what waits: live lines never wait for more than one. */
  #stepRebuild(): void {
    if (this.#rebuild === null) return;
    const { work, answer } = this.#rebuild;
    try {
      if (work.step(this.#now)) return;
      answer({ value: work.finish(this.#now) });
    } catch (error) {
      answer({ error });
    }
    this.#rebuild = null;
  }

  /** One slice of history that is to be counted or priced anew; false where there is none. */
  #stepCounting(): boolean {
    const { committer } = this.#operations;
    if (this.#closed || !committer.counting.isReady || !committer.counting.hasWork()) return false;
    try {
      committer.countSlice(this.#now);
      return true;
    } catch {
      // A full disk, say: the next call tries again.
      return false;
    }
  }

  #beginRebuild(waiting: Waiting): void {
    if (this.#rebuild !== null) throw new AgentPaneError("conflict", "A rebuild is running already.");
    this.#rebuild = { ...waiting, work: new Rebuild(this.#operations.committer) };
  }

  #run({ call, answer }: Waiting): void {
    try {
      if (call.method === "reindex") {
        this.#beginRebuild({ call, answer });
        return;
      }
      if (call.method === "close") {
        this.#rebuild?.answer({
          error: new AgentPaneError("not_ready", "The store closes before the rebuild is done."),
        });
        this.#rebuild = null;
        for (const held of this.#held.splice(0)) held.answer({ error: closing() });
        this.#closed = true;
        this.#close();
        answer({ value: null });
        return;
      }
      const operation = this.#operations[call.method as keyof WriterOperations] as (...args: unknown[]) => unknown;
      answer({ value: operation.call(this.#operations, ...call.args, call.now) });
    } catch (error) {
      answer({ error });
    }
  }
}

function closing(): AgentPaneError {
  return new AgentPaneError("not_ready", "The store closes.", { retryAfterSeconds: 1 });
}

/** Infinity for what is no body. */
function bodyBytes({ call }: Waiting): number {
  return call.method === "ingest" ? (call.args[0] as Uint8Array).byteLength : Number.POSITIVE_INFINITY;
}
