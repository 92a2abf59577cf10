import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";

/** Largest answer that is read: `register` answers about 1 KB for each of a machine's sources. */
const MAX_ANSWER_BYTES = 256 * 1024 * 1024;
/** Sockets to the server: the bodies in flight, and heartbeats beside them. */
const MAX_SOCKETS = 6;

export interface HttpReply {
  status: number;
  body: Buffer;
  /** Milliseconds that the server asks to wait; null where it does not say. */
  retryAfterMs: number | null;
}

export interface HttpCall {
  method: "GET" | "POST";
  /** From the server's root, with a leading slash. */
  path: string;
  contentType?: string;
  body?: readonly Uint8Array[];
  timeoutMs: number;
  signal: AbortSignal;
}

/** No answer came: refused, reset, timed out or cut off. The call may or may not have taken effect. */
export class NoAnswerError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "NoAnswerError";
  }
}

/** Calls one server over kept-alive connections. `node:http` is used directly since it answers in half the time of `fetch`. */
export class HttpClient implements Disposable {
  readonly #server: URL;
  readonly #token: string;
  readonly #agent: HttpAgent;
  readonly #request: (url: URL, options: object, onAnswer: (answer: IncomingMessage) => void) => ClientRequest;

  constructor(server: URL, token: string) {
    this.#server = server;
    this.#token = token;
    const options = { keepAlive: true, maxSockets: MAX_SOCKETS, noDelay: true, scheduling: "lifo" as const };
    const secure = server.protocol === "https:";
    this.#agent = secure ? new HttpsAgent(options) : new HttpAgent(options);
    this.#request = secure ? httpsRequest : httpRequest;
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }

  /** Answers whatever status came; throws `NoAnswerError`, or the signal's reason where that was aborted. */
  async call(call: HttpCall): Promise<HttpReply> {
    for (;;) {
      const attempt = await this.#attempt(call);
      // The server closed a kept connection just as we used it: nothing was read, so the call begins anew.
      if (attempt !== "stale") return attempt;
    }
  }

  #attempt(call: HttpCall): Promise<HttpReply | "stale"> {
    return new Promise((resolve, reject) => {
      if (call.signal.aborted) return reject(call.signal.reason as Error);
      const body = call.body ?? [];
      let length = 0;
      for (const piece of body) length += piece.byteLength;
      const request = this.#request(
        new URL(call.path, this.#server),
        {
          method: call.method,
          agent: this.#agent,
          headers: {
            authorization: `Bearer ${this.#token}`,
            "content-length": length,
            ...(call.contentType === undefined ? {} : { "content-type": call.contentType }),
          },
        },
        (answer) => readAnswer(answer).then(settle(resolve), settle(fail)),
      );
      const timer = setTimeout(
        () => request.destroy(new NoAnswerError(`no answer within ${call.timeoutMs / 1000} s`)),
        call.timeoutMs,
      );
      const onAbort = () => request.destroy(call.signal.reason as Error);
      call.signal.addEventListener("abort", onAbort, { once: true });

      function settle<T>(next: (value: T) => void): (value: T) => void {
        return (value) => {
          clearTimeout(timer);
          call.signal.removeEventListener("abort", onAbort);
          next(value);
        };
      }
      function fail(error: NodeJS.ErrnoException): void {
        if (call.signal.aborted) reject(call.signal.reason as Error);
        else if (request.reusedSocket && error.code === "ECONNRESET") resolve("stale");
        else reject(error instanceof NoAnswerError ? error : new NoAnswerError(error.code ?? error.message, error));
      }
      request.on("error", settle(fail));
      request.cork();
      for (const piece of body) request.write(piece);
      request.end();
      request.uncork();
    });
  }
}

async function readAnswer(answer: IncomingMessage): Promise<HttpReply> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of answer as AsyncIterable<Buffer>) {
    bytes += piece.byteLength;
    if (bytes > MAX_ANSWER_BYTES) throw new NoAnswerError("the answer is too large");
    pieces.push(piece);
  }
  return {
    status: answer.statusCode ?? 0,
    body: pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces),
    retryAfterMs: retryAfterMs(answer.headers["retry-after"], Date.now()),
  };
}

/** The header holds seconds or an HTTP date. */
export function retryAfterMs(header: string | undefined, now: number): number | null {
  if (header === undefined || header.trim() === "") return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
