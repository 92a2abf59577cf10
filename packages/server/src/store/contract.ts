import type {
  AgentRequest,
  AuditPage,
  AuditQuery,
  ChannelMonitorFrame,
  DecisionBody,
  DeregisterBody,
  EventImage,
  EventsPage,
  EventsQuery,
  FacetsQuery,
  FileChangesQuery,
  FindPage,
  FindQuery,
  HeartbeatBody,
  ImageQuery,
  IngestAnswer,
  MachineRow,
  PricesRefreshAnswer,
  RegisterAnswer,
  RegisterBody,
  ReindexAnswer,
  RequestClosing,
  RequestRow,
  RequestsPage,
  RequestsQuery,
  Role,
  SessionDetail,
  SessionFacets,
  SessionFiles,
  SessionRow,
  SessionsPage,
  SessionsQuery,
  SessionUsage,
  Settings,
  TokenRow,
  UsageAnswer,
  UsageQuery,
} from "@agentpane/protocol";

/**
 * What the server's threads offer one another. Everything is async and crosses a thread by structured clone, so a
 * store in another process (PostgreSQL) can stand here. Failures are `AgentPaneError`s, by code, on both sides.
 */

/** What a commit changed, for the feed. Times are the writer's injected clock. */
export interface CommitChanges {
  sessions: SessionRow[];
  /** Opened, changed or closed. They are told at once: a person is waited for. */
  requests?: RequestRow[];
  removed: string[];
  machines: MachineRow[];
  /** Transcripts that grew: the feed tells their watchers. */
  grown: { session: string; subagent: string | null; next: string; reset: boolean }[];
  /** Sessions in the store. */
  total: number;
  /** When time alone changes the first of `sessions`; absent where nothing does. */
  nextAt?: number;
}

export interface Committed<Answer> {
  answer: Answer;
  changes: CommitChanges;
}

export interface NewToken {
  id: string;
  name: string;
  role: Role;
  /** SHA-256 of the secret; the secret itself is never stored. */
  secretSha256: string;
  createdAt: number;
  expiresAt: number | null;
}

export interface TokenIdentity {
  id: string;
  name: string;
  role: Role;
  machine: string | null;
  expiresAt: number | null;
}

/** What a machine's channel brings: frames in their order, and that nothing comes any more. */
export type ChannelNews =
  | {
      type: "frame";
      machine: string;
      /** The server's clock when the frame came. */
      receivedAt: number;
      frame: Omit<Extract<ChannelMonitorFrame, { type: "presence" }>, "type">;
    }
  | { type: "lost"; machine: string; since: number }
  /** The server starts: no channel is there yet. */
  | { type: "restart" };

/** What channels tell of requests. `now` is the monitor's clock when it said so, `receivedAt` the server's when it came. */
export type RequestNews = { machine: string; now: number; receivedAt: number } & (
  | { type: "open"; request: AgentRequest }
  | { type: "closed"; id: string; closing: RequestClosing; decision: string | null }
  /** Others of the machine that stand open are withdrawn, and decisions that were not taken can be given again. */
  | { type: "held"; ids: string[] }
  /** What became of a decision; `error` is null where the hook took it. */
  | { type: "result"; id: string; decision: string; error: { code: string; message: string } | null }
);

/** A person's decision, before it is given to the monitor. */
export interface NewDecision extends DecisionBody {
  /** The request. */
  id: string;
  decisionId: string;
  /** Name of the token. */
  by: string;
  /** Address the call came from. */
  from: string | null;
}

/** What a call did, for the audit. */
export interface AuditNote {
  who: string;
  what: string;
  detail: unknown;
  from: string | null;
  session?: string;
  request?: string;
}

