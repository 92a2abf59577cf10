import { z } from "zod";
import { canonicalJson } from "./canonical-json.ts";
import { byteCount, count, durationMs, epochMs, machineId, sessionId, sha256Hex, subagentId, word } from "./units.ts";

/** A request whose input or plan is larger stays with the agent's own dialog. */
export const MAX_REQUEST_INPUT_BYTES = 1024 * 1024;
/** A larger input does not travel in lists and live frames: `GET /requests/:id` has it. */
export const MAX_INLINE_INPUT_BYTES = 32 * 1024;
/** Requests that one monitor holds at once; what comes beyond stays with the agent's own dialog. */
export const MAX_HELD_REQUESTS = 1000;
/** Longest words of a person to an agent in a decision, in characters. */
export const MAX_DECISION_CHARS = 20_000;

export const requestId = z.string().regex(/^r_[0-9a-f]{32}$/);
export const decisionId = z.string().regex(/^d_[0-9a-f]{32}$/);

/** `permission`: may this tool run? `question`: an answer is wanted. `plan`: may the agent begin? */
export const REQUEST_KINDS = ["permission", "question", "plan"] as const;
export const requestKind = z.enum(REQUEST_KINDS);
export type RequestKind = z.infer<typeof requestKind>;

/**
 * `open`: held, and the agent's own dialog is there as well. `decided`: settled by a decision that the hook took.
 * `answered`: settled in the terminal. `expired`: nobody answered in time, the dialog stands. `withdrawn`: the agent no
 * longer asks (its process died, it asks something newer, it hung up), or its monitor is gone.
 */
export const REQUEST_STATES = ["open", "decided", "answered", "expired", "withdrawn"] as const;
export const requestState = z.enum(REQUEST_STATES);
export type RequestState = z.infer<typeof requestState>;

/** What "allow always" would add: the client's own suggestion, verbatim, and the same in words. */
export const requestSuggestion = z.object({
  /** The client's own object, as JSON text. */
  json: z.string().max(64 * 1024),
  /** "Allow edits for the rest of this session". */
  words: z.string().max(1000),
});
export type RequestSuggestion = z.infer<typeof requestSuggestion>;

/** One thing that only a person can settle, as the hook brought it. Times are of the monitor's clock. */
export const agentRequest = z.object({
  id: requestId,
  root: z.string().min(1).max(4096),
  session: sessionId,
  subagent: subagentId.nullable(),
  subagentType: word.nullable(),
  kind: requestKind,
  tool: word,
  /** The tool's input as JSON text. */
  inputJson: z.string().max(MAX_REQUEST_INPUT_BYTES),
  suggestions: z.array(requestSuggestion).max(50),
  /** The plan file, as it was when the request came; null for other kinds, and where it could not be read. */
  plan: z.object({ path: z.string().max(4096), text: z.string().max(MAX_REQUEST_INPUT_BYTES) }).nullable(),
  cwd: z.string().max(4096).nullable(),
  permissionMode: word.nullable(),
  /** The transcript's tool call that it is about; null until it was found. */
  toolUseId: word.nullable(),
  openedAt: epochMs,
  /** When the monitor lets go of it. */
  expiresAt: epochMs,
});
export type AgentRequest = z.infer<typeof agentRequest>;

/** What became of it for the agent. `always`: allowed, and so that it need not ask again. */
const REQUEST_OUTCOMES = ["allowed", "always", "denied", "answered", "skipped", "approved", "rejected"] as const;
const requestOutcome = z.enum(REQUEST_OUTCOMES);
export type RequestOutcome = z.infer<typeof requestOutcome>;

/** How a request was closed, by whom. */
export const requestClosing = z.object({
  state: requestState.exclude(["open"]),
  at: epochMs,
  /** `person`: through AgentPane, `name` is the token's. `terminal`: at the agent's own dialog. `config`: by a rule. `nobody`. */
  who: z.enum(["person", "terminal", "config", "nobody"]),
  name: z.string().max(200).nullable(),
  /** One sentence for a person: "denied in the terminal". */
  how: z.string().max(500),
  /** Null where nobody can tell; absent from monitors of before it was told. */
  outcome: requestOutcome.nullable().optional(),
});
export type RequestClosing = z.infer<typeof requestClosing>;

/** A request as pages and scripts get it. Times are of the server's clock. */
export const requestRow = agentRequest.omit({ root: true, inputJson: true, plan: true }).extend({
  machine: z.object({ id: machineId, name: z.string() }),
  /** Null where it is larger than 32 KiB: ask for the request by its id. */
  inputJson: z.string().nullable(),
  inputBytes: byteCount,
  /** `text` is null where it is larger than 32 KiB: ask for the request by its id. */
  plan: z.object({ path: z.string(), text: z.string().nullable() }).nullable(),
  /** First line of what is asked, for a row. */
  summary: z.string().max(240),
  state: requestState,
  closing: requestClosing.nullable(),
  /** From opening to closing. */
  latencyMs: durationMs.nullable(),
  /** Whether its monitor's channel is open: only then can it be settled from here. */
  reachable: z.boolean(),
});
export type RequestRow = z.infer<typeof requestRow>;

const words = z.string().max(MAX_DECISION_CHARS);

