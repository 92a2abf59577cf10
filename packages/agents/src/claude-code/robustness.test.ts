import { eventContent, lineContext, transcriptEvent, usageCopy } from "@agentpane/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyLine, jsonLine } from "./arbitrary-line.ts";
import { claudeCode } from "./index.ts";
import { isPlumbing } from "./plumbing.ts";
import { readLine, readParsed, readSkimmed } from "./read-line.ts";

const OFFSET = 123_456;

/** An object compared by what JSON would carry of it, so that -0 and 0 are the same. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

describe("any line whatever", () => {
  it("gives events, copies and a context that the protocol accepts, and never throws", () => {
    fc.assert(
      fc.property(anyLine, (line) => {
        const { events, copies, context } = claudeCode.readLine(line, OFFSET);
        for (const event of events) expect(transcriptEvent.safeParse(event).error).toBeUndefined();
        for (const copy of copies) expect(usageCopy.safeParse(copy).error).toBeUndefined();
        if (context) expect(lineContext.safeParse(context).error).toBeUndefined();
        expect(events.map((event) => [event.offset, event.index])).toEqual(events.map((_, i) => [OFFSET, i]));
        expect(copies.map((copy) => [copy.offset, copy.index])).toEqual(copies.map((_, i) => [OFFSET, i]));
      }),
      { numRuns: 1500 },
    );
  });

  it("is malformed exactly where JSON.parse gives no object", () => {
    fc.assert(
      fc.property(anyLine, (line) => {
        fc.pre(!isPlumbing(line));
        let parsed: unknown;
        try {
          parsed = JSON.parse(line.toString("utf8"));
        } catch {
          parsed = undefined;
        }
        const isObject = typeof parsed === "object" && parsed !== null && !Array.isArray(parsed);
        expect(readLine(line, OFFSET).events[0]?.kind === "malformed").toBe(!isObject);
      }),
      { numRuns: 1500 },
    );
  });

  it("reads the same skimmed and parsed", () => {
    fc.assert(
      fc.property(anyLine, (line) => {
        const skimmed = readSkimmed(line, OFFSET);
        if (skimmed) expect({ ...skimmed, slow: true }).toEqual(readParsed(line, OFFSET));
      }),
      { numRuns: 3000 },
    );
  });

  it("is kept in a form that reads the same", () => {
    fc.assert(
      fc.property(anyLine, (line) => {
        const kept = claudeCode.keep(line);
        const reading = claudeCode.readLine(line, OFFSET);
        if (kept === null) expect([reading.events, reading.copies, reading.context]).toEqual([[], [], null]);
        else expect(claudeCode.readLine(kept, OFFSET)).toEqual(reading);
      }),
      { numRuns: 500 },
    );
  });

  it("has contents that the protocol accepts, for events that it has", () => {
    fc.assert(
      fc.property(anyLine, (line) => {
        fc.pre(!isPlumbing(line));
        const indices = claudeCode.readLine(line, OFFSET).events.map((event) => event.index);
        for (const [index, content] of claudeCode.lineContent(line, OFFSET)) {
          expect(indices).toContain(index);
          expect(eventContent.safeParse(plain(content)).error).toBeUndefined();
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe("a line spelt as the agent spells it", () => {
  it("can be skimmed unless a tool's input holds what JSON.stringify escapes in a second way", () => {
    fc.assert(
      fc.property(jsonLine, (line) => {
        fc.pre(!/\\u[dD]|\\u007f/.test(line.toString("latin1")));
        expect(readSkimmed(line, OFFSET)).not.toBeNull();
      }),
      { numRuns: 1000 },
    );
  });
});
