import { AgentPaneError } from "@agentpane/protocol";
import type { Call } from "../store/rpc.ts";
import type { Answer } from "../store/thread-server.ts";
import { type ReadBody, readBody } from "./body.ts";
import type { WriterOperations } from "./writer.ts";

/** Bodies that share a transaction: many small ones gain by it, large ones would only wait for each other. */
const MAX_GROUP_BODIES = 64;
const MAX_GROUP_BYTES = 2 * 1024 * 1024;

interface Waiting {
  call: Call;
  answer: Answer;
}

/** The writer thread's calls in the order they came; bodies that wait together are committed together. */
export class WriterQueue {
  readonly #operations: WriterOperations;
  readonly #close: () => void;
  #waiting: Waiting[] = [];
  #scheduled = false;

  constructor(operations: WriterOperations, close: () => void) {
    this.#operations = operations;
    this.#close = close;
  }

  take(call: Call, answer: Answer): void {
    this.#waiting.push({ call, answer });
    this.#schedule();
  }

  /** After all messages that are there already, so that bodies find their group. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#next();
      if (this.#waiting.length > 0) this.#schedule();
    });
  }

  #next(): void {
    const group = this.#takeBodies();
    if (group.length > 0) this.#ingest(group);
    else {
      const waiting = this.#waiting.shift();
      if (waiting !== undefined) this.#run(waiting);
    }
  }

  #takeBodies(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { call } of this.#waiting) {
      if (call.method !== "ingest" || count === MAX_GROUP_BODIES) break;
      bytes += (call.args[0] as Uint8Array).byteLength;
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
        bodies.push({ machine, body: readBody(body), answer });
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

  #run({ call, answer }: Waiting): void {
    try {
      if (call.method === "close") {
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
