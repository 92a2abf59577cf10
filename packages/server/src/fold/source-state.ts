import type { TodoItem } from "@agentpane/protocol";

/** Raised when the same events may fold to another state; a source that was folded by an older one is rebuilt. */
export const FOLD_VERSION = 2;

/** Tool calls remembered as open; a turn rarely has more than a handful. */
export const MAX_OPEN_CALLS = 12;
export const MAX_OPEN_SUMMARY_CHARS = 120;
export const MAX_NAME_CHARS = 64;
export const MAX_PATH_CHARS = 1024;
export const MAX_BRANCH_CHARS = 300;
export const MAX_UNKNOWN_TYPES = 16;
/** Ids of finished subagents that are remembered, for those whose own transcript does not say that they finished. */
export const MAX_ENDED_AGENTS = 16;
export const MAX_TODOS = 50;
export const MAX_TODO_CHARS = 100;

/** A tool call without its result. */
export interface OpenCall {
  call: string;
  tool: string;
  summary: string;
  at: number | null;
}

/**
 * What the transcript said last of the turn.
 * `none`: no turn yet. `working`: one runs. `over`: it ended. `error`: an API error ended it. `bye`: the client's
 * closing line.
 */
export type Phase = "none" | "working" | "over" | "error" | "bye";

/** Which title wins: what a person wrote, then what the model wrote, then an agent's name or an old summary. */
export const TITLE_RANK = { user: 3, ai: 2, agent: 1, summary: 1 } as const;

/** The client's own count of what it spent, in nano-dollars. */
export interface ClientTotal {
  /** Of earlier processes that the last one did not carry on. */
  before: number;
  /** What it said last, and when the line before that was written. */
  last: number;
  at: number | null;
}

/**
 * What one generation of one source folded to: evidence and times only, nothing that depends on a clock or on when its
 * lines arrived. As JSON rarely over 1 KiB and never over 8; the todo list, which few have, adds at most as much again.
 */
export interface SourceState {
  events: number;
  malformed: number;
  unknownLines: number;
  /** Pairs, since a hostile name ("__proto__") is no key of an object. */
  unknownTypes: [type: string, count: number][];
  turns: number;
  /** Time of the first dated line, of the last by position, and the latest of all: real times run backwards. */
  firstAt: number | null;
  lastAt: number | null;
  latestAt: number | null;
  cwd: string | null;
  /** From the first `cwd`: where the session was started, whatever folder its shell went to since. */
  project: string | null;
  branch: string | null;
  version: string | null;
  model: string | null;
  /** Tokens of the last request: input, cache read and cache write. */
  contextTokens: number | null;
  /** The client's own totals, which it carries from process to process of a session. */
  client: ClientTotal | null;
  permissionMode: string | null;
  goal: string | null;
  title: string | null;
  titleRank: number;
  lastWords: { who: "agent" | "person"; summary: string } | null;
  phase: Phase;
  /** For a person: how the turn ended, or what the error was. */
  why: string;
  phaseAt: number | null;
  /** The error that ended the turn was a limit of the account's. Says nothing in other phases. */
  limited: boolean;
  /** Position of the line that set the phase: other events of a line that ended a turn do not begin the next. */
  phaseOffset: number;
  /** The response that ended the turn, whose blocks stand on lines of their own. */
  endedResponse: string | null;
  /** What the model does while no tool runs. */
  doing: { what: string; summary: string; at: number | null } | null;
  open: OpenCall[];
  /** Open calls beyond those remembered. */
  openMore: number;
  /** The last time that a turn began or ended, and how many background subagents ran on across it. */
  boundaryAt: number | null;
  boundaryPending: number;
  /** Prompts and notices that wait for the turn to end. */
  queued: number;
  endedAgents: string[];
  todos: TodoItem[];
}

export function emptyState(): SourceState {
  return {
    events: 0,
    malformed: 0,
    unknownLines: 0,
    unknownTypes: [],
    turns: 0,
    firstAt: null,
    lastAt: null,
    latestAt: null,
    cwd: null,
    project: null,
    branch: null,
    version: null,
    model: null,
    contextTokens: null,
    client: null,
    permissionMode: null,
    goal: null,
    title: null,
    titleRank: 0,
    lastWords: null,
    phase: "none",
    why: "",
    phaseAt: null,
    limited: false,
    phaseOffset: -1,
    endedResponse: null,
    doing: null,
    open: [],
    openMore: 0,
    boundaryAt: null,
    boundaryPending: 0,
    queued: 0,
    endedAgents: [],
    todos: [],
  };
}

/** A state as it was stored; what an older fold did not know of begins empty, until the source is rebuilt. */
export function parseState(text: string): SourceState {
  return { ...emptyState(), ...(JSON.parse(text) as Partial<SourceState>) };
}
