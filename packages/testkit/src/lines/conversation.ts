import type { Random } from "../random.ts";
import { jsonLine, type MadeLine } from "./made-line.ts";

export type AgentVersion = "2.1.330" | "2.1.39" | "2.0.76";

export interface ConversationOptions {
  random: Random;
  session: string;
  subagent?: string | null;
  version?: AgentVersion;
  cwd?: string;
  branch?: string;
  /** Clock of the first line, epoch milliseconds. */
  startMs?: number;
}

const WORDS =
  "retry the flaky auth test by waiting for the session cursor then fold every event into state and page the result größe café ☕ 会话 🙂".split(
    " ",
  );

/** Writes the lines of one conversation as the agent of that version would, one call per line or turn. */
export class Conversation {
  readonly session: string;
  readonly subagent: string | null;
  readonly version: AgentVersion;
  readonly cwd: string;
  readonly branch: string;
  #random: Random;
  #clock: number;
  #parent: string | null = null;
  #openCall: string | null = null;

  constructor(options: ConversationOptions) {
    this.#random = options.random;
    this.session = options.session;
    this.subagent = options.subagent ?? null;
    this.version = options.version ?? "2.1.330";
    this.cwd = options.cwd ?? "/home/dev/shop";
    this.branch = options.branch ?? "main";
    this.#clock = options.startMs ?? Date.now() - 3_600_000;
  }

  /** Lets time pass: the lines that follow are of `atMs` and a little later. */
  advanceTo(atMs: number): void {
    this.#clock = atMs;
  }

