import { AgentPaneError, MAX_BODY_BYTES } from "@agentpane/protocol";
import { Bucket, type Clock } from "../access/index.ts";

/** Calls of one machine: far above what four bodies in flight can reach, so only a runaway monitor meets it. */
const CALLS_BURST = 4_000;
const CALLS_PER_SECOND = 2_000;
/** Bytes of one machine: a gigabyte of transcripts is about 250 MB of bodies, and goes through unhindered. */
const BYTES_BURST = 512 * 1024 * 1024;
const BYTES_PER_SECOND = 64 * 1024 * 1024;
/** Bytes of all bodies that are being read or wait for the writer: six full ones and a few small beside them. */
export const MAX_QUEUED_BYTES = 6 * MAX_BODY_BYTES + 2 * 1024 * 1024;
const BUSY_RETRY_SECONDS = 1;
const MAX_MACHINES_BEFORE_TIDYING = 1_000;

interface Limits {
  calls: Bucket;
  bytes: Bucket;
}

/** Keeps one machine from starving the others, and all of them from filling memory faster than the disk takes it. */
export class IngestGate {
  readonly #clock: Clock;
  readonly #limits = new Map<string, Limits>();
  #queuedBytes = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Throws `rate_limited` where this caller was called for too often or with too much. */
  enter(caller: string, bytes: number): void {
    const limits = this.#limitsOf(caller);
    const waitSeconds = limits.calls.take(1) || limits.bytes.take(bytes);
    if (waitSeconds === 0) return;
    throw new AgentPaneError("rate_limited", "Too many calls or bytes from this machine.", {
      retryAfterSeconds: waitSeconds,
    });
  }

  /** Holds `bytes` of the queue while `work` runs. Throws `store_busy` where they do not fit. */
  async hold<Result>(bytes: number, work: () => Promise<Result>): Promise<Result> {
    if (this.#queuedBytes + bytes > MAX_QUEUED_BYTES) {
      throw new AgentPaneError("store_busy", "The store is behind. Send it again in a moment.", {
        retryAfterSeconds: BUSY_RETRY_SECONDS,
      });
    }
    this.#queuedBytes += bytes;
    try {
      return await work();
    } finally {
      this.#queuedBytes -= bytes;
    }
  }

  #limitsOf(caller: string): Limits {
    const known = this.#limits.get(caller);
    if (known !== undefined) return known;
    if (this.#limits.size >= MAX_MACHINES_BEFORE_TIDYING) this.#tidy();
    const fresh = {
      calls: new Bucket(this.#clock, CALLS_BURST, CALLS_PER_SECOND),
      bytes: new Bucket(this.#clock, BYTES_BURST, BYTES_PER_SECOND),
    };
    this.#limits.set(caller, fresh);
    return fresh;
  }

  #tidy(): void {
    for (const [caller, { calls, bytes }] of this.#limits) {
      if (calls.full && bytes.full) this.#limits.delete(caller);
    }
  }
}
