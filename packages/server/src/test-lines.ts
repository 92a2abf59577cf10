import type { Line } from "./test-transcript.ts";

/** For tests: transcript lines in the agent's own form, as of its version 2.1.330. */

function envelope(type: string, at: number | null): Line {
  return {
    parentUuid: null,
    isSidechain: false,
    type,
    uuid: `00000000-0000-4000-8000-${String(at ?? 0).padStart(12, "0")}`,
    ...(at === null ? {} : { timestamp: new Date(at).toISOString() }),
    cwd: "/home/dev/shop",
    sessionId: "not read",
    version: "2.1.330",
    gitBranch: "main",
  };
}

export function human(text: string, at: number, more: Line = {}): Line {
  return {
    ...envelope("user", at),
    message: { role: "user", content: text },
    origin: { kind: "human" },
    promptSource: "typed",
    ...more,
  };
}

function assistant(id: string, block: Line, stop: string | null, at: number, more: Line): Line {
  const usage = { input_tokens: 10, cache_creation_input_tokens: 20, cache_read_input_tokens: 30, output_tokens: 40 };
  const message = { id, type: "message", role: "assistant", model: "claude-opus-4-6", content: [block] };
  return {
    ...envelope("assistant", at),
    message: { ...message, stop_reason: stop, usage },
    requestId: `r-${id}`,
    ...more,
  };
}

/** The agent's words; they end the turn unless `stop` says otherwise. */
export function answer(id: string, text: string, at: number, stop: string | null = "end_turn", more: Line = {}): Line {
  return assistant(id, { type: "text", text }, stop, at, more);
}

export function toolCall(id: string, call: string, name: string, input: Line, at: number, more: Line = {}): Line {
  return assistant(id, { type: "tool_use", id: call, name, input }, "tool_use", at, more);
}

export function toolResult(call: string, text: string, at: number, more: Line = {}): Line {
  return {
    ...envelope("user", at),
    message: { role: "user", content: [{ type: "tool_result", tool_use_id: call, content: text }] },
    toolUseResult: { stdout: text, stderr: "", interrupted: false },
    ...more,
  };
}

export function turnEnd(at: number, more: Line = {}): Line {
  return { ...envelope("system", at), subtype: "turn_duration", durationMs: 1500, messageCount: 4, ...more };
}

export function interruption(at: number): Line {
  const content = [{ type: "text", text: "[Request interrupted by user]" }];
  return { ...envelope("user", at), message: { role: "user", content } };
}

export function apiError(text: string, at: number): Line {
  const block = { type: "text", text };
  const message = {
    id: "synthetic",
    role: "assistant",
    model: "<synthetic>",
    content: [block],
    stop_reason: "stop_sequence",
  };
  return { ...envelope("assistant", at), message, isApiErrorMessage: true, error: "rate_limit", apiErrorStatus: 429 };
}

export function goodbye(): Line {
  return { type: "cost-state", sessionId: "not read", totalCostUSD: 0.5, totalDuration: 1000 };
}

export function title(text: string): Line {
  return { type: "custom-title", customTitle: text, sessionId: "not read" };
}
