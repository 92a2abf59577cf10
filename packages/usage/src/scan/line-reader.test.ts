import { claudeCode } from "@agentpane/agents";
import type { UsageCopy } from "@agentpane/protocol";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { completeLines } from "../conformance/adapter-path.ts";
import { SYNTHETIC_MODEL } from "../rates/charge.ts";
import { readFixtures } from "./fixtures.ts";
import { COPY, LineReader, SURPRISE } from "./line-reader.ts";
import { otherModels, type ParsedCopy, parsedCopy } from "./parsed-line.ts";
import type { Span } from "./span.ts";

const reader = new LineReader();

/** What the reader's fields say, in the words of the protocol; null where it found nothing or was surprised. */
function fast(line: Buffer): { found: number; copy: ParsedCopy | null } {
  // Within a larger buffer, as in a file, so that a look past the end of the line would show.
  const padded = Buffer.concat([Buffer.from('"}'), line, Buffer.from('\n"usage":{"output_tokens":5}')]);
  const found = reader.read(padded, 2, 2 + line.length);
  if (found !== COPY) return { found, copy: null };
  const text = (span: Span): string | undefined =>
    span.to === 0 ? undefined : padded.toString("latin1", span.from, span.to);
  const { usage } = reader;
  const model = text(reader.model) ?? "unknown";
  const [key, keyKind] = text(reader.id)
    ? [text(reader.id), "message" as const]
    : text(reader.requestId)
      ? [text(reader.requestId), "request" as const]
      : [text(reader.uuid), "line" as const];
  if (model === SYNTHETIC_MODEL || key === undefined) return { found, copy: null };
  const copy: ParsedCopy = {
    at: reader.at < 0 ? null : reader.at,
    key,
    keyKind,
    model,
    stopReason: reader.final ? "final" : null,
    inputTokens: usage.inputTokens,
    outputTokens: usage.outputTokens,
    cacheReadTokens: usage.cacheReadTokens,
    cacheWriteTokens: usage.cacheWriteTokens,
    cacheWrite5mTokens: usage.cacheWrite5mTokens,
    cacheWrite1hTokens: usage.cacheWrite1hTokens,
    webSearches: usage.webSearches,
  };
  const [speed, region, tier] = [text(usage.speed), text(usage.region), text(usage.tier)];
  if (speed) copy.speed = speed;
  if (region) copy.region = region;
  if (tier) copy.tier = tier;
  if (reader.nested) copy.nested = true;
  const { iterations } = usage;
  const steps = iterations.to > 0 ? JSON.parse(padded.toString("utf8", iterations.from, iterations.to)) : [];
  const others = otherModels(steps, model);
  if (others.length > 0) copy.iterations = others;
  return { found, copy };
}

/** The slow way, or the adapter, without what the fast way does not know: the reason, only whether there is one. */
function plain(copy: ParsedCopy | UsageCopy | null | undefined): ParsedCopy | null {
  if (!copy) return null;
  const { offset: _, index: __, ...rest } = { offset: 0, index: 0, ...copy };
  return { ...rest, stopReason: copy.stopReason === null ? null : "final" };
}

function agree(line: Buffer): number {
  const adapter = claudeCode.readLine(line, 0).copies;
  expect(adapter.length).toBeLessThanOrEqual(1);
  expect(plain(parsedCopy(line.toString("utf8")))).toEqual(plain(adapter[0]));
  const { found, copy } = fast(line);
  if (found === COPY || adapter.length === 0) expect(copy).toEqual(plain(adapter[0]));
  return found;
}

test("fast way, slow way and adapter agree on every line of the real client, and none of them surprises", () => {
  const found = [0, 0, 0];
  for (const { bytes } of readFixtures())
    for (const { line } of completeLines(bytes)) {
      const kind = agree(line);
      found[kind] = (found[kind] ?? 0) + 1;
    }
  expect(found[COPY]).toBeGreaterThan(170);
  expect(found[SURPRISE]).toBe(0);
});

const USAGE = '{"input_tokens":1,"output_tokens":2}';
const assistant = (message: string, rest = ""): string => `{"type":"assistant","message":${message}${rest}}`;

