import { randomBytes } from "node:crypto";
import { type FeedCursor, type InputReport, MAX_SESSIONS_PER_PAGE } from "@agentpane/protocol";
import type { Clock } from "../access/index.ts";
import type { CommitChanges, Committed, Reader } from "../store/contract.ts";
import { Frame } from "./frame.ts";
import { Pending } from "./pending.ts";
import { MAX_STALL_MS, MAX_WAITING_BYTES, type Pipe } from "./pipe.ts";
import { Ring } from "./ring.ts";

/** The first change goes at once; what follows within this time goes together. */
export const COALESCE_MS = 16;
/** The same for what a person waits for. */
export const URGENT_COALESCE_MS = 3;
/** A snapshot serves everybody who comes within this time, with the changes since. */
const SNAPSHOT_REUSE_MS = 500;

export interface HubOptions {
  reader: Reader;
  clock: Clock;
  onFault(error: unknown): void;
  /** Told of every commit's changes, for the watchers of transcripts and the sweep. */
  onChanges(changes: CommitChanges): void;
  ring?: Ring;
}

interface Place {
  /** What may wait before the reader counts as slow; a snapshot just sent raises it until it is through. */
  allowance: number;
}

/** The change feed: numbers what changed, keeps the newest of it, and sends it to everybody who reads. */
export class Hub {
  /** Random per start: numbers of another life of the server mean nothing here. */
  readonly epoch = randomBytes(9).toString("base64url");
  readonly #reader: Reader;
  readonly #clock: Clock;
  readonly #onFault: (error: unknown) => void;
  readonly #onChanges: (changes: CommitChanges) => void;
  readonly #ring: Ring;
  readonly #live = new Map<Pipe, Place>();
  readonly #pending = new Pending();
  /** Sessions in the store, as told last; null before anything was. */
  #total: number | null = null;
  /** Until then what changes is kept for the next frame; `since` the last one was sent. */
  #waiting: { since: number; urgent: boolean; cancel: () => void } | null = null;
  #snapshot: { n: number; at: number; frame: Promise<Frame> } | null = null;

  constructor(options: HubOptions) {
    this.#reader = options.reader;
    this.#clock = options.clock;
    this.#onFault = options.onFault;
    this.#onChanges = options.onChanges;
    this.#ring = options.ring ?? new Ring();
  }

  /** Waits for a commit, tells everybody what it changed, and gives its answer. */
  async commit<Answer>(committing: Promise<Committed<Answer>>): Promise<Answer> {
    const { answer, changes } = await committing;
    this.publish(changes);
    return answer;
  }

  publish(changes: CommitChanges): void {
    this.#total = changes.total;
    this.#pending.add(changes);
    this.#onChanges(changes);
    this.#send();
  }

  /** What became of words that a person sent: nothing that is stored. */
  tellInput(report: InputReport): void {
    this.#pending.addInput(report);
    this.#send();
  }

  /** Sends what `cursor` missed, or else a snapshot, and from then on every change until the pipe closes. */
  attach(pipe: Pipe, cursor: FeedCursor | null): void {
    if (cursor === null) {
      this.#restart(pipe);
      return;
    }
    const missed = cursor.epoch === this.epoch ? this.#ring.after(cursor.n) : null;
    if (missed === null) {
      const reason = cursor.epoch === this.epoch ? "evicted" : "epoch";
      pipe.write(new Frame({ type: "resync", reason }));
      this.#restart(pipe);
      return;
    }
    // One frame at least, so that whoever resumed knows that it did.
    if (missed.length === 0)
      pipe.write(this.#changesFrame(this.#ring.last, { sessions: [], removed: [], machines: [] }));
    let bytes = 0;
    for (const frame of missed) {
      pipe.write(frame);
      bytes += frame.byteLength;
    }
    this.#live.set(pipe, { allowance: MAX_WAITING_BYTES + bytes });
  }

  detach(pipe: Pipe): void {
    this.#live.delete(pipe);
  }

  close(): void {
    this.#waiting?.cancel();
    this.#waiting = null;
    this.#live.clear();
  }

  #send(): void {
    if (this.#pending.empty) return;
    if (this.#waiting === null) this.#flush();
    else if (this.#pending.urgent) this.#hurry();
  }

  #flush(): void {
    const frame = this.#changesFrame(this.#ring.last + 1, this.#pending.take());
    this.#ring.push(frame);
    for (const [pipe, place] of this.#live) this.#deliver(pipe, place, frame);
    this.#wait(COALESCE_MS);
  }

  /** What waits goes sooner, with all that came before it. */
  #hurry(): void {
    if (this.#waiting === null || this.#waiting.urgent) return;
    const { since, cancel } = this.#waiting;
    cancel();
    const left = since + URGENT_COALESCE_MS - this.#clock.now();
    if (left <= 0) this.#flush();
    else this.#wait(left, since);
  }

  #wait(ms: number, since: number | null = null): void {
    const cancel = this.#clock.after(ms, () => {
      this.#waiting = null;
      if (!this.#pending.empty) this.#flush();
    });
    this.#waiting = { since: since ?? this.#clock.now(), urgent: since !== null, cancel };
  }

  #deliver(pipe: Pipe, place: Place, frame: Frame): void {
    if (pipe.closed) {
      this.#live.delete(pipe);
      return;
    }
    const waiting = pipe.waitingBytes;
    if (waiting > place.allowance) {
      this.#dropToResync(pipe);
      return;
    }
    if (waiting === 0) place.allowance = MAX_WAITING_BYTES;
    pipe.write(frame);
  }

