import {
  AgentPaneError,
  type MachineRow,
  type RegisterBody,
  type RequestRow,
  type SessionDetail,
  type SessionEvent,
  type SessionRow,
  type Settings,
  type TokenRow,
} from "@agentpane/protocol";
import type {
  AuditNote,
  ChannelNews,
  CommitChanges,
  Committed,
  Engine,
  NewDecision,
  NewToken,
  Reader,
  RequestNews,
  Writer,
} from "./store/contract.ts";

/** A store in memory with the contract's behaviour, so that the edge is tested without SQLite and may be made to fail. */
export class FakeEngine implements Engine {
  readonly storeEpoch = "fake";
  readonly rows = new Map<string, SessionRow>();
  readonly machines = new Map<string, MachineRow>();
  readonly transcripts = new Map<string, SessionEvent[]>();
  readonly tokens = new Map<string, NewToken & { revokedAt: number | null; machine: string | null }>();
  readonly codes = new Map<string, { role: NewToken["role"]; expiresAt: number }>();
  /** Bodies in the order they came, with the machine they were taken for. */
  readonly ingested: { machine: string; body: Uint8Array }[] = [];
  /** News of channels in the order they came. */
  readonly news: ChannelNews[] = [];
  beforePresence: () => Promise<void> = async () => {};
  /** News of requests in the order they came, and what people decided; `claims` answers the latter. */
  readonly requestNews: RequestNews[] = [];
  readonly decisions: NewDecision[] = [];
  readonly released: string[] = [];
  readonly audited: AuditNote[] = [];
  readonly requests = new Map<string, RequestRow>();
  beforeClaim: (decision: NewDecision) => Promise<void> = async () => {};
  /** What the next sweep answers. */
  sweepChanges: Partial<CommitChanges> = {};
  settings: Settings = { prices: {} };
  /** Names of those who changed the settings. */
  readonly changedBy: string[] = [];
  prices: { url: string; models: unknown[] } | null = null;
  nextSweepAt: number | null = null;
  sweeps = 0;
  /** A test holds the writer or breaks the reader here. */
  beforeIngest: () => Promise<void> = async () => {};
  beforeSessions: () => Promise<void> = async () => {};
  now: () => number = Date.now;
  disposed = false;
  readonly #deleted = new Set<string>();

  readonly writer: Writer = {
    ingest: async (machine, body) => {
      await this.beforeIngest();
      this.ingested.push({ machine, body });
      return this.committed({ answers: [] });
    },
    register: async (token, body) => {
      const known = this.tokens.get(token);
      if (known === undefined) throw new Error("register with an unknown token");
      if (known.machine !== null && known.machine !== body.machine) throw mismatch();
      known.machine = body.machine;
      const row = machineRow(body, this.now());
      this.machines.set(row.id, row);
      return this.committed({ cursors: [] }, { machines: [row] });
    },
    heartbeat: async (token, body) => {
      if (this.tokens.get(token)?.machine !== body.machine) throw mismatch();
      return this.committed({ known: this.machines.has(body.machine) });
    },
    deregister: async () => this.committed(null),
    presence: async (news) => {
      await this.beforePresence();
      this.news.push(news);
      return this.committed({ stale: false });
    },
    requestNews: async (news) => {
      this.requestNews.push(news);
      return this.committed(null);
    },
    claimRequest: async (decision) => {
      await this.beforeClaim(decision);
      const known = this.requests.get(decision.id);
      if (known === undefined) throw new AgentPaneError("not_found", "There is no such request.");
      this.decisions.push(decision);
      return this.committed({ machine: known.machine.id });
    },
    releaseRequest: async (_id, decision) => {
      this.released.push(decision);
      return this.committed(null);
    },
    audit: async (note) => {
      this.audited.push(note);
    },
    sweep: async () => {
      this.sweeps += 1;
      return this.committed({ nextAt: this.nextSweepAt }, this.sweepChanges);
    },
    deleteSession: async (id) => {
      const found = this.rows.delete(id);
      if (found) this.#deleted.add(id);
      return this.committed({ found }, { removed: found ? [id] : [] });
    },
    reindex: async () => this.committed({ sources: 1, events: 2, failed: 0 }),
    saveSettings: async (settings, who) => {
      this.changedBy.push(who);
      this.settings = settings;
      return this.committed(settings);
    },
    savePrices: async (prices) => {
      this.prices = prices;
      return this.committed({ url: prices.url, models: prices.models.length, changed: true });
    },
    addToken: async (token) => {
      this.tokens.set(token.id, { ...token, revokedAt: null, machine: null });
    },
    revokeToken: async (idOrName) => {
      const found = [...this.tokens.values()].filter(
        ({ id, name, revokedAt }) => revokedAt === null && (id === idOrName || name === idOrName),
      );
      for (const token of found) token.revokedAt = this.now();
      return found.map(tokenRow);
    },
    addLoginCode: async ({ sha256, role, expiresAt }) => {
      this.codes.set(sha256, { role, expiresAt });
    },
    redeemLoginCode: async (sha256, token) => {
      const code = this.codes.get(sha256);
      this.codes.delete(sha256);
      if (code === undefined || code.expiresAt <= this.now()) return null;
      this.tokens.set(token.id, { ...token, role: code.role, revokedAt: null, machine: null });
      return { role: code.role };
    },
    touchToken: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };

