import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Logger } from "pino";
import { type HookCall, MAX_HOOK_BODY_BYTES } from "./hook-call.ts";
import { NONCE, proof, sameSecret } from "./proof.ts";

export const HOOK_PATH = "/agentpane/permission-request";
export const ALIVE_PATH = "/agentpane/alive";
export const TOKEN_HEADER = "x-agentpane-token";
/** More at once than requests are held: what comes beyond is answered with nothing. */
const MAX_CONNECTIONS = 1_200;
/** From the connection to the whole call; how often connections are looked at for it. */
const CALL_MS = 10_000;
const LOOK_MS = 1_000;

export interface HttpListenerOptions {
  token: string;
  noAnswer: string;
  take: (call: HookCall) => void;
  log: Logger;
  /** Shorter in tests: from the connection to the whole call. */
  callMs?: number;
}

/**
 * The `http` hook's end on loopback. Its token opens requests and can do nothing else. Whatever is wrong with a call, it gets the
 * empty answer: the agent's own dialog stands.
 */
export class HttpListener implements AsyncDisposable {
  readonly #options: HttpListenerOptions;
  readonly #server: Server;

  private constructor(options: HttpListenerOptions) {
    this.#options = options;
    const { callMs = CALL_MS } = options;
    // Who connects and says nothing must not keep the agent out.
    const times = {
      ...{ keepAliveTimeout: 1_000, requestTimeout: callMs, headersTimeout: callMs },
      connectionsCheckingInterval: Math.min(LOOK_MS, callMs),
    };
    this.#server = createServer(times, (request, response) => {
      void this.#handle(request, response).catch(() => response.destroy());
    });
    this.#server.maxConnections = MAX_CONNECTIONS;
  }

  /** Fails with `EADDRINUSE` where another has the port; null takes any that is free. */
  static async start(port: number | null, options: HttpListenerOptions): Promise<HttpListener> {
    const listener = new HttpListener(options);
    const server = listener.#server;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ port: port ?? 0, host: "127.0.0.1", exclusive: true }, resolve);
    });
    server.on("error", (error) => options.log.warn({ err: error }, "the hook's port"));
    return listener;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { token, noAnswer } = this.#options;
    const url = request.url ?? "";
    // A page in a browser names its origin, or another host by which it found this port.
    const isForeign = request.headers.origin !== undefined || request.headers.host !== `127.0.0.1:${this.port}`;
    if (!isForeign && request.method === "GET" && url.startsWith(`${ALIVE_PATH}?nonce=`)) {
      const nonce = url.slice(`${ALIVE_PATH}?nonce=`.length);
      if (NONCE.test(nonce)) return end(response, JSON.stringify({ proof: proof(token, "alive", nonce) }));
    }
    if (isForeign || url !== HOOK_PATH || request.method !== "POST") return refuse(request, response, noAnswer);
    if (!sameSecret(request.headers[TOKEN_HEADER], token)) return refuse(request, response, noAnswer);
    if (Number(request.headers["content-length"]) > MAX_HOOK_BODY_BYTES) return refuse(request, response, noAnswer);
    const body = await readBody(request);
    if (body === null) return refuse(request, response, noAnswer);
    this.#options.take(callOf(body, response));
  }
}

function callOf(body: string, response: ServerResponse): HookCall {
  let answered = false;
  return {
    body,
    attended: null,
    answer(json) {
      answered = true;
      return new Promise((resolve) => {
        if (response.destroyed || !response.writable) return resolve(false);
        response.once("close", () => resolve(response.writableFinished));
        response.once("finish", () => resolve(true));
        end(response, json);
      });
    },
    onHungUp(take) {
      if (response.destroyed) return queueMicrotask(take);
      response.once("close", () => {
        if (!answered) take();
      });
    },
  };
}

function end(response: ServerResponse, json: string): void {
  response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(json) }).end(json);
}

/** What was not read is not waited for either. */
function refuse(request: IncomingMessage, response: ServerResponse, noAnswer: string): void {
  if (!request.complete) response.setHeader("connection", "close");
  end(response, noAnswer);
}

/** Null where it is too long. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.byteLength;
    if (bytes > MAX_HOOK_BODY_BYTES) return null;
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}
