import { parentPort } from "node:worker_threads";
import { type Call, type Reply, type Service, type Started, toFailure } from "./rpc.ts";

/** Runs a service in this thread: says that it started, or why it never will, and answers calls in the order made. */
export function serve(start: () => Service<unknown>): void {
  const port = parentPort;
  if (port === null) throw new Error("not started as a thread");
  try {
    const service = start();
    port.on("message", (call: Call) => {
      service.take(call, (result) => {
        if ("error" in result) port.postMessage({ id: call.id, failure: toFailure(result.error) } satisfies Reply);
        else port.postMessage({ id: call.id, value: result.value } satisfies Reply, result.transfer ?? []);
      });
    });
    port.postMessage({ started: true, facts: service.facts } satisfies Started);
  } catch (error) {
    port.postMessage({ started: false, failure: toFailure(error) } satisfies Started);
    port.close();
  }
}