  /** Nothing more is sent to a slow reader until it took what it has; then it starts anew. */
  #dropToResync(pipe: Pipe): void {
    this.#live.delete(pipe);
    const cancel = this.#clock.after(MAX_STALL_MS, () => pipe.destroy());
    pipe.whenDrained(() => {
      cancel();
      if (pipe.closed) return;
      pipe.write(new Frame({ type: "resync", reason: "slow" }));
      this.#restart(pipe);
    });
  }

  #restart(pipe: Pipe): void {
    this.#sendSnapshot(pipe).catch((error) => {
      this.#onFault(error);
      // It comes again by itself, which beats a page that shows nothing.
      pipe.destroy();
    });
  }

  async #sendSnapshot(pipe: Pipe): Promise<void> {
    const { n, frame: coming } = this.#freshSnapshot();
    const frame = await coming;
    if (pipe.closed) return;
    const since = this.#ring.after(n);
    if (since === null) return this.#sendSnapshot(pipe);
    pipe.write(frame);
    let bytes = frame.byteLength;
    for (const change of since) {
      pipe.write(change);
      bytes += change.byteLength;
    }
    this.#live.set(pipe, { allowance: MAX_WAITING_BYTES + bytes });
  }

  /** Read after frame `n` was numbered, so it holds at least what `n` told; later frames repeat whole rows, harmlessly. */
  #freshSnapshot(): { n: number; frame: Promise<Frame> } {
    const now = this.#clock.now();
    const kept = this.#snapshot;
    if (kept !== null && now - kept.at < SNAPSHOT_REUSE_MS && this.#ring.after(kept.n) !== null) return kept;
    const n = this.#ring.last;
    const fresh = { n, at: now, frame: this.#readSnapshot(n) };
    this.#snapshot = fresh;
    fresh.frame.then(
      () => this.#clock.after(SNAPSHOT_REUSE_MS, () => this.#forgetSnapshot(fresh)),
      () => this.#forgetSnapshot(fresh),
    );
    return fresh;
  }

  #forgetSnapshot(snapshot: object): void {
    if (this.#snapshot === snapshot) this.#snapshot = null;
  }

  async #readSnapshot(n: number): Promise<Frame> {
    const [page, machines, requests] = await Promise.all([
      this.#reader.sessions({ limit: MAX_SESSIONS_PER_PAGE, offset: 0 }),
      this.#reader.machines(),
      this.#reader.openRequests(),
    ]);
    this.#total ??= page.total;
    return new Frame({
      type: "snapshot",
      epoch: this.epoch,
      n,
      now: this.#clock.now(),
      sessions: page.sessions,
      total: page.total,
      machines,
      requests,
    });
  }

  #changesFrame(n: number, changed: ReturnType<Pending["take"]>): Frame {
    return new Frame({
      type: "changes",
      epoch: this.epoch,
      n,
      now: this.#clock.now(),
      ...changed,
      total: this.#total ?? 0,
    });
  }
}
