import { lineContext, segment, transcriptEvent, usageCopy } from "@agentpane/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { anyTranscript } from "../fold/any-transcript.ts";
import { answer, human, toolCall, toolResult } from "../test-lines.ts";
import { TestTranscript } from "../test-transcript.ts";
import { quickCheck } from "./quick-check.ts";
import { readSegment } from "./read-segment.ts";

const T = 1_790_000_000_000;
const event = quickCheck(transcriptEvent);

/** What JSON.parse could give in any place. */
const anything: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(null, true, false, 0, -1, 1.5, 4096, 1e15, 1e300, "", "prompt", "human", "x".repeat(241), [], {}),
  fc.jsonValue({ maxDepth: 2 }),
);

/** An event that the protocol allows, or one with a field changed, added or taken away. */
const nearlyEvent = fc
  .tuple(anyTranscript(), fc.nat(50), fc.string({ maxLength: 8 }), anything, fc.nat(5))
  .filter(([{ events }]) => events.length > 0)
  .map(([{ events }, which, name, value, how]) => {
    const good = JSON.parse(JSON.stringify(events[which % events.length])) as Record<string, unknown>;
    const keys = Object.keys(good);
    const key = keys[which % keys.length] ?? "kind";
    if (how === 0) delete good[key];
    else if (how === 1) good[name] = value;
    else if (how === 2) good[key] = value;
    return JSON.parse(JSON.stringify(good)) as unknown;
  });

test("what the quick check accepts, the schema accepts and leaves as it is", () => {
  let accepted = 0;
  fc.assert(
    fc.property(fc.oneof(nearlyEvent, anything), (value) => {
      if (!event(value)) return;
      accepted++;
      expect(transcriptEvent.parse(value)).toEqual(value);
    }),
    { numRuns: 2000 },
  );
  expect(accepted).toBeGreaterThan(100);
});

test("what a monitor sends is accepted by the quick check, all of it", () => {
  const lines = [
    human("go", T),
    toolCall("m1", "c1", "Bash", { command: "ls" }, T),
    toolResult("c1", "ok", T),
    answer("m2", "Done.", T),
    "not JSON",
  ];
  const sent = JSON.parse(JSON.stringify(new TestTranscript("s1").append(...lines).next().segment)) as z.infer<
    typeof segment
  >;
  expect(sent.events.length).toBeGreaterThan(5);
  expect(sent.copies.length).toBeGreaterThan(0);
  expect(sent.events.filter((one) => !event(one))).toEqual([]);
  expect(sent.copies.filter((one) => !quickCheck(usageCopy)(one))).toEqual([]);
  expect(sent.contexts.filter((one) => !quickCheck(lineContext)(one))).toEqual([]);
});

test("a segment is read as its schema reads it, whatever is wrong with it", () => {
  const good = JSON.stringify(new TestTranscript("s1").append(human("go", T), answer("m1", "ok", T)).next().segment);
  const path = fc.constantFrom(
    "events",
    "copies",
    "contexts",
    "source",
    "proof",
    "from",
    "generation",
    "meta",
    "novelty",
  );
  fc.assert(
    fc.property(path, anything, fc.boolean(), (name, value, inList) => {
      const raw = JSON.parse(good) as Record<string, unknown>;
      const list = raw[name];
      raw[name] = inList && Array.isArray(list) ? [...list, value] : value;
      expect(readSegment(raw)).toEqual(segment.safeParse(raw));
    }),
    { numRuns: 500 },
  );
});

test("keys that an event does not have are left out of it", () => {
  const raw = JSON.parse(JSON.stringify(new TestTranscript("s1").append(human("go", T)).next().segment));
  raw.events[0].novelty = "x".repeat(1000);
  const read = readSegment(raw);
  expect(read.success && JSON.stringify(read.data)).not.toContain("novelty");
});

test("a schema that cannot be seen through is refused when the check is made", () => {
  expect(() => quickCheck(z.object({ size: z.number().multipleOf(5) }))).toThrow("multipleOf");
});
