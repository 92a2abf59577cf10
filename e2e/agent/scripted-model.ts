import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** One block of a model's answer. */
export type Block = { text: string } | { tool: string; input: unknown };

/** What the model answers to the words of a person; may take its time. */
export type Answer = (words: string) => Promise<readonly Block[]>;

/**
 * The least that the real client takes for a model: it answers the last words of a person as `answer` says, and anything
 * else (a tool's result, a title) with a short text. Loopback only.
 */
export class ScriptedModel implements AsyncDisposable {
  readonly #server: Server;
  #ids = 0;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(answer: Answer): Promise<ScriptedModel> {
    const server = createServer();
    const model = new ScriptedModel(server);
    server.on("request", async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = parse(Buffer.concat(chunks).toString("utf8"));
      const words = body === null ? null : lastWords(body);
      const blocks = words === null ? [{ text: "ok" }] : await answer(words);
      response.setHeader("content-type", body?.stream === true ? "text/event-stream" : "application/json");
      response.end(body?.stream === true ? model.#stream(blocks) : JSON.stringify(model.#message(blocks)));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return model;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #message(blocks: readonly Block[]) {
    return {
      id: this.#id("msg_01"),
      type: "message",
      role: "assistant",
      model: "claude-opus-5-5",
      content: blocks.map((block) => this.#block(block)),
      stop_reason: blocks.some((block) => "tool" in block) ? "tool_use" : "end_turn",
      stop_sequence: null,
      usage: { input_tokens: 10, output_tokens: 5, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 },
    };
  }

  #stream(blocks: readonly Block[]): string {
    const message = this.#message(blocks);
    const events: object[] = [{ type: "message_start", message: { ...message, content: [], stop_reason: null } }];
    for (const [index, block] of message.content.entries()) {
      const isText = block.type === "text";
      const begun = isText ? { ...block, text: "" } : { ...block, input: {} };
      const delta = isText
        ? { type: "text_delta", text: block.text }
        : { type: "input_json_delta", partial_json: JSON.stringify(block.input) };
      events.push({ type: "content_block_start", index, content_block: begun });
      events.push({ type: "content_block_delta", index, delta });
      events.push({ type: "content_block_stop", index });
    }
    const { stop_reason, stop_sequence, usage } = message;
    events.push({ type: "message_delta", delta: { stop_reason, stop_sequence }, usage }, { type: "message_stop" });
    return events
      .map((event) => `event: ${(event as { type: string }).type}\ndata: ${JSON.stringify(event)}\n\n`)
      .join("");
  }

  #block(block: Block) {
    if ("text" in block) return { type: "text" as const, text: block.text };
    return { type: "tool_use" as const, id: this.#id("toolu_01"), name: block.tool, input: block.input };
  }

  #id(prefix: string): string {
    this.#ids += 1;
    return `${prefix}${String(this.#ids).padStart(22, "0")}`;
  }
}

interface Body {
  stream?: boolean;
  tools?: unknown[];
  messages?: { role: string; content: string | { type: string; text?: string }[] }[];
}

function parse(text: string): Body | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The text that came since the model spoke last; null for what the client asks by itself, which brings no tools. */
function lastWords({ tools, messages = [] }: Body): string | null {
  if ((tools?.length ?? 0) === 0) return null;
  const since = messages.slice(messages.findLastIndex(({ role }) => role === "assistant") + 1);
  const blocks = since.flatMap(({ content }) =>
    typeof content === "string" ? [{ type: "text", text: content }] : content,
  );
  return blocks.flatMap(({ text }) => text ?? []).join("\n");
}
