import { describe, expect, it } from "vitest";
import { AT, answer, events, kinds, read } from "./message-lines.ts";

const text = { type: "text", text: "Done." };
const usage = {
  input_tokens: 11,
  cache_creation_input_tokens: 700,
  cache_read_input_tokens: 15_000,
  output_tokens: 8,
  server_tool_use: { web_search_requests: 2 },
  service_tier: "standard",
  cache_creation: { ephemeral_1h_input_tokens: 400, ephemeral_5m_input_tokens: 300 },
  inference_geo: "us",
  speed: "fast",
};

describe("an answer", () => {
  it("is its text, then the response as a whole, and a copy of its usage", () => {
    const line = answer(text, { stop_reason: "end_turn", usage }, { apiBlockIndex: 0 });
    expect(events(line)).toEqual([
      { kind: "text", response: "msg_1", summary: "Done.", chars: 5 },
      {
        kind: "response",
        response: "msg_1",
        model: "claude-opus-5-5",
        stopReason: "end_turn",
        contextTokens: 15_711,
        outputTokens: 8,
      },
    ]);
    expect(read(line).copies).toEqual([
      {
        offset: 0,
        index: 0,
        at: AT,
        key: "msg_1",
        keyKind: "message",
        model: "claude-opus-5-5",
        stopReason: "end_turn",
        inputTokens: 11,
        outputTokens: 8,
        cacheReadTokens: 15_000,
        cacheWriteTokens: 700,
        cacheWrite5mTokens: 300,
        cacheWrite1hTokens: 400,
        webSearches: 2,
        speed: "fast",
        region: "us",
        tier: "standard",
      },
    ]);
  });

  it.each<[string, object, boolean]>([
    ["its first numbered block", answer(text, { stop_reason: "end_turn" }, { apiBlockIndex: 0 }), true],
    ["its first numbered block, torn off", answer(text, { stop_reason: null }, { apiBlockIndex: 0 }), true],
    ["a later numbered block", answer(text, { stop_reason: "end_turn" }, { apiBlockIndex: 1 }), false],
    ["a block without number but with a reason to stop", answer(text, { stop_reason: "end_turn" }), true],
    ["a block without either", answer(text, { stop_reason: null }), false],
  ])("is told as a response on %s: %#", (_, line, told) => {
    expect(kinds(line).includes("response")).toBe(told);
  });

  it.each<[string, object, object, string | null, string | null]>([
    ["message id", {}, {}, "msg_1", "message"],
    ["request id", { id: undefined }, {}, "req_1", "request"],
    ["line", { id: undefined }, { requestId: undefined }, "line_1", "line"],
    ["nothing", { id: undefined }, { requestId: undefined, uuid: undefined }, null, null],
  ])("is named by its %s", (_, message, more, key, keyKind) => {
    const [copy] = read(answer(text, { usage, ...message }, more)).copies;
    expect([copy?.key ?? null, copy?.keyKind ?? null]).toEqual([key, keyKind]);
  });

  it("counts steps of other models apart, not its own", () => {
    const own = { type: "message", input_tokens: 1, output_tokens: 1, model: "claude-opus-5-5" };
    const advisor = { model: "claude-advisor-1", input_tokens: 5, output_tokens: 6, cache_creation_input_tokens: 7 };
    const [copy] = read(answer(text, { usage: { ...usage, iterations: [own, { input_tokens: 3 }, advisor] } })).copies;
    expect(copy?.iterations).toEqual([
      {
        model: "claude-advisor-1",
        inputTokens: 5,
        outputTokens: 6,
        cacheReadTokens: 0,
        cacheWrite5mTokens: 7,
        cacheWrite1hTokens: 0,
      },
    ]);
  });

  it("drops numbers that no count can be", () => {
    const odd = {
      input_tokens: -1,
      output_tokens: "8",
      cache_read_input_tokens: 2.9,
      cache_creation_input_tokens: 1e300,
    };
    const [copy] = read(answer(text, { usage: odd })).copies;
    expect(copy).toMatchObject({ inputTokens: 0, outputTokens: 0, cacheReadTokens: 2, cacheWriteTokens: 0 });
  });

  it("of the client itself is no response and costs nothing", () => {
    const line = answer({ type: "text", text: "No response requested." }, { model: "<synthetic>", usage });
    expect(events(line)).toEqual([{ kind: "note", type: "assistant/synthetic", summary: "No response requested." }]);
    expect(read(line).copies).toEqual([]);
  });

  it("tells a block that nobody knows as unknown", () => {
    const line = answer({ type: "hologram" }, { stop_reason: null });
    expect(events(line)).toEqual([{ kind: "note", type: "assistant/hologram", summary: "", unknown: true }]);
    expect(read(line).unknownType).toBe("assistant/hologram");
  });

  it("may hold what a tool of the API found", () => {
    const block = {
      type: "web_search_tool_result",
      tool_use_id: "srvtoolu_1",
      content: [{ type: "web_search_result" }],
    };
    expect(events(answer(block))).toEqual([
      { kind: "tool.result", call: "srvtoolu_1", isError: false, summary: "", chars: 0, images: 0 },
    ]);
  });
});