describe("shapes that surprise are parsed whole, and say the same", () => {
  test.each([
    ["whitespace", `{ "type": "assistant", "message": {"id": "m", "model": "x", "usage": ${USAGE}} }`],
    ["an escape in an id", assistant(`{"id":"m\\u0041","model":"x","usage":${USAGE}}`)],
    ["an id in another script", assistant(`{"id":"мсг","model":"x","usage":${USAGE}}`)],
    ["an id longer than a word", assistant(`{"id":"${"m".repeat(300)}","model":"x","usage":${USAGE}}`)],
    ["a fraction", assistant('{"id":"m","model":"x","usage":{"input_tokens":1.5,"output_tokens":2}}')],
    ["a negative count", assistant('{"id":"m","model":"x","usage":{"input_tokens":-1,"output_tokens":2}}')],
    ["a count as text", assistant('{"id":"m","model":"x","usage":{"input_tokens":"1","output_tokens":2}}')],
    ["a count of 20 digits", assistant('{"id":"m","model":"x","usage":{"output_tokens":12345678901234567890}}')],
    ["a time with an offset", assistant(`{"id":"m","usage":${USAGE}}`, ',"timestamp":"2026-11-20T10:00:00+01:00"')],
    ["the 29th of February", assistant(`{"id":"m","usage":${USAGE}}`, ',"timestamp":"2028-02-29T10:00:00.000Z"')],
    ["a month that is none", assistant(`{"id":"m","usage":${USAGE}}`, ',"timestamp":"2026-13-20T10:00:00.000Z"')],
    ["a model that is no text", assistant(`{"id":"m","model":5,"usage":${USAGE}}`)],
    ["a line cut short", assistant(`{"id":"m","model":"x","usage":${USAGE}}`).slice(0, -1)],
    ["two values on a line", `${assistant(`{"id":"m","usage":${USAGE}}`)}{}`],
    ["a usage twice", assistant(`{"id":"m","usage":${USAGE},"usage":{"output_tokens":9}}`)],
  ])("%s", (_, text) => {
    expect(agree(Buffer.from(text))).toBe(SURPRISE);
  });
});

test.each([
  ["no id", assistant(`{"model":"x","usage":${USAGE}}`, ',"requestId":"r","uuid":"u"')],
  ["no id and no request", assistant(`{"usage":${USAGE}}`, ',"uuid":"u"')],
  ["nothing to name it by", assistant(`{"usage":${USAGE}}`)],
  ["an empty id", assistant(`{"id":"","usage":${USAGE}}`, ',"requestId":"","uuid":"u"')],
  ["an empty usage", assistant('{"id":"m","usage":{}}')],
  [
    "no counts but null",
    assistant('{"id":"m","usage":{"input_tokens":null,"cache_creation":null,"server_tool_use":null,"speed":null}}'),
  ],
  ["an empty split", assistant('{"id":"m","usage":{"cache_creation":{},"server_tool_use":{},"output_tokens":4}}')],
  ["the type at the end", `{"message":{"id":"m","usage":${USAGE}},"uuid":"u","type":"assistant"}`],
  ["another type at the end", `{"message":{"id":"m","usage":${USAGE}},"uuid":"u","type":"user"}`],
  ["no type at all", `{"message":{"id":"m","usage":${USAGE}},"uuid":"u"}`],
  ["an attachment with a usage", `{"attachment":{"type":"file","message":{"usage":${USAGE}}},"type":"attachment"}`],
  ["a large object before the type", `{"snapshot":{"text":"${"x".repeat(3000)}"},"type":"assistant"}`],
  [
    "an answer before its type, with a large object first",
    `{"extra":{"text":"${"x".repeat(3000)}"},"message":{"id":"m","usage":${USAGE}},"type":"assistant"}`,
  ],
  [
    "braces and quotes in text",
    assistant(`{"id":"m","content":[{"text":"}]\\\\\\"{[\\"usage\\":{"}],"usage":${USAGE}}`),
  ],
  ["other progress", '{"type":"progress","data":{"type":"bash_progress","output":"x"},"uuid":"u"}'],
  [
    "progress of a person's words",
    '{"type":"progress","data":{"message":{"type":"user","message":{"role":"user","content":"x"}},"type":"agent_progress"},"uuid":"u"}',
  ],
  [
    "nested in other progress",
    `{"type":"progress","data":{"message":{"message":{"id":"m","usage":${USAGE}},"timestamp":"2026-11-20T10:00:00.000Z"},"type":"hook_progress"},"uuid":"u"}`,
  ],
  [
    "nested",
    `{"type":"progress","uuid":"outer","timestamp":"2026-11-20T11:00:00.000Z","data":{"message":{"type":"assistant","timestamp":"2026-11-20T10:00:00.000Z","message":{"model":"x","usage":${USAGE}},"uuid":"inner"},"prompt":"p","type":"agent_progress"}}`,
  ],
  [
    "nested without any name",
    `{"type":"progress","uuid":"outer","data":{"message":{"timestamp":"2026-11-20T10:00:00.000Z","message":{"usage":${USAGE}}},"type":"agent_progress"}}`,
  ],
  ["not an object", "[1]"],
  ["nothing", "{}"],
])("the ways agree on a line with %s", (_, text) => {
  agree(Buffer.from(text));
});

