import { expect, test } from "vitest";
import { startThread } from "./thread-client.ts";

/** A thread's code as a module of its own; it does what its calls say. */
function thread(code: string): URL {
  const source = `
    import { parentPort } from "node:worker_threads";
    ${code}
    parentPort.on("message", ({ id, method, args }) => {
      if (method === "crash") throw new Error("crashed as asked");
      if (method === "stall") return;
      parentPort.postMessage(method === "fail"
        ? { id, failure: { code: "store_full", message: "no room", details: args[0], retryAfterSeconds: 30 } }
        : { id, value: args });
    });
    parentPort.postMessage({ started: true, facts: "ready" });`;
  return new URL(`data:text/javascript,${encodeURIComponent(source)}`);
}

function options(entry: URL, crashes: unknown[] = []) {
  return {
    entry,
    name: "test",
    workerData: null,
    resourceLimits: {},
    clock: () => 0,
    onCrash: (error: unknown) => crashes.push(error),
  };
}

test("an error crosses the thread with its code, details and time to wait", async () => {
  await using one = await startThread(options(thread("")));
  expect(one.facts).toBe("ready");
  expect(await one.call("echo", [1, "two"])).toEqual([1, "two"]);
  await expect(one.call("fail", [{ free: 0 }])).rejects.toMatchObject({
    code: "store_full",
    message: "no room",
    details: { free: 0 },
    retryAfterSeconds: 30,
  });
});

test("a thread that dies fails its calls, is told of, and is started anew by the next call", async () => {
  const crashes: unknown[] = [];
  await using one = await startThread(options(thread(""), crashes));
  const waiting = one.call("stall", []);
  const crashing = one.call("crash", []);
  await expect(waiting).rejects.toMatchObject({ code: "internal" });
  await expect(crashing).rejects.toMatchObject({ code: "internal" });
  expect(crashes).toMatchObject([{ message: "crashed as asked" }]);
  expect(await one.call("echo", ["again"])).toEqual(["again"]);
});

test("a thread that cannot start says so", async () => {
  const broken = startThread(options(thread('throw new Error("no such luck");')));
  await expect(broken).rejects.toMatchObject({ code: "internal", cause: { message: "no such luck" } });
});

test("too many bytes that wait are refused until some are done", async () => {
  await using one = await startThread(options(thread("")));
  const megabytes = (count: number) => new Uint8Array(count * 1024 * 1024);
  const waiting = [one.call("echo", [], megabytes(24)), one.call("echo", [], megabytes(24))];
  await expect(one.call("echo", [], megabytes(1))).rejects.toMatchObject({ code: "store_busy", retryAfterSeconds: 1 });
  await Promise.all(waiting);
  await expect(one.call("echo", [], megabytes(1))).resolves.toBeDefined();
});
