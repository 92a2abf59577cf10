import { EVENT_KINDS, type TranscriptEvent, transcriptEvent, usageCopy } from "@agentpane/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { kindNumber, packCopy, packEvent, STORED_FORMS, unpackCopy, unpackEvent } from "./event-codec.ts";

const IN_COLUMNS = new Set(["kind", "at", "offset", "index", "key"]);

function protocolFields(shape: Record<string, { safeParse(value: unknown): { success: boolean } }>): string[] {
  return Object.entries(shape)
    .filter(([name]) => !IN_COLUMNS.has(name))
    .map(([name, field]) => (field.safeParse(undefined).success ? `${name}?` : name))
    .sort();
}

test.each(transcriptEvent.options.map((option) => [option.shape.kind.value, option.shape] as const))(
  "every field of %s that the protocol knows is stored, optional where it is optional",
  (kind, shape) => {
    expect([...STORED_FORMS.events[kind][1]].sort()).toEqual(protocolFields(shape));
  },
);

test("every field of a usage copy that the protocol knows is stored", () => {
  const { key: _key, ...rest } = usageCopy.shape;
  expect([...STORED_FORMS.copy].sort()).toEqual(protocolFields(rest));
});

test("no two kinds share a number", () => {
  expect(new Set(EVENT_KINDS.map(kindNumber)).size).toBe(EVENT_KINDS.length);
});

const text = fc.string({ unit: "binary", maxLength: 50 });
const some = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const nullable = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const count = fc.maxSafeNat();
const envelope = { at: nullable(count), offset: count, index: fc.nat(4095) };

const event: fc.Arbitrary<TranscriptEvent> = fc
  .oneof(
    fc.record({ kind: fc.constant("text"), ...envelope, response: nullable(text), summary: text, chars: count }),
    fc.record({
      kind: fc.constant("tool.result"),
      ...envelope,
      call: text,
      isError: fc.boolean(),
      summary: text,
      chars: count,
      images: count,
      decidedBy: some(text),
      denied: some(fc.boolean()),
      exitCode: some(fc.integer()),
      durationMs: some(count),
      subagent: some(text),
    }),
    fc.record({
      kind: fc.constant("api.error"),
      ...envelope,
      status: nullable(fc.integer()),
      error: text,
      summary: text,
      retry: some(fc.record({ attempt: count, max: count, inMs: count })),
    }),
    fc.record({
      kind: fc.constant("subagent.end"),
      ...envelope,
      call: nullable(text),
      subagent: nullable(text),
      status: text,
      summary: text,
    }),
    fc.record({
      kind: fc.constant("todo"),
      ...envelope,
      op: fc.constantFrom("replace", "update"),
      items: fc.array(fc.record({ id: nullable(text), text: nullable(text), status: fc.constant(null) })),
    }),
  )
  // An absent field and one that is undefined are the same on the wire.
  .map((value) => JSON.parse(JSON.stringify(value)) as TranscriptEvent);

test("an event comes back as it was stored", () => {
  fc.assert(
    fc.property(event, (original) => {
      const { offset, index: idx, at } = original;
      const row = { offset, idx, at, kind: kindNumber(original.kind), body: packEvent(original) };
      expect(unpackEvent(row)).toEqual(original);
    }),
  );
});

test("a usage copy comes back as it was stored", () => {
  const original = usageCopy.parse({
    offset: 5,
    index: 1,
    at: null,
    key: "msg_1",
    keyKind: "message",
    model: "claude-opus-4-6",
    stopReason: null,
    inputTokens: 1,
    outputTokens: 2,
    cacheReadTokens: 3,
    cacheWriteTokens: 4,
    cacheWrite5mTokens: 0,
    cacheWrite1hTokens: 4,
    webSearches: 0,
    tier: "standard",
    iterations: [
      {
        model: "claude-haiku-4-5",
        inputTokens: 1,
        outputTokens: 1,
        cacheReadTokens: 0,
        cacheWrite5mTokens: 0,
        cacheWrite1hTokens: 0,
      },
    ],
  });
  const { offset, index: idx, at, key } = original;
  expect(unpackCopy({ offset, idx, at, key, body: packCopy(original) })).toEqual(original);
});