describe("a final API error", () => {
  const failed = (said: string, more: object) =>
    events(answer({ type: "text", text: said }, { model: "<synthetic>" }, { isApiErrorMessage: true, ...more }));

  it("is told by its fields, or by its words alone up to 2.1.44", () => {
    expect(failed("API Error: 400 bad", { apiErrorStatus: 400, apiErrorType: "invalid_request_error" })).toEqual([
      { kind: "api.error", status: 400, error: "invalid_request_error", summary: "API Error: 400 bad" },
    ]);
    expect(failed('API Error: 529 {"type":"error","error":{"type":"overloaded_error"}}', {})[0]).toMatchObject({
      status: 529,
      error: "overloaded_error",
    });
    expect(failed("You've hit your limit · resets 3pm", { error: "rate_limit" })).toEqual([
      { kind: "api.error", status: null, error: "rate_limit", summary: "You've hit your limit · resets 3pm" },
    ]);
  });
});

describe("a call", () => {
  const call = (name: string, input: object) => events(answer({ type: "tool_use", id: "toolu_1", name, input }));

  it("of a subagent starts it, whatever the tool was named then", () => {
    for (const tool of ["Task", "Agent"])
      expect(call(tool, { description: "Audit", prompt: "...", subagent_type: "Explore" })).toEqual([
        { kind: "tool.call", response: "msg_1", call: "toolu_1", tool, summary: "Audit", chars: 64 },
        { kind: "subagent.start", call: "toolu_1", subagent: null, type: "Explore", summary: "Audit" },
      ]);
  });

  it("of TodoWrite carries the whole list", () => {
    const todos = [
      { content: "Do A", status: "completed" },
      { content: "Do B", status: "odd" },
    ];
    expect(call("TodoWrite", { todos })[1]).toEqual({
      kind: "todo",
      op: "replace",
      items: [
        { id: null, text: "Do A", status: "completed" },
        { id: null, text: "Do B", status: null },
      ],
    });
    const many = Array.from({ length: 60 }, (_, i) => ({ content: `Do ${i}`, status: "pending" }));
    expect(call("TodoWrite", { todos: many })[1]).toMatchObject({ items: { length: 50 } });
  });

  it("of TaskUpdate tells new wording at once, and leaves the status to the result", () => {
    expect(call("TaskUpdate", { taskId: "1", subject: "Do A well", status: "completed" })[1]).toEqual({
      kind: "todo",
      op: "update",
      items: [{ id: "1", text: "Do A well", status: null }],
    });
    expect(call("TaskUpdate", { taskId: "1", status: "completed" })).toHaveLength(1);
  });
});

describe("a subagent seen from its parent", () => {
  it("gives a copy of its usage, marked and with its own time", () => {
    const message = { id: "msg_9", model: "claude-haiku-4-5-20251001", role: "assistant", content: [text], usage };
    const nested = { type: "assistant", timestamp: "2026-11-22T06:49:30.000Z", message, requestId: "req_9", uuid: "u" };
    const line = { type: "progress", parentToolUseID: "toolu_1", data: { type: "agent_progress", message: nested } };
    expect(events(line)).toEqual([{ kind: "progress", call: "toolu_1", type: "agent_progress", summary: "Done." }]);
    expect(read(line).copies).toMatchObject([{ key: "msg_9", nested: true, at: AT - 1148, outputTokens: 8 }]);
  });
});
