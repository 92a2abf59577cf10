import type { Clock } from "../access/index.ts";
import type { Committed } from "../store/contract.ts";

/**
 * A commit may bring a limit that is nearer than the one waited for. None passes sooner than that of a channel, 30 s
 * after its last word, which may have come 15 s ago: looking again this long after a commit is in time for all of them.
 */
const LOOK_AGAIN_MS = 12_000;
const MIN_WAIT_MS = 20;
const MAX_WAIT_MS = 3_600_000;
/** After a sweep that failed, as when the disk is full. */
const RETRY_MS = 10_000;

export interface SweeperOptions {
  clock: Clock;
  sweep(): Promise<Committed<{ nextAt: number | null }>>;
  publish(committed: Committed<unknown>): void;
  onFault(error: unknown): void;
}

/** Sends what time alone changes: a question that grew old, a machine that fell silent. */
export class Sweeper {
  readonly #options: SweeperOptions;
  #cancel: (() => void) | null = null;
  #dueAt = Number.POSITIVE_INFINITY;
  #running = false;
  /** What commits asked for while a sweep ran. */
  #askedAt = Number.POSITIVE_INFINITY;
  #closed = false;

  constructor(options: SweeperOptions) {
    this.#options = options;
  }

  start(): void {
    this.#comeAt(this.#options.clock.now());
  }

  /** Something was committed, so a limit may have come nearer; `nextAt` where the commit knows of one. */
  committed(nextAt: number = Number.POSITIVE_INFINITY): void {
    const at = Math.min(nextAt, this.#options.clock.now() + LOOK_AGAIN_MS);
    if (this.#running) this.#askedAt = Math.min(this.#askedAt, at);
    else this.#comeAt(at);
  }

  close(): void {
    this.#closed = true;
    this.#cancel?.();
  }

  #comeAt(at: number): void {
    if (this.#closed || at >= this.#dueAt) return;
    this.#cancel?.();
    this.#dueAt = at;
    const wait = Math.min(MAX_WAIT_MS, Math.max(MIN_WAIT_MS, at - this.#options.clock.now()));
    this.#cancel = this.#options.clock.after(wait, () => void this.#run());
  }

  async #run(): Promise<void> {
    const { clock, sweep, publish, onFault } = this.#options;
    this.#running = true;
    this.#askedAt = Number.POSITIVE_INFINITY;
    let nextAt: number | null = null;
    try {
      const committed = await sweep();
      nextAt = committed.answer.nextAt;
      if (!this.#closed) publish(committed);
    } catch (error) {
      nextAt = clock.now() + RETRY_MS;
      onFault(error);
    }
    this.#running = false;
    this.#dueAt = Number.POSITIVE_INFINITY;
    this.#comeAt(nextAt ?? clock.now() + MAX_WAIT_MS);
    this.#comeAt(this.#askedAt);
  }
}
