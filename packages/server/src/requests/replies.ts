import type { Clock } from "../access/index.ts";

/** What became of something that a monitor was asked: its answer, none in time, or its channel was lost before. */
export type Reply<Value> = { value: Value } | { none: "late" | "lost" };

interface Waiting<Value> {
  machine: string;
  settle(reply: Reply<Value>): void;
}

/** Answers that are waited for, by the id that question and answer share. Each is waited for once and not for ever. */
export class Replies<Value> {
  readonly #clock: Clock;
  readonly #waiting = new Map<string, Waiting<Value>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** To be called before the question is sent, so that no answer is missed. */
  expect(id: string, machine: string, ms: number): Promise<Reply<Value>> {
    return new Promise((resolve) => {
      const cancel = this.#clock.after(ms, () => settle({ none: "late" }));
      const settle = (reply: Reply<Value>) => {
        cancel();
        this.#waiting.delete(id);
        resolve(reply);
      };
      this.#waiting.set(id, { machine, settle });
    });
  }

  /** Only the machine that was asked may answer. False where nobody waits for it (any more). */
  answer(id: string, machine: string, value: Value): boolean {
    const waiting = this.#waiting.get(id);
    if (waiting?.machine !== machine) return false;
    waiting.settle({ value });
    return true;
  }

  lost(machine: string): void {
    for (const waiting of [...this.#waiting.values()]) {
      if (waiting.machine === machine) waiting.settle({ none: "lost" });
    }
  }
}
