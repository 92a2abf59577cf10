import { AgentPaneError, type ErrorCode } from "@agentpane/protocol";

/** A call from the server's main thread to one of the store's threads. `now` is the caller's clock. */
export interface Call {
  id: number;
  method: string;
  args: unknown[];
  now: number;
}

export interface Failure {
  code: ErrorCode;
  message: string;
  details?: unknown;
  retryAfterSeconds?: number;
  /** For the log only. */
  cause?: string;
}

export type Reply = { id: number; value: unknown } | { id: number; failure: Failure };

/** A call's outcome. What stands in `transfer` is given away instead of copied. */
export type Result = { value: unknown; transfer?: ArrayBuffer[] } | { error: unknown };
export type Answer = (result: Result) => void;

/** What answers calls, in a thread of its own or not. It answers each once; "close" is the last it gets. */
export interface Service<Facts> {
  /** What it says of itself when it started. */
  readonly facts: Facts;
  take(call: Call, answer: Answer): void;
}

/** Sent once by a thread when it can answer, or when it cannot start. */
export type Started = { started: true; facts: unknown } | { started: false; failure: Failure };

/** An error as it crosses a thread; one without a code becomes `internal`, its text kept for the log. */
export function toFailure(error: unknown): Failure {
  if (error instanceof AgentPaneError) {
    const failure: Failure = { code: error.code, message: error.message };
    if (error.details !== undefined) failure.details = error.details;
    if (error.retryAfterSeconds !== undefined) failure.retryAfterSeconds = error.retryAfterSeconds;
    if (error.cause !== undefined) failure.cause = describe(error.cause);
    return failure;
  }
  return { code: "internal", message: "The store failed; the log has the cause.", cause: describe(error) };
}

export function fromFailure(failure: Failure): AgentPaneError {
  const options: { cause?: unknown; details?: unknown; retryAfterSeconds?: number } = {};
  if (failure.cause !== undefined) options.cause = new Error(failure.cause);
  if (failure.details !== undefined) options.details = failure.details;
  if (failure.retryAfterSeconds !== undefined) options.retryAfterSeconds = failure.retryAfterSeconds;
  return new AgentPaneError(failure.code, failure.message, options);
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