/** A person's settlement. Which fits which kind: `permission` allow, deny; `question` answer, skip; `plan` approve, reject. */
export const decision = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("allow"),
    /** The input to run instead, as JSON text; absent for what was asked. */
    updatedInputJson: z.string().max(MAX_REQUEST_INPUT_BYTES).optional(),
    /** Which of the request's suggestions to accept as well, by index: "allow always". */
    always: z.array(z.int().min(0).max(49)).max(50).optional(),
  }),
  /** `stop` ends the turn as Escape does; then the agent is not told the words. */
  z.object({ type: z.literal("deny"), words, stop: z.boolean() }),
  z.object({
    type: z.literal("answer"),
    /** One for each question that is answered, in their order; `other` is free text, beside or instead of the choices. */
    answers: z
      .array(
        z.object({
          question: z.string().max(20_000),
          choices: z.array(z.string().max(2000)).max(50),
          other: words.nullable(),
        }),
      )
      .min(1)
      .max(20),
  }),
  z.object({ type: z.literal("skip"), words }),
  /** `acceptEdits` also switches the session to accept edits without asking. */
  z.object({ type: z.literal("approve"), acceptEdits: z.boolean() }),
  z.object({ type: z.literal("reject"), words }),
]);
export type Decision = z.infer<typeof decision>;

/** Which decisions settle which kind. */
export const DECISIONS_OF_KIND: Readonly<Record<RequestKind, readonly Decision["type"][]>> = {
  permission: ["allow", "deny"],
  question: ["answer", "skip"],
  plan: ["approve", "reject"],
};

/** `POST /requests/:id/decision`. */
export const decisionBody = z.object({
  decision,
  /** SHA-256 of `decisionSubject` in UTF-8, over exactly what was shown. */
  digest: sha256Hex,
});
export type DecisionBody = z.infer<typeof decisionBody>;
export const decisionAnswer = z.object({ request: requestRow });

/** What the page showed and what the person chose; the monitor builds the same from the bytes it holds. */
export interface DecisionSubject {
  request: string;
  machine: string;
  session: string;
  subagent: string | null;
  tool: string;
  inputJson: string;
  suggestions: readonly RequestSuggestion[];
  plan: { path: string; text: string } | null;
  decision: Decision;
}

/**
 * The text that a decision's digest is taken over. Embedded JSON texts are parsed first, so that only their meaning counts.
 * Throws `SyntaxError` where one does not parse, and `invalid_request` where one is nested too deep.
 */
export function decisionSubject(shown: DecisionSubject): string {
  const { decision: chosen } = shown;
  return canonicalJson({
    request: shown.request,
    machine: shown.machine,
    session: shown.session,
    subagent: shown.subagent,
    tool: shown.tool,
    input: JSON.parse(shown.inputJson),
    suggestions: shown.suggestions.map((one) => JSON.parse(one.json)),
    plan: shown.plan === null ? null : { path: shown.plan.path, text: shown.plan.text },
    decision:
      chosen.type === "allow" && chosen.updatedInputJson !== undefined
        ? { ...chosen, updatedInputJson: JSON.parse(chosen.updatedInputJson) }
        : chosen,
  });
}

/** Query strings arrive as text, hence the coercion. `closed` is every state but `open`. */
export const requestsQuery = z.object({
  state: z.union([requestState, z.literal("closed")]).optional(),
  session: sessionId.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  /** Give back `next` of the page before. */
  after: z.string().max(200).optional(),
  /** Epoch milliseconds: also say how much people settled from then on. */
  since: z.coerce.number().int().min(0).optional(),
});
export type RequestsQuery = z.infer<typeof requestsQuery>;
/** Open ones oldest first, then closed ones newest first. */
export const requestsPage = z.object({
  requests: z.array(requestRow),
  next: z.string().nullable(),
  open: count,
  /** What people settled, here or in the terminal, since the time that was asked about; absent where none was. */
  settled: z.object({ count, medianLatencyMs: durationMs.nullable() }).optional(),
});
export type RequestsPage = z.infer<typeof requestsPage>;

/** One line of the audit, which only grows. */
export const auditEntry = z.object({
  /** Counts up; an entry's place in the audit. */
  n: count,
  at: epochMs,
  /** Name of the token that acted. */
  actor: z.string(),
  /** Address the call came from. */
  from: z.string().nullable(),
  /** "decision", "decision.result", "input", "interrupt", "settings", "prices", "session.delete", ... */
  action: word,
  session: sessionId.nullable(),
  request: requestId.nullable(),
  /** What exactly was shown, decided or typed; its form depends on the action. */
  details: z.unknown(),
  /** From the request's opening to this. */
  latencyMs: durationMs.nullable(),
});
export type AuditEntry = z.infer<typeof auditEntry>;
export const auditQuery = z.object({
  session: sessionId.optional(),
  actor: z.string().max(200).optional(),
  /** Epoch milliseconds, inclusive. */
  from: z.coerce.number().int().min(0).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  /** Entries before this `n`: the next page. */
  before: z.coerce.number().int().min(0).optional(),
});
export type AuditQuery = z.infer<typeof auditQuery>;
/** Newest first. */
export const auditPage = z.object({ entries: z.array(auditEntry), next: count.nullable() });
export type AuditPage = z.infer<typeof auditPage>;
