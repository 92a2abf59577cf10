import { once } from "node:events";
import { type ResourceLimits, Worker } from "node:worker_threads";
import { AgentPaneError } from "@agentpane/protocol";
import { type Call, fromFailure, type Reply, type Started } from "./rpc.ts";

/** Calls that may wait for one thread; beyond this the caller is told to come back. */
const MAX_WAITING_CALLS = 4096;
/** Bytes of ingest bodies that may wait for the writer. */
const MAX_WAITING_BYTES = 48 * 1024 * 1024;
const BUSY_RETRY_SECONDS = 1;

export interface ThreadOptions {
  entry: URL;
  name: string;
  workerData: unknown;
  resourceLimits: ResourceLimits;
  clock: () => number;
  /** A thread that ended by itself; its calls were refused and the next one starts it anew. */
  onCrash: (error: unknown) => void;
}

interface Waiting {
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
  bytes: number;
}

/** One thread of the store, seen from the main thread. */
export interface Thread extends AsyncDisposable {
  /** What the thread said of itself when it started. */
  readonly facts: unknown;
  /** `body`, if given, is the first argument and its buffer is given away. */
  call<T>(method: string, args: unknown[], body?: Uint8Array): Promise<T>;
}

/** Starts the thread; rejects with the error that its start failed with. */
export async function startThread(options: ThreadOptions): Promise<Thread> {
  let running: Running | null = await Running.start(options);
  let starting: Promise<Running> | null = null;
  let disposed = false;
  const facts = running.facts;

  async function current(): Promise<Running> {
    if (disposed) throw new AgentPaneError("not_ready", "The store is closed.", { retryAfterSeconds: 1 });
    if (running?.ended === false) return running;
    starting ??= Running.start(options).finally(() => {
      starting = null;
    });
    running = await starting;
    return running;
  }

  return {
    facts,
    call: <T>(method: string, args: unknown[], body?: Uint8Array) => {
      // No detour over a promise while the thread runs: calls must reach it in the order they were made.
      if (running?.ended === false && !disposed) return running.call(method, args, body) as Promise<T>;
      return current().then((thread) => thread.call(method, args, body)) as Promise<T>;
    },
    async [Symbol.asyncDispose]() {
      if (disposed) return;
      disposed = true;
      await (running ?? (await starting))?.close();
    },
  };
}

class Running {
  readonly facts: unknown;
  ended = false;
  readonly #worker: Worker;
  readonly #options: ThreadOptions;
  readonly #waiting = new Map<number, Waiting>();
  readonly #exited: Promise<void>;
  #lastId = 0;
  #waitingBytes = 0;
  #closing = false;

  static async start(options: ThreadOptions): Promise<Running> {
    const worker = new Worker(options.entry, {
      name: options.name,
      workerData: options.workerData,
      resourceLimits: options.resourceLimits,
    });
    const started = await firstMessage(worker).catch(async (cause) => {
      await worker.terminate();
      throw new AgentPaneError("internal", `The store's ${options.name} thread does not start.`, { cause });
    });
    if (!started.started) {
      await worker.terminate();
      throw fromFailure(started.failure);
    }
    return new Running(worker, started.facts, options);
  }

  private constructor(worker: Worker, facts: unknown, options: ThreadOptions) {
    this.#worker = worker;
    this.facts = facts;
    this.#options = options;
    let failure: unknown = null;
    this.#exited = new Promise((resolve) => {
      worker.on("error", (error) => {
        failure = error;
      });
      worker.on("exit", () => {
        this.#end(failure);
        resolve();
      });
    });
    worker.on("message", (reply: Reply) => this.#settle(reply));
  }

  call(method: string, args: unknown[], body?: Uint8Array): Promise<unknown> {
    const bytes = body?.byteLength ?? 0;
    if (this.#waiting.size >= MAX_WAITING_CALLS || (bytes > 0 && this.#waitingBytes + bytes > MAX_WAITING_BYTES)) {
      return Promise.reject(
        new AgentPaneError("store_busy", "Too much waits for the store already.", {
          retryAfterSeconds: BUSY_RETRY_SECONDS,
        }),
      );
    }
    const id = ++this.#lastId;
    const given = body === undefined ? undefined : alone(body);
    const call: Call = { id, method, args: given === undefined ? args : [given, ...args], now: this.#options.clock() };
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject, bytes });
      this.#waitingBytes += bytes;
      try {
        this.#worker.postMessage(call, given === undefined ? [] : [given.buffer]);
      } catch (error) {
        this.#forget(id);
        reject(error);
      }
    });
  }

  async close(): Promise<void> {
    this.#closing = true;
    if (!this.ended) await this.call("close", []).catch(() => {});
    await this.#worker.terminate();
    await this.#exited;
  }

  #settle(reply: Reply): void {
    const waiting = this.#forget(reply.id);
    if (waiting === undefined) return;
    if ("failure" in reply) waiting.reject(fromFailure(reply.failure));
    else waiting.resolve(reply.value);
  }

  #forget(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    this.#waitingBytes -= waiting?.bytes ?? 0;
    return waiting;
  }

  #end(failure: unknown): void {
    this.ended = true;
    const cause = failure ?? new Error(`the ${this.#options.name} thread ended`);
    if (!this.#closing) this.#options.onCrash(cause);
    for (const { reject } of this.#waiting.values()) {
      reject(
        new AgentPaneError("internal", "The store's thread ended; the call may or may not have taken effect.", {
          cause,
        }),
      );
    }
    this.#waiting.clear();
    this.#waitingBytes = 0;
  }
}

async function firstMessage(worker: Worker): Promise<Started> {
  const stopListening = new AbortController();
  const { signal } = stopListening;
  try {
    // `once` rejects where the thread fails instead.
    const ended = once(worker, "exit", { signal }).then(([code]) => Promise.reject(new Error(`it ended with ${code}`)));
    const [message] = await Promise.race([once(worker, "message", { signal }), ended]);
    return message as Started;
  } finally {
    stopListening.abort();
  }
}

/** The bytes in a buffer of their own: a view into Node's shared pool cannot be given away without the pool. */
function alone(body: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = body.buffer instanceof ArrayBuffer && body.byteLength === body.buffer.byteLength;
  return whole ? (body as Uint8Array<ArrayBuffer>) : new Uint8Array(body);
}
