import { AgentPaneError, INGEST_CONTENT_TYPE, MAX_BODY_BYTES } from "@agentpane/protocol";
import type { FastifyRequest } from "fastify";
import type { z } from "zod";

const MAX_ISSUES_TOLD = 20;

/** Bytes that the request says its body has; `MAX_BODY_BYTES` where it does not say. Throws `body_too_large`. */
export function declaredBytes(request: FastifyRequest): number {
  const header = request.headers["content-length"];
  if (header === undefined) return MAX_BODY_BYTES;
  const bytes = Number(header);
  if (bytes > MAX_BODY_BYTES) throw tooLarge();
  return bytes;
}

/**
 * The body, counted while it is read, whatever its Content-Length says. It owns its memory, so it can be given to
 * another thread. Throws `body_too_large`, `unsupported_media_type`, or `invalid_request` where it broke off.
 */
export async function readIngestBody(request: FastifyRequest): Promise<Uint8Array> {
  requireType(request, INGEST_CONTENT_TYPE);
  return readBody(request);
}

/** A JSON body by its schema; no body at all counts as `{}`. */
export async function readJson<Schema extends z.ZodType>(
  request: FastifyRequest,
  schema: Schema,
): Promise<z.output<Schema>> {
  return parsed(schema, await readRawJson(request), "body");
}

export async function readRawJson(request: FastifyRequest): Promise<unknown> {
  const body = await readBody(request);
  if (body.byteLength === 0) return {};
  // Asked of every body: a page elsewhere can send other types without asking the browser first.
  requireType(request, "application/json");
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch (cause) {
    throw new AgentPaneError("invalid_request", "The body is not JSON in UTF-8.", { cause });
  }
}

/** Throws `invalid_request` with where and why in `details`. */
export function parsed<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  what: "body" | "query",
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const details = result.error.issues.slice(0, MAX_ISSUES_TOLD).map(({ path, message }) => ({
    path: path.join("."),
    message,
  }));
  const first = details[0];
  const where = first === undefined || first.path === "" ? "" : ` at ${first.path}`;
  throw new AgentPaneError("invalid_request", `The ${what} is not valid${where}: ${first?.message ?? ""}`, { details });
}

function requireType(request: FastifyRequest, type: string): void {
  const given = request.headers["content-type"]?.split(";", 1)[0]?.trim().toLowerCase();
  if (given !== type) {
    throw new AgentPaneError(
      "unsupported_media_type",
      `This path takes ${type}, not ${given ?? "a body without a type"}.`,
    );
  }
}

async function readBody(request: FastifyRequest): Promise<Uint8Array> {
  const encoding = request.headers["content-encoding"];
  if (encoding !== undefined && encoding !== "identity") {
    throw new AgentPaneError("unsupported_media_type", "Bodies are taken without Content-Encoding.");
  }
  declaredBytes(request);
  const chunks: Buffer[] = [];
  const total = await collect(request, chunks);
  // Never from the shared pool: a pooled buffer cannot be transferred to the writer thread.
  const body = Buffer.allocUnsafeSlow(total);
  let at = 0;
  for (const chunk of chunks) at += chunk.copy(body, at);
  return body;
}

/** By events and not by `for await`, which would destroy the connection before an early answer is read. */
function collect(request: FastifyRequest, chunks: Buffer[]): Promise<number> {
  const { raw } = request;
  return new Promise((resolve, reject) => {
    let total = 0;
    const done = (error?: AgentPaneError) => {
      raw.off("data", onData).off("end", onEnd).off("error", onBroken).off("close", onBroken);
      if (error === undefined) resolve(total);
      else reject(error);
    };
    const onData = (chunk: Buffer) => {
      total += chunk.byteLength;
      if (total > MAX_BODY_BYTES) done(tooLarge());
      else chunks.push(chunk);
    };
    const onEnd = () => done();
    const onBroken = () => done(new AgentPaneError("invalid_request", "The body broke off."));
    raw.on("data", onData).on("end", onEnd).on("error", onBroken).on("close", onBroken);
  });
}

function tooLarge(): AgentPaneError {
  return new AgentPaneError("body_too_large", `A body may have ${MAX_BODY_BYTES} bytes. Send less at a time.`);
}
