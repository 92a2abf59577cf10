import {
  type DecisionBody,
  type EventsPage,
  type FileChange,
  type FindPage,
  type HooksReport,
  type InputReport,
  type RequestRow,
  type Role,
  rowMatcher,
  type SessionDetail,
  type SessionFacets,
  type SessionFiles,
  type SessionRow,
  type SessionTimeline,
  type SessionUsage,
  type UsageAnswer,
} from "@agentpane/protocol";
import { QueryClient } from "@tanstack/react-query";
import { createMemoryHistory } from "@tanstack/react-router";
import { act, cleanup, render } from "@testing-library/react";
import { afterEach, beforeEach } from "vitest";
import { Access } from "../api/access.ts";
import type { ApiClient, EventsRequest } from "../api/client.ts";
import { ApiError } from "../api/errors.ts";
import { App } from "../app.tsx";
import { LiveStore } from "../live/store.ts";
import { createAppRouter } from "../routes.tsx";
import type { Services } from "../services.ts";
import { FakeEnvironment } from "./fake-environment.ts";
import { madeRow, madeTotals } from "./made.ts";

/** A window of this size: without one, a virtual list has nothing to show. */
const WIDTH_PX = 1600;
const HEIGHT_PX = 1000;

/** Gives elements a size for each test of the file, and clears the page after it. */
export function withPage(): void {
  beforeEach(() => {
    for (const [name, value] of [
      ["offsetHeight", HEIGHT_PX],
      ["offsetWidth", WIDTH_PX],
      ["clientHeight", HEIGHT_PX],
    ] as const) {
      Object.defineProperty(HTMLElement.prototype, name, { configurable: true, get: () => value });
    }
    window.happyDOM?.setViewport({ width: WIDTH_PX, height: HEIGHT_PX });
  });
  afterEach(cleanup);
}

declare global {
  interface Window {
    happyDOM?: { setViewport(size: { width: number; height: number }): void };
  }
}

/** What the fake server holds. */
export interface FakeServer {
  details: Map<string, Partial<SessionDetail>>;
  events(request: EventsRequest): EventsPage;
  find(q: string): FindPage;
  older: SessionRow[];
  facets: SessionFacets;
  role: Role;
  usage: Map<string, SessionUsage>;
  timelines: Map<string, SessionTimeline>;
  files: Map<string, SessionFiles>;
  /** By path; given two at a time. */
  changes: Map<string, FileChange[]>;
  /** Changes in place: what the next call is answered. */
  today: UsageAnswer;
  /** Requests that were settled, newest first. */
  settled: RequestRow[];
  settledToday: { count: number; medianLatencyMs: number | null };
  /** How the hook stands, by machine; where it says nothing, no monitor answers. */
  hooks: Map<string, HooksReport>;
  /** What was decided; the test says what becomes of it. */
  decide(id: string, body: DecisionBody): void;
  /** What becomes at once of words and interrupts. */
  outcome: Pick<InputReport, "state" | "reason">;
  calls: string[];
}

const NO_EVENTS: EventsPage = { events: [], next: null, previous: null };

/** The whole page over a fake server, signed in unless `token` is null. */
export async function openPage(path: string, options: { token?: string | null; server?: Partial<FakeServer> } = {}) {
  const environment = new FakeEnvironment();
  const server: FakeServer = {
    details: new Map(),
    events: () => NO_EVENTS,
    find: () => ({ findings: [], next: null, searchedBytes: 1, totalBytes: 1 }),
    older: [],
    facets: { status: [], project: [], branch: [], machine: [], model: [] },
    role: "admin",
    usage: new Map(),
    timelines: new Map(),
    files: new Map(),
    changes: new Map(),
    today: { rows: [], total: { ...madeTotals(), costUsd: 0 }, repricing: 0 },
    settled: [],
    settledToday: { count: 0, medianLatencyMs: null },
    hooks: new Map(),
    decide: () => {},
    outcome: { state: "sent", reason: null },
    calls: [],
    ...options.server,
  };
  const storage = new Map<string, string>();
  const token = options.token === undefined ? "t" : options.token;
  if (token !== null) storage.set("agentpane.token", token);
  const access = new Access({
    getItem: (key) => storage.get(key) ?? null,
    setItem: (key, value) => void storage.set(key, value),
    removeItem: (key) => void storage.delete(key),
  });
  let live: LiveStore | null = null;
  const services: Services = {
    access,
    api: fakeApi(server, () => live),
    queries: new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: Number.POSITIVE_INFINITY } } }),
    openLive() {
      live = new LiveStore(environment, {
        token: access.token,
        onRefused: () => access.refuse(null),
        onSilentFailure: async () => false,
      });
      return live;
    },
  };
  const router = createAppRouter(createMemoryHistory({ initialEntries: [path] }));
  const view = render(<App services={services} router={router} />);
  await settle();
  return { ...view, environment, router, access, server };
}

