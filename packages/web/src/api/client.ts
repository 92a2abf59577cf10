import {
  API_PREFIX,
  type DecisionBody,
  decisionAnswer,
  ERRORS,
  type EventImage,
  type EventsPage,
  errorBody,
  eventImage,
  eventsPage,
  type FileChanges,
  type FindPage,
  fileChanges,
  findPage,
  type HooksBody,
  type HooksReport,
  hooksReport,
  type InputReport,
  inputReport,
  type LoginAnswer,
  loginAnswer,
  machinesPage,
  type RequestRow,
  type RequestsPage,
  requestRow,
  requestsPage,
  type ServerInfo,
  type SessionDetail,
  type SessionFacets,
  type SessionFiles,
  type SessionFilter,
  type SessionsPage,
  type SessionTimeline,
  type SessionUsage,
  serverInfo,
  sessionDetail,
  sessionFacets,
  sessionFiles,
  sessionsPage,
  sessionTimeline,
  sessionUsage,
  type UsageAnswer,
  type UsageQuery,
  usageAnswer,
} from "@agentpane/protocol";
import { z } from "zod";
import { ApiError } from "./errors.ts";

/** A call that takes longer counts as unreachable. A page of full events may have to open many chunks. */
const CALL_TIMEOUT_MS = 30_000;

export interface EventsRequest {
  session: string;
  subagent: string | null;
  place: { after: string } | { before: string } | { around: string };
  limit: number;
}

export interface ImageRequest {
  session: string;
  subagent: string | null;
  place: string;
  n: number;
}

export interface FindRequest {
  session: string;
  subagent: string | null;
  q: string;
  after: string | null;
  limit: number;
}

type DayQuery = { by: UsageQuery["by"]; from: string; to: string; tz: string };

/** Every path of the server that the page calls. All calls throw `ApiError` and nothing else. */
export interface ApiClient {
  login(code: string): Promise<LoginAnswer>;
  sessions(query: SessionFilter & { offset: number; limit: number }, signal?: AbortSignal): Promise<SessionsPage>;
  /** What the list can be narrowed by further. */
  facets(filter: SessionFilter, signal?: AbortSignal): Promise<SessionFacets>;
  /** Deletes the server's copy of a session, for good. */
  deleteSession(id: string): Promise<void>;
  /** Who the holder of this page's token is, and what server it talks to. */
  me(signal?: AbortSignal): Promise<ServerInfo>;
  session(id: string, signal?: AbortSignal): Promise<SessionDetail>;
  /** Full events; `bytes` is the size of the answer, for what is kept in memory. */
  events(request: EventsRequest, signal?: AbortSignal): Promise<EventsPage & { bytes: number }>;
  /** One image of one event. */
  image(request: ImageRequest, signal?: AbortSignal): Promise<EventImage>;
  /** One step of a search; asked on with `next` as `after`. */
  find(request: FindRequest, signal?: AbortSignal): Promise<FindPage>;
  /** What one session cost, by model, kind, subagent and over time. */
  sessionUsage(id: string, signal?: AbortSignal): Promise<SessionUsage>;
  /** The session along its time. */
  timeline(id: string, signal?: AbortSignal): Promise<SessionTimeline>;
  files(id: string, signal?: AbortSignal): Promise<SessionFiles>;
  /** The changes of one file from the `offset`th on, with their whole content. */
  fileChanges(id: string, path: string, offset: number, signal?: AbortSignal): Promise<FileChanges>;
  usage(query: DayQuery, signal?: AbortSignal): Promise<UsageAnswer>;
  /** Requests that were settled, newest first; `after` is `next` of the page before. */
  settled(after: string | null, signal?: AbortSignal): Promise<RequestsPage>;
  /** What people settled from `since` on; null from a server of before it was counted. */
  settledSince(since: number, signal?: AbortSignal): Promise<RequestsPage["settled"] | null>;
  /** One request with all of its input and plan. */
  request(id: string, signal?: AbortSignal): Promise<RequestRow>;
  /** Settles a request; rejects by name where somebody was first, or where it is not what was shown. */
  decide(id: string, body: DecisionBody): Promise<RequestRow>;
  /** How the hook stands on a machine, asked of its monitor. */
  hooks(machine: string, signal?: AbortSignal): Promise<HooksReport>;
  /** Puts the hook into the agent's settings, or takes it out; answers what stands then. */
  changeHooks(machine: string, action: HooksBody["action"]): Promise<HooksReport>;
  /** Types words into a running session; what becomes of them later comes over the feed. */
  sendWords(session: string, text: string): Promise<InputReport>;
  /** Ends the turn that runs. */
  interrupt(session: string): Promise<InputReport>;
  /** Asks for nothing of interest: whether the token still stands. */
  probe(): Promise<void>;
}

