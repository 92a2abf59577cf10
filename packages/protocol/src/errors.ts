import { z } from "zod";

interface ErrorFacts {
  /** HTTP status it is answered with. */
  status: number;
  /** Whether the same call may succeed later without being changed. */
  retryable: boolean;
  /** What it means and what to do, for the docs. */
  meaning: string;
}

/** Every error that leaves a process by name. `docs/errors.md` lists the same; a test holds the two together. */
export const ERRORS = {
  invalid_request: {
    status: 400,
    retryable: false,
    meaning: "A body or query breaks its schema; `details` says where.",
  },
  invalid_frame: {
    status: 400,
    retryable: false,
    meaning: "An ingest body or socket frame is not of the protocol's form.",
  },
  protocol_mismatch: {
    status: 400,
    retryable: false,
    meaning: "Monitor and server speak different protocol versions; the message says which side to update.",
  },
  unauthenticated: {
    status: 401,
    retryable: false,
    meaning: "No token, or one that is unknown, expired or revoked. Make a link or a token.",
  },
  code_invalid: {
    status: 401,
    retryable: false,
    meaning: "The one-time code was used, expired or never existed. Run `agentpane link`.",
  },
  forbidden: {
    status: 403,
    retryable: false,
    meaning: "The token's role may not do this; the message names the role that may.",
  },
  origin_refused: {
    status: 403,
    retryable: false,
    meaning: "Host, Origin or Sec-Fetch-Site is not of this server's own page.",
  },
  machine_mismatch: {
    status: 403,
    retryable: false,
    meaning:
      "The token is bound to another machine. Make a token for this one: `agentpane tokens add NAME --role monitor`.",
  },
  not_found: { status: 404, retryable: false, meaning: "No such path, session, event or token." },
  method_not_allowed: { status: 405, retryable: false, meaning: "The path exists, but not with this method." },
  request_settled: {
    status: 409,
    retryable: false,
    meaning:
      "The request is settled already, or another decision is on its way; the message and `details` say who was first.",
  },
  digest_mismatch: {
    status: 409,
    retryable: false,
    meaning: "The decision is not about what the agent's machine holds. Nothing was done; look at the request again.",
  },
  request_unreachable: {
    status: 503,
    retryable: true,
    meaning: "The monitor that holds the request is not connected. Answer in the terminal, or wait until it is back.",
  },
  session_unreachable: {
    status: 409,
    retryable: false,
    meaning: "No words can be sent to this session now; the message says why and what to do.",
  },
  settings_invalid: {
    status: 409,
    retryable: false,
    meaning:
      "The agent's settings file cannot be read as JSON; the message names file and line. Mend it by hand; it was left alone.",
  },
  conflict: { status: 409, retryable: false, meaning: "Something already stands that the call would contradict." },
  session_deleted: { status: 410, retryable: false, meaning: "A person deleted this session; it stays deleted." },
  body_too_large: {
    status: 413,
    retryable: false,
    meaning: "A body over 5 MB, or one that unpacks to over 32 MiB. Send less at a time.",
  },
  unsupported_media_type: {
    status: 415,
    retryable: false,
    meaning: "The Content-Type or Content-Encoding is not one that this path takes.",
  },
  rate_limited: {
    status: 429,
    retryable: true,
    meaning: "Too many calls or bytes from this machine; wait for Retry-After.",
  },
  too_many_streams: {
    status: 429,
    retryable: true,
    meaning: "All places for live readers are taken; wait for Retry-After.",
  },
  internal: {
    status: 500,
    retryable: true,
    meaning: "A fault of the server; its log has the cause under the request id.",
  },
  chunk_corrupt: { status: 500, retryable: false, meaning: "A kept chunk does not open or contradicts its own table." },
  chunk_mismatch: { status: 500, retryable: false, meaning: "A kept chunk and the events of its range disagree." },
  not_ready: { status: 503, retryable: true, meaning: "The server starts or stops; wait for Retry-After." },
  prices_unreachable: {
    status: 502,
    retryable: true,
    meaning: "The address of the price data does not answer with it. The prices that were there stay.",
  },
  prices_invalid: {
    status: 502,
    retryable: false,
    meaning: "What came from the address is no price data that we can read. The prices that were there stay.",
  },
  store_busy: { status: 503, retryable: true, meaning: "The store's queue is full; wait for Retry-After." },
  store_full: {
    status: 507,
    retryable: true,
    meaning: "The disk under the store is full. Free space; nothing that was committed is lost.",
  },
  store_newer: {
    status: 500,
    retryable: false,
    meaning: "The store was written by a newer AgentPane. Update this one, or take another data folder.",
  },
  store_locked: {
    status: 500,
    retryable: false,
    meaning: "Another server uses this data folder. Stop it, or take another.",
  },
  store_unsuitable: {
    status: 500,
    retryable: false,
    meaning: "The data folder is on a network filesystem or cannot be written. Take a local one.",
  },
  address_refused: { status: 500, retryable: false, meaning: "Only loopback addresses are listened on." },
  port_in_use: {
    status: 500,
    retryable: false,
    meaning: "The port is taken. Stop what holds it or choose another with --port.",
  },
  monitor_running: {
    status: 500,
    retryable: false,
    meaning: "This user's monitor already runs on this host; one watches all roots.",
  },
  server_unreachable: {
    status: 500,
    retryable: true,
    meaning: "No server answers at the address. Start it with `agentpane up`.",
  },
} as const satisfies Record<string, ErrorFacts>;

export type ErrorCode = keyof typeof ERRORS;
export const ERROR_CODES = Object.keys(ERRORS) as ErrorCode[];

/** An error that may leave the process: its code is stable, its message says what to do. */
export class AgentPaneError extends Error {
  readonly code: ErrorCode;
  readonly details: unknown;
  /** Seconds to wait before the next try, for the codes that say so. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; details?: unknown; retryAfterSeconds?: number } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "AgentPaneError";
    this.code = code;
    this.details = options.details;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }

  get retryable(): boolean {
    return ERRORS[this.code].retryable;
  }
}

export const errorBody = z.object({
  error: z.object({
    code: z.enum(ERROR_CODES as [ErrorCode, ...ErrorCode[]]),
    message: z.string(),
    details: z.unknown().optional(),
  }),
});
export type ErrorBody = z.infer<typeof errorBody>;
