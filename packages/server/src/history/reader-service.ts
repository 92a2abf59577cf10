import type { EventsQuery, SessionsQuery } from "@agentpane/protocol";
import type { Reader } from "../store/contract.ts";
import { dataFiles } from "../store/folder.ts";
import type { Call, Result, Service } from "../store/rpc.ts";
import { type Db, inSnapshot, openForReading } from "../store/sqlite.ts";
import { allTokens, tokenBySecret } from "../store/tokens.ts";
import { ChunkCache } from "./chunk-cache.ts";
import { sessionDetail } from "./detail.ts";
import { machinesList, sessionsPage } from "./list.ts";
import { eventsFollowing, eventsPage } from "./page.ts";

/** What the main thread gives the reader. */
export interface ReaderData {
  dataDir: string;
}

/** What a call of the `Reader` does in its thread; `now` is the caller's clock. */
type Operations = {
  [Name in Exclude<keyof Reader, symbol>]: (
    db: Db,
    now: number,
    ...args: Parameters<Reader[Name]>
  ) => Awaited<ReturnType<Reader[Name]>>;
};

/** Opens the store with the first call: the reader starts while the writer still brings the schema up to date. */
export function openReader({ dataDir }: ReaderData): Service<null> {
  const cache = new ChunkCache();
  const operations: Operations = {
    sessions: (db, now, query: SessionsQuery) => sessionsPage(db, query, now),
    session: (db, now, id) => sessionDetail(db, id, now),
    events: (db, _now, session, query: EventsQuery) => eventsPage(db, cache, session, query),
    eventsAfter: (db, _now, session, subagent, place, limit) => eventsFollowing(db, session, subagent, place, limit),
    machines: (db, now) => machinesList(db, now),
    tokens: (db) => allTokens(db),
    tokenBySecret: (db, now, secretSha256) => tokenBySecret(db, secretSha256, now),
  };
  let opened: Db | null = null;
  const run = (call: Call): unknown => {
    if (call.method === "close") return opened?.raw.close();
    opened ??= openForReading(dataFiles(dataDir).database);
    const db = opened;
    const operation = operations[call.method as keyof Operations] as (...args: unknown[]) => unknown;
    return inSnapshot(db, () => operation(db, call.now, ...call.args));
  };
  return {
    facts: null,
    take(call, answer) {
      try {
        answer(given(run(call)));
      } catch (error) {
        answer({ error });
      }
    },
  };
}

/** Pages are given away whole instead of copied, where they have a buffer of their own. */
function given(value: unknown): Result {
  if (!(value instanceof Uint8Array) || !(value.buffer instanceof ArrayBuffer)) return { value };
  if (value.byteLength !== value.buffer.byteLength) return { value: new Uint8Array(value) };
  return { value: new Uint8Array(value.buffer), transfer: [value.buffer] };
}