/** Lets lazy parts, queries and effects come to rest. */
export async function settle(): Promise<void> {
  await act(async () => {
    for (let i = 0; i < 8; i += 1) await new Promise((resolve) => setTimeout(resolve, 5));
  });
}

function fakeApi(server: FakeServer, live: () => LiveStore | null): ApiClient {
  return {
    async login(code) {
      server.calls.push(`login ${code}`);
      if (code !== "good") throw new ApiError("code_invalid", "The code was used.");
      return { token: "t2", role: "admin", name: "link", expiresAt: null };
    },
    async sessions({ offset, limit, ...filter }) {
      const asked = Object.entries(filter).map(([key, value]) => ` ${key}=${value}`);
      server.calls.push(`sessions ${offset}${asked.join("")}`);
      const older = server.older.filter((row) => rowMatcher(filter)(row));
      return { sessions: older.slice(0, limit), total: offset + older.length };
    },
    async facets(filter) {
      server.calls.push(`facets ${JSON.stringify(filter)}`);
      return server.facets;
    },
    async deleteSession(id) {
      server.calls.push(`delete ${id}`);
    },
    async me() {
      return { version: "0.1.0", protocol: 1, role: server.role, name: "link", startedAt: 0, now: 0 };
    },
    async session(id) {
      server.calls.push(`session ${id}`);
      const row = live()?.sessions.get(id);
      const detail = server.details.get(id);
      if (row === undefined && detail === undefined) throw new ApiError("not_found", "no such session");
      return { ...madeRow(id), todos: [], agents: [], sources: [], unknownTypes: {}, ...row, ...detail };
    },
    async events(request) {
      server.calls.push(`events ${request.session} ${request.subagent} ${JSON.stringify(request.place)}`);
      return { ...server.events(request), bytes: 1 };
    },
    async image({ place, n }) {
      server.calls.push(`image ${n} of ${place}`);
      if (n > 0) throw new ApiError("not_found", "no such image");
      return { mediaType: "image/png", base64: "iVBORw0KGgo=" };
    },
    async find({ session, q, after }) {
      server.calls.push(`find ${q} in ${session}${after === null ? "" : ` after ${after}`}`);
      return server.find(q);
    },
    async sessionUsage(id) {
      server.calls.push(`usage of ${id}`);
      const usage = server.usage.get(id);
      if (usage === undefined) throw new ApiError("not_found", "no such session");
      return usage;
    },
    async timeline(id) {
      server.calls.push(`timeline of ${id}`);
      const timeline = server.timelines.get(id);
      if (timeline === undefined) throw new ApiError("not_found", "no such session");
      return timeline;
    },
    async files(id) {
      server.calls.push(`files of ${id}`);
      const files = server.files.get(id);
      if (files === undefined) throw new ApiError("not_found", "no such session");
      return files;
    },
    async fileChanges(id, path, offset) {
      server.calls.push(`changes of ${path} in ${id} from ${offset}`);
      const all = server.changes.get(path) ?? [];
      return { changes: all.slice(offset, offset + 2), total: all.length };
    },
    async usage({ from, tz }) {
      server.calls.push(`usage on ${from} in ${tz}`);
      return server.today;
    },
    async settled() {
      return { requests: server.settled, next: null, open: 0 };
    },
    async settledSince() {
      return server.settledToday;
    },
    async hooks(machine) {
      const report = server.hooks.get(machine);
      if (report === undefined) throw new ApiError("request_unreachable", "The machine's monitor does not answer.");
      return report;
    },
    async changeHooks(machine, action) {
      server.calls.push(`${action} the hook of ${machine}`);
      const report = server.hooks.get(machine);
      if (report === undefined) throw new ApiError("request_unreachable", "The machine's monitor does not answer.");
      return report;
    },
    async request(id) {
      server.calls.push(`request ${id}`);
      const row = live()?.requests.get(id);
      if (row === undefined) throw new ApiError("not_found", "no such request");
      return { ...row, inputJson: row.inputJson ?? JSON.stringify({ command: "the whole command" }) };
    },
    async decide(id, body) {
      server.calls.push(`decide ${id} ${JSON.stringify(body.decision)}`);
      server.decide(id, body);
      const row = live()?.requests.get(id);
      if (row === undefined) throw new ApiError("not_found", "no such request");
      return row;
    },
    async sendWords(session, text) {
      server.calls.push(`words ${session} ${text}`);
      return { id: `i_${"0".repeat(32)}`, session, at: 0, ...server.outcome };
    },
    async interrupt(session) {
      server.calls.push(`interrupt ${session}`);
      return { id: `i_${"1".repeat(32)}`, session, at: 0, ...server.outcome };
    },
    async probe() {},
  };
}
