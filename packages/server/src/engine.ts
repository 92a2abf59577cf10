import type { ResourceLimits } from "node:worker_threads";
import type { ReaderData } from "./history/reader-service.ts";
import type { WriterData, WriterFacts } from "./ingest/writer-service.ts";
import type { Engine, Reader, Writer } from "./store/contract.ts";
import { startThread, type Thread } from "./store/thread-client.ts";

/** Heaps of the two threads: room for the largest manifest or line once it is parsed. Little of it is ever used. */
const WRITER_LIMITS: ResourceLimits = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 8 };
const READER_LIMITS: ResourceLimits = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 8 };

export interface EngineOptions {
  /** Folder of the store; made where it is missing. */
  dataDir: string;
  /** Epoch milliseconds. Every call to the store carries the time that it is made at. */
  clock?: () => number;
  /** A thread of the store ended by itself; it is started anew with the next call. */
  onFault?: (error: unknown) => void;
  /** Where the threads' code stands, when it is bundled apart from this module. */
  threads?: { writer: URL; reader: URL };
}

/**
 * Opens the store in a writer and a reader thread. Rejects with `store_locked`, `store_newer`, `store_unsuitable` or
 * `store_full`. Disposing it commits what waits and gives the folder free.
 */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const clock = options.clock ?? Date.now;
  const onCrash = options.onFault ?? (() => {});
  const entries = options.threads ?? {
    writer: new URL("./ingest/writer-thread.ts", import.meta.url),
    reader: new URL("./history/reader-thread.ts", import.meta.url),
  };
  await using undo = new AsyncDisposableStack();
  const writerData: WriterData = { dataDir: options.dataDir, now: clock() };
  const readerData: ReaderData = { dataDir: options.dataDir };
  const starting = [
    startThread({
      entry: entries.writer,
      name: "writer",
      workerData: writerData,
      resourceLimits: WRITER_LIMITS,
      clock,
      onCrash,
    }),
    startThread({
      entry: entries.reader,
      name: "reader",
      workerData: readerData,
      resourceLimits: READER_LIMITS,
      clock,
      onCrash,
    }),
  ] as const;
  // Both are waited for whichever fails, so that none is left running.
  const outcomes = await Promise.allSettled(starting);
  for (const outcome of outcomes) if (outcome.status === "fulfilled") undo.use(outcome.value);
  const [writer, reader] = await Promise.all(starting);
  const threads = undo.move();
  return engineOn(writer, reader, (writer.facts as WriterFacts).storeEpoch, () => threads.disposeAsync());
}

/** The engine over a writer and a reader, wherever they run. */
export function engineOn(
  writer: Pick<Thread, "call">,
  reader: Pick<Thread, "call">,
  storeEpoch: string,
  dispose: () => Promise<void>,
): Engine {
  return {
    storeEpoch,
    writer: writerOn(writer, dispose),
    reader: readerOn(reader, dispose),
    [Symbol.asyncDispose]: dispose,
  };
}

function writerOn(thread: Pick<Thread, "call">, dispose: () => Promise<void>): Writer {
  return {
    ingest: (machine, body) => thread.call("ingest", [machine], body),
    register: (...args) => thread.call("register", args),
    heartbeat: (...args) => thread.call("heartbeat", args),
    deregister: (...args) => thread.call("deregister", args),
    presence: (...args) => thread.call("presence", args),
    requestNews: (...args) => thread.call("requestNews", args),
    claimRequest: (...args) => thread.call("claimRequest", args),
    releaseRequest: (...args) => thread.call("releaseRequest", args),
    audit: (...args) => thread.call("audit", args),
    sweep: () => thread.call("sweep", []),
    deleteSession: (...args) => thread.call("deleteSession", args),
    reindex: () => thread.call("reindex", []),
    saveSettings: (...args) => thread.call("saveSettings", args),
    savePrices: (...args) => thread.call("savePrices", args),
    addToken: (...args) => thread.call("addToken", args),
    revokeToken: (...args) => thread.call("revokeToken", args),
    addLoginCode: (...args) => thread.call("addLoginCode", args),
    redeemLoginCode: (...args) => thread.call("redeemLoginCode", args),
    touchToken: (...args) => thread.call("touchToken", args),
    [Symbol.asyncDispose]: dispose,
  };
}

function readerOn(thread: Pick<Thread, "call">, dispose: () => Promise<void>): Reader {
  return {
    sessions: (...args) => thread.call("sessions", args),
    sessionsBody: (...args) => thread.call("sessionsBody", args),
    facets: (...args) => thread.call("facets", args),
    session: (...args) => thread.call("session", args),
    events: (...args) => thread.call("events", args),
    image: (...args) => thread.call("image", args),
    find: (...args) => thread.call("find", args),
    eventsAfter: (...args) => thread.call("eventsAfter", args),
    usage: (...args) => thread.call("usage", args),
    usageBody: (...args) => thread.call("usageBody", args),
    sessionUsage: (...args) => thread.call("sessionUsage", args),
    timeline: (...args) => thread.call("timeline", args),
    files: (...args) => thread.call("files", args),
    fileChanges: (...args) => thread.call("fileChanges", args),
    settings: () => thread.call("settings", []),
    requests: (...args) => thread.call("requests", args),
    openRequests: () => thread.call("openRequests", []),
    request: (...args) => thread.call("request", args),
    audit: (...args) => thread.call("audit", args),
    machines: () => thread.call("machines", []),
    tokens: () => thread.call("tokens", []),
    tokenBySecret: (...args) => thread.call("tokenBySecret", args),
    [Symbol.asyncDispose]: dispose,
  };
}
