import { parentPort } from "node:worker_threads";
import { type Call, type Reply, type Started, toFailure } from "./rpc.ts";

/** Answers one call. A `Uint8Array` in `transfer` is given away instead of copied. */
export type Answer = (result: { value: unknown; transfer?: ArrayBuffer[] } | { error: unknown }) => void;

/** Takes the calls of the thread that started this one, in the order they were made. */
export function answerCalls(receive: (call: Call, answer: Answer) => void): void {
  const port = parentPort;
  if (port === null) throw new Error("not started as a thread");
  port.on("message", (call: Call) => {
    receive(call, (result) => {
      if ("error" in result) port.postMessage({ id: call.id, failure: toFailure(result.error) } satisfies Reply);
      else port.postMessage({ id: call.id, value: result.value } satisfies Reply, result.transfer ?? []);
    });
  });
}

/** Says that the thread can answer now, or why it never will. */
export function announce(start: () => unknown): void {
  let message: Started;
  try {
    message = { started: true, facts: start() };
  } catch (error) {
    message = { started: false, failure: toFailure(error) };
  }
  parentPort?.postMessage(message);
  if (!message.started) parentPort?.close();
}
