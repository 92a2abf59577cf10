import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { AgentPaneError, ERRORS, type ErrorBody } from "@agentpane/protocol";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Log } from "./deps.ts";

/** Said where an error asks for patience and names no time of its own. */
const DEFAULT_RETRY_AFTER_SECONDS = 1;
const JSON_TYPE = "application/json; charset=utf-8";

/** Turns whatever was thrown into the registry's words; the only place where a cause becomes an answer. */
export function setErrorHandler(app: FastifyInstance, log: Log): void {
  app.setErrorHandler((error: FastifyError | AgentPaneError, request, reply) => {
    const known = namedError(error);
    if (known.status >= 500) logFault(log, error, request);
    return reply
      .code(known.status)
      .headers(retryHeaders(known))
      .type(JSON_TYPE)
      .send(JSON.stringify(errorBody(known, request.id)));
  });
}

/** Answers an upgrade that is refused, and requests that the HTTP parser gave up on. */
export function writeRawError(socket: Socket | Duplex, error: AgentPaneError): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify(errorBody(error, undefined));
  const headers: Record<string, string | number> = {
    "content-type": JSON_TYPE,
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    connection: "close",
    ...retryHeaders(error),
  };
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${error.status} ${error.code}\r\n${head.join("")}\r\n${body}`);
}

/** Reads nothing on from a request that was answered early, beyond what the client needs to see that answer. */
export function limitLeftovers(request: FastifyRequest, response: ServerResponse): void {
  const { raw } = request;
  if (raw.complete || raw.destroyed) return;
  let left = MAX_LEFTOVER_BYTES;
  const cut = setTimeout(() => raw.destroy(), MAX_LEFTOVER_MS).unref();
  raw.on("data", (chunk: Buffer) => {
    left -= chunk.byteLength;
    if (left < 0) raw.destroy();
  });
  raw.once("close", () => clearTimeout(cut));
  response.once("close", () => clearTimeout(cut));
}
const MAX_LEFTOVER_BYTES = 32 * 1024 * 1024;
const MAX_LEFTOVER_MS = 5_000;

function namedError(error: FastifyError | AgentPaneError): AgentPaneError {
  if (error instanceof AgentPaneError) return error;
  // Fastify's own refusals of a request's form: a bad URL, a bad header.
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return new AgentPaneError("invalid_request", error.message);
  }
  return new AgentPaneError("internal", "The server failed. Its log has the cause under the request id.");
}

function errorBody(error: AgentPaneError, requestId: string | undefined): ErrorBody {
  const details = error.code === "internal" && requestId !== undefined ? { requestId } : error.details;
  return { error: { code: error.code, message: error.message, ...(details === undefined ? {} : { details }) } };
}

function retryHeaders(error: AgentPaneError): Record<string, string> {
  const { status } = ERRORS[error.code];
  if (status !== 429 && status !== 503) return {};
  return { "retry-after": String(error.retryAfterSeconds ?? DEFAULT_RETRY_AFTER_SECONDS) };
}

function logFault(log: Log, error: unknown, request: FastifyRequest): void {
  // The route and not the URL: a query may hold what a person searched for.
  log.error(
    { err: error, requestId: request.id, method: request.method, route: request.routeOptions.url },
    "request failed",
  );
}

/** What is JSON already: the reader thread encoded it, so that this one need not. */
export function sendEncoded(reply: FastifyReply, body: Uint8Array): FastifyReply {
  return reply.type(JSON_TYPE).send(Buffer.from(body.buffer, body.byteOffset, body.byteLength));
}

export function sendJson(reply: FastifyReply, value: unknown): FastifyReply {
  return reply.type(JSON_TYPE).send(JSON.stringify(value));
}
