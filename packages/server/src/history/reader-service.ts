import {
  AgentPaneError,
  type AuditQuery,
  type EventsQuery,
  type FacetsQuery,
  type FileChangesQuery,
  type FindQuery,
  type ImageQuery,
  type RequestsQuery,
  type SessionsQuery,
} from "@agentpane/protocol";
import { clientTotal } from "../fold/merge.ts";
import { auditPage } from "../store/audit.ts";
import type { Reader } from "../store/contract.ts";
import { dataFiles } from "../store/folder.ts";
import type { Call, Result, Service } from "../store/rpc.ts";
import { readSettings } from "../store/settings.ts";
import { type Db, inSnapshot, openForReading } from "../store/sqlite.ts";
import { allTokens, tokenBySecret } from "../store/tokens.ts";
import { ChunkCache } from "./chunk-cache.ts";
import { compactionsOf } from "./compactions.ts";
import { sessionDetail } from "./detail.ts";
import { machinesList, sessionFacets, sessionsPage } from "./list.ts";
import { eventsFollowing, eventsPage } from "./page.ts";
import { openRequestRows, requestRow, requestsPage } from "./requests.ts";
import { shownSources } from "./shown.ts";

/** What the main thread gives the reader. */
export interface ReaderData {
  dataDir: string;
}

/** What a call of the `Reader` does in its thread; `now` is the caller's clock. */
type Operation<Name extends Exclude<keyof Reader, symbol>> = (
  db: Db,
  now: number,
  ...args: Parameters<Reader[Name]>
) => Awaited<ReturnType<Reader[Name]>>;
/** Their code is loaded when they are first called: the first page needs none of it. */
type Lazy = "timeline" | "files" | "fileChanges" | "usage" | "usageBody" | "sessionUsage" | "find" | "image";
type Operations = { [Name in Exclude<keyof Reader, symbol | Lazy>]: Operation<Name> };
type LazyOperations = { [Name in Lazy]: () => Promise<Operation<Name>> };

/** Opens the store with the first call: the reader starts while the writer still brings the schema up to date. */
export function openReader({ dataDir }: ReaderData): Service<null> {
  const cache = new ChunkCache();
  const operations: Operations = {
    sessions: (db, now, query: SessionsQuery) => sessionsPage(db, query, now),
    sessionsBody: (db, now, query: SessionsQuery) => Buffer.from(JSON.stringify(sessionsPage(db, query, now))),
    facets: (db, now, query: FacetsQuery) => sessionFacets(db, query, now),
    session: (db, now, id) => sessionDetail(db, id, now),
    events: (db, _now, session, query: EventsQuery) => eventsPage(db, cache, session, query),
    eventsAfter: (db, _now, session, subagent, place, limit) => eventsFollowing(db, session, subagent, place, limit),
    settings: (db) => readSettings(db),
    requests: (db, _now, query: RequestsQuery) => requestsPage(db, query),
    openRequests: (db) => openRequestRows(db),
    request: (db, _now, id) => requestRow(db, id),
    audit: (db, _now, query: AuditQuery) => auditPage(db, query),
    machines: (db, now) => machinesList(db, now),
    tokens: (db) => allTokens(db),
    tokenBySecret: (db, now, secretSha256) => tokenBySecret(db, secretSha256, now),
  };
  const timelines = loadedOnce(async () => {
    const { TimelineCache, timelineOf } = await import("./timeline.ts");
    return { kept: new TimelineCache(), timelineOf };
  });
  const touched = loadedOnce(async () => {
    const { FilesCache, fileChangesOf, filesOf } = await import("./files.ts");
    return { kept: new FilesCache(cache), fileChangesOf, filesOf };
  });
  const reports = loadedOnce(async () => {
    const [{ UsageCells }, { usageReport }] = await Promise.all([
      import("../usage/cells.ts"),
      import("../usage/report.ts"),
    ]);
    return { cells: new UsageCells(), usageReport };
  });
  const lazily: LazyOperations = {
    timeline: async () => {
      const { kept, timelineOf } = await timelines();
      return (db, _now, session) => {
        const timeline = timelineOf(db, kept, session);
        return timeline === null ? null : Buffer.from(JSON.stringify(timeline));
      };
    },
    files: async () => {
      const { kept, filesOf } = await touched();
      return (db, _now, session) => filesOf(db, kept, session);
    },
    fileChanges: async () => {
      const { kept, fileChangesOf } = await touched();
      return (db, _now, session, query: FileChangesQuery) => fileChangesOf(db, kept, cache, session, query);
    },
    image: async () => {
      const { imageOfEvent } = await import("./image.ts");
      return (db, _now, session, query: ImageQuery) => imageOfEvent(db, cache, session, query);
    },
    find: async () => {
      const { findInTranscript } = await import("./find.ts");
      return (db, _now, session, query: FindQuery) => findInTranscript(db, cache, session, query);
    },
    usage: async () => {
      const { cells, usageReport } = await reports();
      return (db, _now, query) => usageReport(db, cells, query);
    },
    usageBody: async () => {
      const { cells, usageReport } = await reports();
      return (db, _now, query) => Buffer.from(JSON.stringify(usageReport(db, cells, query)));
    },
    sessionUsage: async () => {
      const [{ sessionReport }, { RateSource }] = await Promise.all([
        import("../usage/session-report.ts"),
        import("../usage/rates.ts"),
      ]);
      const rates = await RateSource.load();
      return (db, _now, session) => {
        const sources = shownSources(db, session);
        if (sources === null) return null;
        const { primary } = sources.shown;
        const { book } = rates.rates(db);
        const report = sessionReport(db, session, clientTotal(primary?.state ?? null), book);
        return { ...report, compactions: compactionsOf(db, primary) };
      };
    },
  };
  const loaded = new Map<string, Promise<(...args: never[]) => unknown>>();
  const lazy = (method: string): Promise<(...args: never[]) => unknown> | null => {
    const load = lazily[method as keyof LazyOperations];
    if (load === undefined) return null;
    let operation = loaded.get(method);
    if (operation === undefined) {
      operation = load();
      loaded.set(method, operation);
    }
    return operation;
  };
  let opened: Db | null = null;
  let closed = false;
  const run = (call: Call, operation: (...args: never[]) => unknown): unknown => {
    if (closed) throw new AgentPaneError("not_ready", "The store closes.", { retryAfterSeconds: 1 });
    opened ??= openForReading(dataFiles(dataDir).database);
    const db = opened;
    return inSnapshot(db, () => (operation as (...args: unknown[]) => unknown)(db, call.now, ...call.args));
  };
  const close = (): void => {
    closed = true;
    opened?.raw.close();
  };
  return {
    facts: null,
    take(call, answer) {
      const later = lazy(call.method);
      if (later !== null) {
        later.then((operation) => answer(given(run(call, operation)))).catch((error: unknown) => answer({ error }));
        return;
      }
      try {
        if (call.method === "close") answer({ value: close() });
        else answer(given(run(call, operations[call.method as keyof Operations])));
      } catch (error) {
        answer({ error });
      }
    },
  };
}

function loadedOnce<Module>(load: () => Promise<Module>): () => Promise<Module> {
  let loading: Promise<Module> | null = null;
  return () => {
    loading ??= load();
    return loading;
  };
}

/** Pages are given away whole instead of copied, where they have a buffer of their own. */
function given(value: unknown): Result {
  if (!(value instanceof Uint8Array) || !(value.buffer instanceof ArrayBuffer)) return { value };
  if (value.byteLength !== value.buffer.byteLength) return { value: new Uint8Array(value) };
  return { value: new Uint8Array(value.buffer), transfer: [value.buffer] };
}