  readonly reader: Reader = {
    sessions: async ({ limit, offset }) => {
      await this.beforeSessions();
      const all = [...this.rows.values()];
      return { sessions: all.slice(offset, offset + limit), total: all.length };
    },
    sessionsBody: async (query) => Buffer.from(JSON.stringify(await this.reader.sessions(query))),
    facets: async () => ({ status: [], project: [], branch: [], machine: [], model: [] }),
    session: async (id) => {
      this.#refuseDeleted(id);
      const row = this.rows.get(id);
      return row === undefined ? null : detail(row);
    },
    events: async (id) => {
      const events = this.transcripts.get(id);
      return events === undefined ? null : Buffer.from(JSON.stringify({ events, next: null, previous: null }));
    },
    image: async () => null,
    find: async (id) =>
      this.transcripts.has(id) ? { findings: [], next: null, searchedBytes: 0, totalBytes: 0 } : null,
    eventsAfter: async (id, _subagent, place, limit) => {
      this.#refuseDeleted(id);
      const events = this.transcripts.get(id);
      if (events === undefined) return null;
      const from = place === "start" ? 0 : place === "end" ? events.length : Number(place);
      const page = events.slice(from, from + limit);
      const to = from + page.length;
      return { events: page, next: String(to), more: to < events.length, reset: false };
    },
    usage: async () => ({ rows: [], total: NO_USAGE, repricing: 0 }),
    usageBody: async (query) => Buffer.from(JSON.stringify(await this.reader.usage(query))),
    sessionUsage: async (id) =>
      this.rows.has(id) ? { total: NO_USAGE, byModel: [], bySubagent: [], overTime: [], client: null } : null,
    timeline: async () => null,
    files: async () => null,
    fileChanges: async () => null,
    settings: async () => this.settings,
    requests: async () => ({ requests: [...this.requests.values()], next: null, open: this.requests.size }),
    openRequests: async () => [...this.requests.values()].filter(({ state }) => state === "open"),
    request: async (id) => this.requests.get(id) ?? null,
    audit: async () => ({ entries: [], next: null }),
    machines: async () => [...this.machines.values()],
    tokens: async () => [...this.tokens.values()].map(tokenRow),
    tokenBySecret: async (sha256) => {
      const found = [...this.tokens.values()].find((token) => token.secretSha256 === sha256);
      if (found === undefined || found.revokedAt !== null) return null;
      if (found.expiresAt !== null && found.expiresAt <= this.now()) return null;
      const { id, name, role, machine, expiresAt } = found;
      return { id, name, role, machine, expiresAt };
    },
    [Symbol.asyncDispose]: async () => {},
  };

  #refuseDeleted(id: string): void {
    if (this.#deleted.has(id)) throw new AgentPaneError("session_deleted", "Somebody deleted this session.");
  }

  /** What a commit that put `row` answers. */
  put(row: SessionRow): CommitChanges {
    this.rows.set(row.id, row);
    return this.committed(null, { sessions: [row] }).changes;
  }

  committed<Answer>(answer: Answer, changes: Partial<CommitChanges> = {}): Committed<Answer> {
    return {
      answer,
      changes: { sessions: [], removed: [], machines: [], grown: [], total: this.rows.size, ...changes },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.disposed = true;
  }
}

const NO_USAGE = {
  responses: 0,
  inputTokens: 0,
  outputTokens: 0,
  cacheWrite5mTokens: 0,
  cacheWrite1hTokens: 0,
  cacheReadTokens: 0,
  webSearches: 0,
  costNanoUsd: 0,
  costUsd: 0,
  unpriced: [],
};

export const MACHINE = `m_${"1".repeat(32)}`;

export function sessionRow(id: string, title = `title of ${id}`): SessionRow {
  return {
    id,
    product: "claude-code",
    title,
    goal: null,
    project: "shop",
    cwd: "/home/somebody/shop",
    branch: "main",
    model: null,
    permissionMode: null,
    agentVersion: null,
    machine: { id: MACHINE, name: "desk" },
    status: "working",
    since: 1_000,
    source: "transcript",
    sentence: "a turn is running, from the transcript",
    activity: null,
    lastWords: null,
    startedAt: 1_000,
    lastActivityAt: 1_000,
    turns: 1,
    subagents: { total: 0, running: 0 },
    todo: null,
    events: 1,
    malformed: 0,
    unknownLines: 0,
    bytes: 100,
  };
}

export function promptEvent(session: string, offset: number, summary = "hello"): SessionEvent {
  return {
    kind: "prompt",
    at: 1_000,
    offset,
    index: 0,
    origin: "human",
    summary,
    chars: summary.length,
    images: 0,
    product: "claude-code",
    machine: MACHINE,
    session,
    subagent: null,
  };
}

function detail(row: SessionRow): SessionDetail {
  return { ...row, todos: [], agents: [], sources: [], unknownTypes: {} };
}

function machineRow(body: RegisterBody, now: number): MachineRow {
  const { machine: id, name, os, monitorVersion } = body;
  return {
    id,
    name,
    os,
    monitorVersion,
    registeredAt: now,
    lastSeenAt: now,
    state: "connected",
    sessions: 0,
    report: null,
  };
}

function tokenRow(token: NewToken & { revokedAt: number | null; machine: string | null }): TokenRow {
  const { id, name, role, createdAt, expiresAt, revokedAt, machine } = token;
  return { id, name, role, createdAt, expiresAt, lastUsedAt: null, revokedAt, machine };
}

function mismatch(): AgentPaneError {
  return new AgentPaneError("machine_mismatch", "This token is bound to another machine.");
}
