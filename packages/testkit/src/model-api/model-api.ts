import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { type Step, scriptOf, wordsSinceAnswer } from "./script.ts";

/** The real client waits for a block to end before it runs the tool; so does every model. */
const BLOCK_PAUSE_MS = 30;
const USAGE = {
  input_tokens: 11,
  cache_creation_input_tokens: 700,
  cache_read_input_tokens: 15_000,
  cache_creation: { ephemeral_5m_input_tokens: 300, ephemeral_1h_input_tokens: 400 },
  output_tokens: 1,
  service_tier: "standard",
  inference_geo: "us",
};
const ERROR_TYPES: Readonly<Record<number, string>> = { 529: "overloaded_error", 429: "rate_limit_error" };

/** One block of an answer. */
export type Block = Exclude<Step, { error: number }>;

/** What the model answers to what was said since it spoke last; may take its time. */
export type Answer = (words: string) => Promise<readonly Block[]>;

interface Request {
  model: string;
  stream?: boolean;
  system?: unknown;
  tools?: unknown[];
  messages: Parameters<typeof scriptOf>[0];
}

/**
 * Stands in for the model behind the real client, on loopback: `POST /v1/messages` answered by the script that the last
 * marker in the person's prompt names (`script.ts`), or by a function of the test. Requests beside the conversation (titles, summaries) get a short text.
 */
export class ModelApi implements AsyncDisposable {
  readonly #server: Server;
  readonly #failures = new Map<string, number>();
  readonly #own: Answer | null;

  private constructor(server: Server, own: Answer | null) {
    this.#server = server;
    this.#own = own;
    server.on("request", (request, response) => {
      this.#answer(request, response).catch((error) => response.destroy(error));
    });
  }

  /** `own` takes the place of the scripts. */
  static async start(own: Answer | null = null): Promise<ModelApi> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new ModelApi(server, own);
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? "/", "http://model").pathname;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (path === "/v1/messages/count_tokens") return json(response, 200, { input_tokens: 1234 });
    if (path !== "/v1/messages") return json(response, 404, failure("not_found_error", "no such path"));
    const body = JSON.parse(Buffer.concat(chunks).toString("utf8")) as Request;
    const session = String(request.headers["x-claude-code-session-id"] ?? "");
    const steps = await this.#steps(body, session);
    if (typeof steps === "number") {
      return json(response, steps, failure(ERROR_TYPES[steps] ?? "api_error", "as the script says"));
    }
    await (body.stream === true ? stream(response, body.model, steps) : whole(response, body.model, steps));
  }

  /** The blocks of the answer, or the HTTP status to fail with. */
  async #steps(body: Request, session: string): Promise<readonly Block[] | number> {
    // What the client asks beside the conversation comes without tools.
    if ((body.tools ?? []).length === 0) return [{ text: '{"title":"A made title"}' }];
    if (this.#own !== null) return await this.#own(wordsSinceAnswer(body.messages));
    const asked = scriptOf(body.messages, JSON.stringify([body.system, body.messages]));
    if (asked === null) return [{ text: "Hello, no script." }];
    const steps = asked.script[asked.answered] ?? [{ text: "(end of script)" }];
    const failing = steps.find((step) => "error" in step);
    if (failing !== undefined) {
      const key = `${session} ${asked.marker} ${asked.answered}`;
      const failed = this.#failures.get(key) ?? 0;
      this.#failures.set(key, failed + 1);
      if (failed < failing.times) return failing.error;
    }
    return steps.filter((step): step is Block => !("error" in step));
  }
}

function failure(type: string, message: string): object {
  return { type: "error", error: { type, message } };
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json", "request-id": madeId("req_") });
  response.end(JSON.stringify(body));
}

function madeId(prefix: string): string {
  return prefix + randomBytes(12).toString("hex");
}

function messageOf(model: string, steps: readonly Block[]) {
  const stop = steps.some((step) => "tool" in step) ? "tool_use" : "end_turn";
  const written = steps.reduce((sum, step) => sum + Math.ceil(JSON.stringify(step).length / 4), 5);
  const head = { id: madeId("msg_01"), type: "message", role: "assistant", model, stop_sequence: null };
  return { head, stop, usage: { ...USAGE, output_tokens: written } };
}

function whole(response: ServerResponse, model: string, steps: readonly Block[]): void {
  const { head, stop, usage } = messageOf(model, steps);
  json(response, 200, { ...head, content: steps.map((step) => blockOf(step)), stop_reason: stop, usage });
}

function blockOf(step: Block): { type: string; [field: string]: unknown } {
  if ("tool" in step) return { type: "tool_use", id: madeId("toolu_01"), name: step.tool, input: step.input };
  if ("think" in step) return { type: "thinking", thinking: step.think, signature: "bWFkZQ==" };
  return { type: "text", text: step.text };
}

async function stream(response: ServerResponse, model: string, steps: readonly Block[]): Promise<void> {
  const { head, stop, usage } = messageOf(model, steps);
  response.writeHead(200, { "content-type": "text/event-stream", "request-id": madeId("req_") });
  const send = (type: string, fields: object) =>
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`);
  send("message_start", { message: { ...head, content: [], stop_reason: null, usage: USAGE } });
  for (const [index, step] of steps.entries()) {
    const block = blockOf(step);
    send("content_block_start", { index, content_block: { ...block, ...emptied(step) } });
    for (const delta of deltas(step)) {
      send("content_block_delta", { index, delta });
      if ("text" in step && step.paceMs !== undefined) await delay(step.paceMs);
      if (response.destroyed) return;
    }
    send("content_block_stop", { index });
    await delay(BLOCK_PAUSE_MS);
  }
  send("message_delta", { delta: { stop_reason: stop, stop_sequence: null }, usage });
  send("message_stop", {});
  response.end();
}

function emptied(step: Block): object {
  if ("tool" in step) return { input: {} };
  return "think" in step ? { thinking: "", signature: "" } : { text: "" };
}

function deltas(step: Block): object[] {
  if ("tool" in step) return [{ type: "input_json_delta", partial_json: JSON.stringify(step.input) }];
  if ("think" in step) {
    return [
      { type: "thinking_delta", thinking: step.think },
      { type: "signature_delta", signature: "bWFkZQ==" },
    ];
  }
  const parts = step.paceMs === undefined ? [step.text] : step.text.split(/(?<=\n)/);
  return parts.map((text) => ({ type: "text_delta", text }));
}