export interface ClientOptions {
  token(): string | null;
  /** The server does not know this token (any more). */
  onUnauthenticated(token: string | null): void;
  fetch?: typeof fetch;
}

export function createApiClient(options: ClientOptions): ApiClient {
  const send = options.fetch ?? ((input, init) => fetch(input, init));

  async function call<T>(
    schema: z.ZodType<T>,
    path: string,
    init: { method?: string; body?: unknown; signal?: AbortSignal | undefined; anonymous?: boolean } = {},
  ): Promise<{ value: T; bytes: number }> {
    const headers = new Headers({ accept: "application/json" });
    const token = options.token();
    if (token !== null && init.anonymous !== true) headers.set("authorization", `Bearer ${token}`);
    if (init.body !== undefined) headers.set("content-type", "application/json");
    const timeout = AbortSignal.timeout(CALL_TIMEOUT_MS);
    let response: Response;
    let text: string;
    try {
      response = await send(`${API_PREFIX}${path}`, {
        method: init.method ?? "GET",
        headers,
        body: init.body === undefined ? null : JSON.stringify(init.body),
        signal: init.signal === undefined ? timeout : AbortSignal.any([init.signal, timeout]),
        cache: "no-store",
        credentials: "omit",
      });
      text = await response.text();
    } catch (cause) {
      throw new ApiError("unreachable", "The server does not answer.", { cause });
    }
    if (!response.ok) {
      const error = readError(response, text);
      if (error.code === "unauthenticated") options.onUnauthenticated(token);
      throw error;
    }
    const parsed = schema.safeParse(readJson(text));
    if (!parsed.success) {
      throw new ApiError("unreadable", `The answer of ${path} is not of this page's version.`, { cause: parsed.error });
    }
    return { value: parsed.data, bytes: text.length };
  }

  return {
    async login(code) {
      return (await call(loginAnswer, "/login", { method: "POST", body: { code }, anonymous: true })).value;
    },
    async sessions({ offset, limit, ...filter }, signal) {
      const query = new URLSearchParams({ offset: String(offset), limit: String(limit), ...given(filter) });
      return (await call(sessionsPage, `/sessions?${query}`, { signal })).value;
    },
    async facets(filter, signal) {
      return (await call(sessionFacets, `/sessions/facets?${new URLSearchParams(given(filter))}`, { signal })).value;
    },
    async deleteSession(id) {
      await call(NOTHING, `/sessions/${encodeURIComponent(id)}`, { method: "DELETE" });
    },
    async me(signal) {
      return (await call(serverInfo, "/me", { signal })).value;
    },
    async session(id, signal) {
      return (await call(sessionDetail, `/sessions/${encodeURIComponent(id)}`, { signal })).value;
    },
    async events({ session, subagent, place, limit }, signal) {
      const query = new URLSearchParams({ view: "full", limit: String(limit), ...place });
      if (subagent !== null) query.set("subagent", subagent);
      const path = `/sessions/${encodeURIComponent(session)}/events?${query}`;
      const { value, bytes } = await call(eventsPage, path, { signal });
      return { ...value, bytes };
    },
    async image({ session, subagent, place, n }, signal) {
      const query = new URLSearchParams({ place, n: String(n) });
      if (subagent !== null) query.set("subagent", subagent);
      return (await call(eventImage, `/sessions/${encodeURIComponent(session)}/image?${query}`, { signal })).value;
    },
    async find({ session, subagent, q, after, limit }, signal) {
      const query = new URLSearchParams({ q, limit: String(limit) });
      if (subagent !== null) query.set("subagent", subagent);
      if (after !== null) query.set("after", after);
      return (await call(findPage, `/sessions/${encodeURIComponent(session)}/find?${query}`, { signal })).value;
    },
    async sessionUsage(id, signal) {
      return (await call(sessionUsage, `/sessions/${encodeURIComponent(id)}/usage`, { signal })).value;
    },
    async timeline(id, signal) {
      return (await call(sessionTimeline, `/sessions/${encodeURIComponent(id)}/timeline`, { signal })).value;
    },
    async files(id, signal) {
      return (await call(sessionFiles, `/sessions/${encodeURIComponent(id)}/files`, { signal })).value;
    },
    async fileChanges(id, path, offset, signal) {
      const query = new URLSearchParams({ path, offset: String(offset) });
      return (await call(fileChanges, `/sessions/${encodeURIComponent(id)}/files/changes?${query}`, { signal })).value;
    },
    async usage(query, signal) {
      return (await call(usageAnswer, `/usage?${new URLSearchParams(query)}`, { signal })).value;
    },
    async settled(after, signal) {
      const query = new URLSearchParams({ state: "closed", ...(after === null ? {} : { after }) });
      return (await call(requestsPage, `/requests?${query}`, { signal })).value;
    },
    async settledSince(since, signal) {
      const query = new URLSearchParams({ state: "closed", limit: "1", since: String(since) });
      return (await call(requestsPage, `/requests?${query}`, { signal })).value.settled ?? null;
    },
    async request(id, signal) {
      return (await call(requestRow, `/requests/${id}`, { signal })).value;
    },
    async decide(id, body) {
      return (await call(decisionAnswer, `/requests/${id}/decision`, { method: "POST", body })).value.request;
    },
    async hooks(machine, signal) {
      return (await call(hooksReport, `/machines/${machine}/hooks`, { signal })).value;
    },
    async changeHooks(machine, action) {
      return (await call(hooksReport, `/machines/${machine}/hooks`, { method: "POST", body: { action } })).value;
    },
    async sendWords(session, text) {
      const path = `/sessions/${encodeURIComponent(session)}/input`;
      return (await call(inputReport, path, { method: "POST", body: { text } })).value;
    },
    async interrupt(session) {
      const path = `/sessions/${encodeURIComponent(session)}/interrupt`;
      return (await call(inputReport, path, { method: "POST", body: {} })).value;
    },
    async probe() {
      await call(machinesPage, "/machines");
    },
  };
}

/** The answer of what has none. */
const NOTHING = z.undefined();

/** The parts of a filter that are there. */
function given(filter: SessionFilter): Record<string, string> {
  return Object.fromEntries(Object.entries(filter).filter((part): part is [string, string] => part[1] !== undefined));
}

function readError(response: Response, text: string): ApiError {
  const retryAfter = Number(response.headers.get("retry-after") ?? Number.NaN);
  const retryAfterSeconds = Number.isFinite(retryAfter) ? retryAfter : null;
  const parsed = errorBody.safeParse(readJson(text));
  if (parsed.success) return new ApiError(parsed.data.error.code, parsed.data.error.message, { retryAfterSeconds });
  if (response.status === ERRORS.unauthenticated.status) {
    return new ApiError("unauthenticated", ERRORS.unauthenticated.meaning);
  }
  return new ApiError("unreadable", `The server answered ${response.status} without saying why.`, {
    retryAfterSeconds,
  });
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
