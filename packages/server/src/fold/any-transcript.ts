import type { LineContext, TranscriptEvent } from "@agentpane/protocol";
import fc from "fast-check";

/** For tests: any sequence of events that the protocol allows, a line each at offsets 0, 100, 200 ... */
export interface AnyTranscript {
  events: TranscriptEvent[];
  contexts: LineContext[];
}

const MAX_LINES = 40;

export function anyTranscript(options: { long?: boolean } = {}): fc.Arbitrary<AnyTranscript> {
  const text = (max: number): fc.Arbitrary<string> =>
    options.long === true ? fc.string({ minLength: max - 2, maxLength: max }) : fc.string({ maxLength: 6 });
  const summary = text(240);
  const word = options.long === true ? text(200) : fc.constantFrom("a", "b", "c", "Bash", "AskUserQuestion");
  const at = fc.option(fc.integer({ min: 1_790_000_000_000, max: 1_790_000_100_000 }), { nil: null });
  const item = fc.record({
    id: fc.option(word, { nil: null }),
    text: fc.option(summary, { nil: null }),
    status: fc.option(fc.constantFrom("pending", "in_progress", "completed", "deleted"), { nil: null }),
  });
  const response = fc.option(fc.constantFrom("m1", "m2"), { nil: null });
  const body = fc.oneof(
    fc.record({
      kind: fc.constant("prompt"),
      origin: fc.constantFrom("human", "task", "command", "meta"),
      summary,
      chars: fc.nat(9),
      images: fc.nat(2),
      queued: fc.boolean(),
    }),
    fc.record({ kind: fc.constant("text"), response, summary, chars: fc.nat(9) }),
    fc.record({ kind: fc.constant("thinking"), response, summary, chars: fc.nat(9) }),
    fc.record({ kind: fc.constant("tool.call"), response, call: word, tool: word, summary, chars: fc.nat(9) }),
    fc.record({
      kind: fc.constant("tool.result"),
      call: word,
      isError: fc.boolean(),
      summary,
      chars: fc.nat(9),
      images: fc.constant(0),
    }),
    fc.record({
      kind: fc.constant("response"),
      response,
      model: fc.oneof(word, fc.constant("<synthetic>")),
      stopReason: fc.constantFrom(null, "end_turn", "tool_use"),
      contextTokens: fc.nat(9),
      outputTokens: fc.nat(9),
    }),
    fc.record({ kind: fc.constant("turn.end"), pending: fc.nat(2) }),
    fc.record({ kind: fc.constant("interrupt"), during: fc.constantFrom("response", "tool") }),
    fc.record({
      kind: fc.constant("title"),
      title: summary,
      source: fc.constantFrom("user", "ai", "agent", "summary"),
    }),
    fc.record({ kind: fc.constant("mode"), mode: word, what: fc.constantFrom("permission", "input") }),
    fc.record({
      kind: fc.constant("api.error"),
      status: fc.constant(529),
      error: word,
      summary,
      retry: fc.constantFrom(undefined, { attempt: 1, max: 3, inMs: 5 }),
    }),
    fc.record({ kind: fc.constant("subagent.end"), call: fc.constant(null), subagent: word, status: word, summary }),
    fc.record({
      kind: fc.constant("todo"),
      op: fc.constantFrom("replace", "update"),
      items: fc.array(item, { maxLength: 50 }),
    }),
    fc.record({ kind: fc.constant("cost"), totalNanoUsd: fc.nat(9) }),
    fc.record({ kind: fc.constant("note"), type: word, summary, unknown: fc.boolean() }),
    fc.record({ kind: fc.constant("malformed"), reason: summary, bytes: fc.nat(9) }),
  );
  const context = fc.record({ cwd: text(4096), branch: text(1024), version: word }, { requiredKeys: [] });
  const line = fc.record({ at, bodies: fc.array(body, { maxLength: 3 }), context: fc.option(context, { nil: null }) });
  return fc.array(line, { maxLength: MAX_LINES }).map((lines) => ({
    events: lines.flatMap((one, n) =>
      one.bodies.map((event, index) => ({ ...event, at: one.at, offset: n * 100, index }) as TranscriptEvent),
    ),
    contexts: lines.flatMap((one, n) => (one.context === null ? [] : [{ offset: n * 100, ...one.context }])),
  }));
}