const text = fc.oneof(fc.string(), fc.string({ unit: "grapheme" }), fc.constantFrom('"usage":{', "\\", '}]}"', "\n"));
const count = fc.oneof(
  { weight: 40, arbitrary: fc.nat(1e9) },
  { weight: 1, arbitrary: fc.constantFrom(null, 0, 1.5, -1, "7", 1e300) },
);
const someOf = <T extends Record<string, fc.Arbitrary<unknown>>>(model: T) =>
  fc
    .record(model, { requiredKeys: [] })
    .chain((made) =>
      fc.shuffledSubarray(Object.entries(made), { minLength: Object.keys(made).length }).map(Object.fromEntries),
    );
const anyUsage = someOf({
  input_tokens: count,
  output_tokens: count,
  cache_read_input_tokens: count,
  cache_creation_input_tokens: count,
  cache_creation: fc.oneof(
    someOf({ ephemeral_5m_input_tokens: count, ephemeral_1h_input_tokens: count }),
    fc.constant(null),
  ),
  server_tool_use: fc.oneof(someOf({ web_search_requests: count, web_fetch_requests: count }), fc.constant(null)),
  service_tier: fc.constantFrom("standard", null, "batch"),
  inference_geo: fc.constantFrom("us", "", "global"),
  speed: fc.constantFrom("fast", "standard", null),
  iterations: fc.array(
    someOf({
      model: fc.constantFrom("other", "claude-opus-5-5"),
      input_tokens: count,
      cache_creation_input_tokens: count,
    }),
  ),
  output_tokens_details: fc.record({ thinking_tokens: fc.nat(9) }),
});
const message = someOf({
  id: fc.constantFrom("msg_1", "", null),
  model: fc.constantFrom("claude-opus-5-5", "<synthetic>", null),
  content: fc.oneof(
    text,
    fc.array(fc.record({ type: fc.constant("tool_use"), input: fc.record({ usage: anyUsage, text }) })),
  ),
  stop_reason: fc.constantFrom("end_turn", null, ""),
  usage: fc.oneof({ weight: 5, arbitrary: anyUsage }, { weight: 1, arbitrary: fc.constant(null) }),
});
const envelope = {
  message,
  uuid: fc.constantFrom("u", null),
  requestId: fc.constantFrom("r", ""),
  timestamp: fc.oneof(
    { weight: 9, arbitrary: fc.constant("2026-11-20T10:00:00.000Z") },
    { weight: 1, arbitrary: fc.constantFrom("soon", null) },
  ),
};
const anyLine = fc.oneof(
  someOf({ ...envelope, type: fc.constantFrom("assistant", "user"), extra: fc.record({ text, usage: anyUsage }) }),
  someOf({
    type: fc.constant("progress"),
    timestamp: fc.constantFrom("2026-11-20T11:00:00.000Z"),
    uuid: fc.constant("outer"),
    data: someOf({ type: fc.constantFrom("agent_progress", "bash_progress"), message: someOf(envelope), prompt: text }),
  }),
);

test("the ways agree on lines of any shape", () => {
  let copies = 0;
  fc.assert(
    fc.property(anyLine, (line) => {
      if (agree(Buffer.from(JSON.stringify(line))) === COPY) copies++;
    }),
    { numRuns: 2000 },
  );
  expect(copies).toBeGreaterThan(100);
});
