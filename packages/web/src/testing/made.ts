import type {
  LiveServerFrame,
  MachineRow,
  RequestRow,
  SessionEvent,
  SessionRow,
  SubagentRow,
  UsageRow,
  UsageTotals,
} from "@agentpane/protocol";

/** A fixed moment, so that no test depends on the clock of its host. */
export const NOON = Date.UTC(2026, 10, 22, 12, 0, 0);

export const MACHINE_ID = `m_${"a".repeat(32)}`;

export function madeRow(id: string, change: Partial<SessionRow> = {}): SessionRow {
  return {
    id,
    product: "claude-code",
    title: `Title of ${id}`,
    goal: null,
    project: "shop",
    cwd: "/home/dev/shop",
    branch: "main",
    model: "claude-opus-5-5",
    permissionMode: "auto",
    agentVersion: "2.1.330",
    machine: { id: MACHINE_ID, name: "atlas" },
    status: "working",
    since: NOON - 60_000,
    source: "transcript",
    sentence: "a turn is running, from the transcript",
    activity: null,
    lastWords: null,
    startedAt: NOON - 600_000,
    lastActivityAt: NOON - 1_000,
    turns: 1,
    subagents: { total: 0, running: 0 },
    todo: null,
    events: 10,
    malformed: 0,
    unknownLines: 0,
    bytes: 1000,
    ...change,
  };
}

export function madeAgent(id: string, change: Partial<SubagentRow> = {}): SubagentRow {
  return {
    id,
    status: "ended",
    since: NOON - 60_000,
    activity: null,
    startedAt: NOON - 120_000,
    lastActivityAt: NOON - 60_000,
    events: 4,
    ...change,
  };
}

export function madeMachine(name: string, change: Partial<MachineRow> = {}): MachineRow {
  return {
    id: `m_${name.charCodeAt(0).toString(16).padStart(32, "0")}`,
    name,
    os: "linux",
    monitorVersion: "0.1.0",
    registeredAt: NOON - 3_600_000,
    lastSeenAt: NOON,
    state: "connected",
    sessions: 1,
    report: null,
    ...change,
  };
}

/** A permission that waits since a minute, unless `change` says otherwise; `id` is one hex digit. */
export function madeRequest(id: string, change: Partial<RequestRow> = {}): RequestRow {
  const inputJson = change.inputJson === undefined ? JSON.stringify({ command: "npm test" }) : change.inputJson;
  return {
    id: `r_${id.repeat(32)}`,
    session: "s1",
    subagent: null,
    subagentType: null,
    kind: "permission",
    tool: "Bash",
    suggestions: [],
    cwd: "/home/dev/shop",
    permissionMode: "default",
    toolUseId: null,
    openedAt: NOON - 60_000,
    expiresAt: NOON + 86_000_000,
    machine: { id: MACHINE_ID, name: "atlas" },
    inputBytes: inputJson?.length ?? 100_000,
    plan: null,
    summary: "npm test",
    state: "open",
    closing: null,
    latencyMs: null,
    reachable: true,
    ...change,
    inputJson,
  };
}

export function madeTotals(change: Partial<UsageTotals> = {}): UsageTotals {
  return {
    responses: 0,
    inputTokens: 0,
    outputTokens: 0,
    cacheWrite5mTokens: 0,
    cacheWrite1hTokens: 0,
    cacheReadTokens: 0,
    webSearches: 0,
    costNanoUsd: 0,
    unpriced: [],
    ...change,
  };
}

export function madeUsageRow(key: string, change: Partial<UsageTotals> = {}): UsageRow {
  const totals = madeTotals(change);
  return { key, ...totals, costUsd: totals.costNanoUsd / 1e9 };
}

type Snapshot = Extract<LiveServerFrame, { type: "snapshot" }>;
type Changes = Extract<LiveServerFrame, { type: "changes" }>;

export function madeSnapshot(n: number, sessions: SessionRow[], change: Partial<Snapshot> = {}): Snapshot {
  return { type: "snapshot", epoch: "e1", n, now: NOON, sessions, total: sessions.length, machines: [], ...change };
}

export function madeChanges(n: number, sessions: SessionRow[], change: Partial<Changes> = {}): Changes {
  return { type: "changes", epoch: "e1", n, now: NOON, sessions, removed: [], machines: [], total: 0, ...change };
}

type Loose = { kind: SessionEvent["kind"] } & Record<string, unknown>;

/** An event at `offset`; what its kind demands is for the caller to give. */
export function madeEvent(offset: number, event: Loose): SessionEvent {
  return {
    at: NOON + offset,
    offset,
    index: 0,
    product: "claude-code",
    machine: MACHINE_ID,
    session: "s1",
    subagent: null,
    ...event,
  } as unknown as SessionEvent;
}

export function madeText(offset: number, text: string): SessionEvent {
  return madeEvent(offset, { kind: "text", response: "r", summary: text, chars: text.length, content: { text } });
}

/** A call of `tool` and, where `result` is given, what it returned. */
export function madeCall(
  offset: number,
  tool: string,
  input: unknown,
  result?: Record<string, unknown>,
): SessionEvent[] {
  const call = `call-${offset}`;
  const summary = String(Object.values((input ?? {}) as object)[0] ?? "");
  const events = [
    madeEvent(offset, { kind: "tool.call", response: "r", call, tool, summary, chars: 1, content: { input } }),
  ];
  if (result !== undefined) {
    const { text = "", kept, ...rest } = result;
    events.push(
      madeEvent(offset + 1, {
        kind: "tool.result",
        call,
        isError: false,
        summary: text,
        chars: String(text).length,
        images: 0,
        content: { text, ...(kept === undefined ? {} : { result: kept }) },
        ...rest,
      }),
    );
  }
  return events;
}