/** One writer thread; each call is one transaction, or shares one with its neighbours. */
export interface Writer extends AsyncDisposable {
  /** Bodies that wait together are committed together. `body` is an ingest body as received; its buffer is transferred. */
  ingest(machine: string, body: Uint8Array): Promise<Committed<IngestAnswer>>;
  /** Binds the token to the machine on first use; `machine_mismatch` where it is bound to another one. */
  register(
    token: string,
    body: RegisterBody,
  ): Promise<Committed<Omit<RegisterAnswer, "protocol" | "serverVersion" | "now">>>;
  heartbeat(token: string, body: HeartbeatBody): Promise<Committed<{ known: boolean }>>;
  deregister(token: string, body: DeregisterBody): Promise<Committed<null>>;
  /**
   * Goes before all that waits, in its own order; `stale` where the frame is not newer than the last of its boot. News
   * of a machine that never registered is a `conflict`.
   */
  presence(news: ChannelNews): Promise<Committed<{ stale: boolean }>>;
  /** Goes before all that waits, as presence does. News of a machine that never registered is a `conflict`. */
  requestNews(news: RequestNews): Promise<Committed<null>>;
  /**
   * Reserves the request for this decision, and writes down who decided what and what was shown. `not_found`;
   * `request_settled`, whose details say who was first; `digest_mismatch`; `invalid_request` where it does not fit.
   */
  claimRequest(decision: NewDecision): Promise<Committed<{ machine: string }>>;
  /** The decision never left: the request is as it was. */
  releaseRequest(id: string, decisionId: string, reason: string): Promise<Committed<null>>;
  /** Adds one line to the audit. */
  audit(note: AuditNote): Promise<void>;
  /** Recomputes what time alone changed (status limits, silent machines) and says when to come again. */
  sweep(): Promise<Committed<{ nextAt: number | null }>>;
  deleteSession(session: string): Promise<Committed<{ found: boolean }>>;
  /** Rebuilds events, copies and state of every source from its chunks, one transaction per source. */
  reindex(): Promise<Committed<ReindexAnswer>>;
  /** Audited under the name of `who`; history is priced anew in the background. */
  saveSettings(settings: Settings, who: string): Promise<Committed<Settings>>;
  /** Price data that was fetched and found good; audited, and history is priced anew in the background. */
  savePrices(prices: { url: string; models: unknown[] }, who: string): Promise<Committed<PricesRefreshAnswer>>;
  addToken(token: NewToken): Promise<void>;
  revokeToken(idOrName: string): Promise<TokenRow[]>;
  addLoginCode(code: { sha256: string; role: Role; expiresAt: number }): Promise<void>;
  /** Uses the code up and stores the token in the same transaction; null where there is no such code (any more). */
  redeemLoginCode(codeSha256: string, token: Omit<NewToken, "role">): Promise<{ role: Role } | null>;
  touchToken(id: string): Promise<void>;
}

/** One reader thread: sees every commit that was answered before the call. `session_deleted` where a deleted session is asked for. */
export interface Reader extends AsyncDisposable {
  sessions(query: SessionsQuery): Promise<SessionsPage>;
  /** The same as JSON text in UTF-8, ready to be sent: 500 rows cost a third less than as objects across the thread. */
  sessionsBody(query: SessionsQuery): Promise<Uint8Array>;
  /** What a list under `query` can be narrowed by further. */
  facets(query: FacetsQuery): Promise<SessionFacets>;
  session(id: string): Promise<SessionDetail | null>;
  /** The page as JSON text in UTF-8, ready to be sent; null where there is no such session or subagent. */
  events(session: string, query: EventsQuery): Promise<Uint8Array | null>;
  /** Null where there is no such image, or it was not kept. */
  image(session: string, query: ImageQuery): Promise<EventImage | null>;
  /** One bounded step of a search through one transcript; null where there is no such session or subagent. */
  find(session: string, query: FindQuery): Promise<FindPage | null>;
  /** Small events after a place, for watchers; "start" and "end" are places. */
  eventsAfter(
    session: string,
    subagent: string | null,
    place: string,
    limit: number,
  ): Promise<{ events: EventsPage["events"]; next: string; more: boolean; reset: boolean } | null>;
  /** Rows of spend; `invalid_request` for a time zone that nobody knows. */
  usage(query: UsageQuery): Promise<UsageAnswer>;
  /** The same as JSON text in UTF-8, ready to be sent. */
  usageBody(query: UsageQuery): Promise<Uint8Array>;
  /** Null where there is no such session. */
  sessionUsage(session: string): Promise<SessionUsage | null>;
  /** The session along its time, as JSON text in UTF-8; null where there is no such session. */
  timeline(session: string): Promise<Uint8Array | null>;
  /** What its tools did with files; null where there is no such session. */
  files(session: string): Promise<SessionFiles | null>;
  /** The changes of one file with their content, as JSON text in UTF-8; null where there is no such session. */
  fileChanges(session: string, query: FileChangesQuery): Promise<Uint8Array | null>;
  settings(): Promise<Settings>;
  requests(query: RequestsQuery): Promise<RequestsPage>;
  /** Oldest first. Of very many, the inputs of the first only. */
  openRequests(): Promise<RequestRow[]>;
  /** With all of its input and plan; null where there is none (any more). */
  request(id: string): Promise<RequestRow | null>;
  audit(query: AuditQuery): Promise<AuditPage>;
  machines(): Promise<MachineRow[]>;
  tokens(): Promise<TokenRow[]>;
  /** Valid now: neither expired nor revoked. */
  tokenBySecret(secretSha256: string): Promise<TokenIdentity | null>;
}

export interface Engine extends AsyncDisposable {
  /** Random id of this store's contents; a rebuilt or replaced store has another. */
  readonly storeEpoch: string;
  readonly writer: Writer;
  readonly reader: Reader;
}