  words(count: number): string {
    return Array.from({ length: count }, () => this.#random.pick(WORDS)).join(" ");
  }

  prompt(text = this.words(8)): MadeLine {
    const facts =
      this.version === "2.1.330"
        ? { promptId: this.#random.uuid(), origin: { kind: "human" }, promptSource: "typed", turnOrigin: "human" }
        : {};
    return jsonLine(this.#envelope({ type: "user", message: { role: "user", content: text }, ...facts }), {
      kinds: ["prompt"],
      never: ["malformed"],
    });
  }

  text(text = this.words(20), options: { final?: boolean } = {}): MadeLine {
    return this.#assistant({ type: "text", text }, "text", options.final === true ? "end_turn" : null);
  }

  thinking(text = this.words(15)): MadeLine {
    return this.#assistant({ type: "thinking", thinking: text, signature: this.#random.hex(64) }, "thinking", null);
  }

  call(tool = "Bash", input: unknown = { command: `npm test -- ${this.words(3)}`, description: "run" }): MadeLine {
    this.#openCall = `toolu_01${this.#random.hex(22)}`;
    return this.#assistant({ type: "tool_use", id: this.#openCall, name: tool, input }, "tool.call", "tool_use");
  }

  result(output = this.words(30), isError = false): MadeLine {
    const call = this.#openCall ?? `toolu_01${this.#random.hex(22)}`;
    this.#openCall = null;
    return jsonLine(
      this.#envelope({
        type: "user",
        message: {
          role: "user",
          content: [{ tool_use_id: call, type: "tool_result", content: output, is_error: isError }],
        },
        toolUseResult: { stdout: output, stderr: "", interrupted: false, isImage: false },
        sourceToolAssistantUUID: this.#random.uuid(),
      }),
      { kinds: ["tool.result"], never: ["malformed"] },
    );
  }

  /** A tool's result with an image whose base64 is `bytes` long; over 1 MiB it is kept as size and hash. */
  image(bytes: number): MadeLine {
    const call = this.#openCall ?? `toolu_01${this.#random.hex(22)}`;
    this.#openCall = null;
    const unit = this.#random.hex(64);
    const data = unit.repeat(Math.ceil(bytes / unit.length)).slice(0, bytes - (bytes % 4));
    const image = { type: "image", source: { type: "base64", media_type: "image/png", data } };
    return jsonLine(
      this.#envelope({
        type: "user",
        message: { role: "user", content: [{ tool_use_id: call, type: "tool_result", content: [image] }] },
      }),
      { kinds: ["tool.result"], never: ["malformed"], kept: data.length > 1024 * 1024 ? "replaced" : "whole" },
    );
  }

  turnEnd(): MadeLine {
    return jsonLine(
      this.#envelope({ type: "system", subtype: "turn_duration", durationMs: 5_000, messageCount: 4, isMeta: false }),
      { kinds: ["turn.end"], never: ["malformed"] },
    );
  }

  title(title = this.words(4)): MadeLine {
    if (this.version === "2.0.76") {
      return jsonLine(
        { type: "summary", summary: title, leafUuid: this.#random.uuid() },
        { kinds: ["title"], never: ["malformed"] },
      );
    }
    return jsonLine(
      { type: "custom-title", customTitle: title, sessionId: this.session },
      { kinds: ["title"], never: ["malformed"] },
    );
  }

  /** The turn stopped because the API failed for good. */
  apiError(text = "API Error: 529 Overloaded"): MadeLine {
    return jsonLine(
      this.#envelope({
        message: {
          id: this.#random.uuid(),
          model: "<synthetic>",
          role: "assistant",
          type: "message",
          content: [{ type: "text", text }],
          stop_reason: "stop_sequence",
          usage: { input_tokens: 0, output_tokens: 0, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 },
        },
        type: "assistant",
        isApiErrorMessage: true,
        error: "overloaded",
        apiErrorStatus: 529,
      }),
      { kinds: ["api.error"], never: ["malformed"], usage: null },
    );
  }

  /** The client's own total, written when it closes. */
  costState(totalUsd: number): MadeLine {
    return jsonLine(
      {
        type: "cost-state",
        sessionId: this.session,
        totalCostUSD: totalUsd,
        totalAPIDuration: 61_000,
        totalDuration: 480_000,
        totalLinesAdded: 84,
        totalLinesRemoved: 31,
        modelUsage: {},
        hasUnknownModelCost: false,
      },
      { kinds: ["cost"], never: ["malformed"] },
    );
  }

  /** Whole prompts that the client keeps for itself: not worth storing. */
  plumbing(): MadeLine {
    return jsonLine(
      {
        type: "api-request",
        sessionId: this.session,
        id: this.#random.uuid(),
        timestamp: new Date(this.#clock).toISOString(),
        version: this.version,
        params: { max_tokens: 32_000, system: this.words(60) },
        requestDigest: this.#random.hex(64),
      },
      { kinds: [], kept: "dropped", never: ["malformed"] },
    );
  }

  /** One whole turn: a prompt, some work, an answer. */
  turn(): MadeLine[] {
    const lines = [this.prompt()];
    if (this.version === "2.1.330") lines.push(this.plumbing());
    for (let step = this.#random.int(0, 3); step > 0; step--) {
      if (this.#random.chance(0.3)) lines.push(this.thinking());
      lines.push(this.call(), this.result());
    }
    lines.push(this.text(undefined, { final: true }));
    if (this.version !== "2.0.76") lines.push(this.turnEnd());
    return lines;
  }

  #assistant(block: unknown, kind: string, stopReason: string | null): MadeLine {
    const id = `msg_01${this.#random.hex(22)}`;
    const outputTokens = this.#random.int(1, 900);
    return jsonLine(
      this.#envelope({
        message: {
          model: "claude-sonnet-4-5-20250929",
          id,
          type: "message",
          role: "assistant",
          content: [block],
          stop_reason: stopReason,
          stop_sequence: null,
          usage: {
            input_tokens: this.#random.int(1, 50),
            cache_creation_input_tokens: 100,
            cache_read_input_tokens: 15_000,
            cache_creation: { ephemeral_5m_input_tokens: 100, ephemeral_1h_input_tokens: 0 },
            output_tokens: outputTokens,
            service_tier: "standard",
          },
        },
        requestId: `req_011C${this.#random.hex(20)}`,
        type: "assistant",
      }),
      { kinds: [kind], never: ["malformed"], usage: [{ key: id, outputTokens }] },
    );
  }

  #envelope(own: Record<string, unknown>): Record<string, unknown> {
    const uuid = this.#random.uuid();
    this.#clock += this.#random.int(1, 2_000);
    const line = {
      parentUuid: this.#parent,
      isSidechain: this.subagent !== null,
      ...(this.subagent === null ? {} : { agentId: this.subagent }),
      ...own,
      uuid,
      timestamp: new Date(this.#clock).toISOString(),
      userType: "external",
      ...(this.version === "2.0.76" ? {} : { entrypoint: "cli" }),
      cwd: this.cwd,
      sessionId: this.session,
      version: this.version,
      gitBranch: this.branch,
    };
    this.#parent = uuid;
    return line;
  }
}
