import type { ErrorCode } from "@agentpane/protocol";

/** Besides the registry's codes: nothing answered, or the answer is not one of this protocol. */
export type ApiErrorCode = ErrorCode | "unreachable" | "unreadable";

/** A call that did not succeed. `code` decides what the page says; `message` is the server's own sentence. */
export class ApiError extends Error {
  readonly code: ApiErrorCode;
  /** Seconds until a retry makes sense, where the server said so. */
  readonly retryAfterSeconds: number | null;

  constructor(
    code: ApiErrorCode,
    message: string,
    options: { cause?: unknown; retryAfterSeconds?: number | null } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "ApiError";
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
  }
}
