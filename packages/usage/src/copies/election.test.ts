import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CountedResponse, countResponse, type LocatedCopy } from "./election.ts";
import { CopyLedger } from "./ledger.ts";

const T = Date.UTC(2026, 10, 20, 10);

function copy(over: Partial<LocatedCopy> = {}): LocatedCopy {
  return {
    offset: 0,
    index: 0,
    at: T,
    key: "msg_a",
    keyKind: "message",
    model: "claude-opus-5-5",
    stopReason: "end_turn",
    inputTokens: 1,
    outputTokens: 10,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    cacheWrite5mTokens: 0,
    cacheWrite1hTokens: 0,
    webSearches: 0,
    source: "one",
    session: "one",
    subagent: null,
    birthMs: 1000,
    ...over,
  };
}

describe("which copy speaks for a response", () => {
  test.each<[string, Partial<LocatedCopy>, Partial<LocatedCopy>]>([
    ["the higher output", { outputTokens: 11, stopReason: null, source: "z" }, { outputTokens: 10 }],
    ["of equal outputs the one with a stop reason", { source: "z", offset: 9 }, { stopReason: null }],
    ["of equal ones the smaller source", { source: "a", offset: 9 }, { source: "b", offset: 1 }],
    ["in one source the smaller offset", { offset: 1, at: T + 5 }, { offset: 2 }],
    ["in one line the smaller index", { index: 0 }, { index: 1 }],
    ["a nested one with a higher output", { nested: true, outputTokens: 11, source: "z" }, { outputTokens: 10 }],
  ])("%s", (_, winner, loser) => {
    const [wins, loses] = [copy({ inputTokens: 7, ...winner }), copy({ inputTokens: 8, ...loser })];
    expect(countResponse([wins, loses])?.copy).toBe(wins);
    expect(countResponse([loses, wins])?.copy).toBe(wins);
  });

  test("none where it stands in no line of its own", () => {
    expect(countResponse([copy({ nested: true }), copy({ nested: true, offset: 9 })])).toBeNull();
    expect(countResponse([])).toBeNull();
  });
});

describe("whose a response is", () => {
  test.each<[string, Partial<LocatedCopy>[], Pick<CountedResponse, "session" | "subagent" | "at">]>([
    [
      "the session whose copy is earlier, though its file is younger",
      [
        { session: "old", source: "old", birthMs: 1, at: T + 1 },
        { session: "young", source: "young", birthMs: 2, at: T },
      ],
      { session: "young", subagent: null, at: T },
    ],
    [
      "at the same time, as in a fork, the session whose file was born first",
      [
        { session: "a-fork", source: "a-fork", birthMs: 2000 },
        { session: "source", source: "source", birthMs: 1000 },
      ],
      { session: "source", subagent: null, at: T },
    ],
    [
      "born at the same time too, as in a restored backup, the session that sorts first",
      [
        { session: "b", source: "b" },
        { session: "a", source: "a" },
      ],
      { session: "a", subagent: null, at: T },
    ],
    [
      "a dated copy before one without a time",
      [
        { session: "undated", source: "undated", at: null, birthMs: 1 },
        { session: "dated", source: "dated", birthMs: 2 },
      ],
      { session: "dated", subagent: null, at: T },
    ],
    [
      "the earliest copy's, though another one speaks for it",
      [
        { session: "first", source: "first", at: T, outputTokens: 1, stopReason: null },
        { session: "last", source: "last", at: T + 9, outputTokens: 500 },
      ],
      { session: "first", subagent: null, at: T },
    ],
    [
      "the parent's own, of which a subagent only repeats an inherited message",
      [
        { source: "main", birthMs: 1000 },
        { source: "agent", birthMs: 2000, subagent: "a1", at: T + 20 },
      ],
      { session: "one", subagent: null, at: T },
    ],
    [
      "the subagent's, of which its older parent tells at the same moment",
      [
        { source: "main", birthMs: 1000, nested: true },
        { source: "agent", birthMs: 2000, subagent: "a1" },
      ],
      { session: "one", subagent: "a1", at: T },
    ],
  ])("%s", (_, copies, owner) => {
    const located = copies.map(copy);
    for (const order of [located, located.toReversed()]) expect(countResponse(order)).toMatchObject(owner);
  });

  test("the copies of a deleted source go, and the rest is elected and owned anew", () => {
    const ledger = new CopyLedger();
    const first = copy({ session: "first", source: "first", outputTokens: 500 });
    const second = copy({ session: "second", source: "second", at: T + 1, outputTokens: 20 });
    ledger.add([first, second]);
    expect(ledger.remove([first])).toEqual([
      {
        key: "message:msg_a",
        before: { key: "message:msg_a", copy: first, session: "first", subagent: null, at: T },
        after: { key: "message:msg_a", copy: second, session: "second", subagent: null, at: T + 1 },
      },
    ]);
    expect(ledger.remove([second])[0]).toMatchObject({ after: null });
    expect([...ledger.responses()]).toEqual([]);
  });

  test("a copy that is already there changes nothing", () => {
    const ledger = new CopyLedger();
    expect(ledger.add([copy(), copy()])).toHaveLength(1);
    expect(ledger.add([copy()])).toEqual([]);
    expect(ledger.remove([copy({ offset: 77 })])).toEqual([]);
  });
});

const anyCopy = fc
  .record({
    key: fc.constantFrom("m1", "m2", "m3"),
    source: fc.constantFrom("s1", "s2", "s3"),
    offset: fc.integer({ min: 0, max: 3 }),
    index: fc.integer({ min: 0, max: 1 }),
    at: fc.option(fc.integer({ min: T, max: T + 2 })),
    outputTokens: fc.integer({ min: 0, max: 2 }),
    inputTokens: fc.nat(9),
    stopReason: fc.option(fc.constant("end_turn")),
    nested: fc.option(fc.constant(true), { nil: undefined }),
    subagent: fc.option(fc.constantFrom("a1", "a2")),
  })
  .map((made) => copy({ ...made, session: `session-${made.source}`, birthMs: made.source.charCodeAt(1) % 2 }));

/** One place holds one copy: what a second one says of the same place is the same. */
const manyCopies = fc.uniqueArray(anyCopy, {
  maxLength: 14,
  selector: (made) => `${made.source} ${made.offset} ${made.index}`,
});

function counted(ledger: CopyLedger): unknown {
  return [...ledger.responses()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

describe("any order, split and repetition counts the same", () => {
  test("adding", () => {
    fc.assert(
      fc.property(manyCopies, fc.infiniteStream(fc.nat(99)), fc.array(fc.nat(13)), (copies, cuts, again) => {
        const whole = new CopyLedger();
        whole.add(copies);
        const pieces = new CopyLedger();
        const shuffled = copies
          .map((each) => ({ each, place: cuts.next().value ?? 0 }))
          .sort((a, b) => a.place - b.place);
        for (const { each } of shuffled) pieces.add([each]);
        for (const place of again) pieces.add(copies.slice(place, place + 2));
        expect(counted(pieces)).toEqual(counted(whole));
      }),
    );
  });

  test("adding and taking away again, where the changes add up to the difference", () => {
    fc.assert(
      fc.property(manyCopies, manyCopies, (kept, gone) => {
        const places = new Set(kept.map((each) => `${each.source} ${each.offset} ${each.index}`));
        const others = gone.filter((each) => !places.has(`${each.source} ${each.offset} ${each.index}`));
        const ledger = new CopyLedger();
        const changes = [...ledger.add(others), ...ledger.add(kept), ...ledger.remove(others)];
        const fresh = new CopyLedger();
        fresh.add(kept);
        expect(counted(ledger)).toEqual(counted(fresh));
        const output = changes.reduce(
          (sum, { before, after }) => sum + (after?.copy.outputTokens ?? 0) - (before?.copy.outputTokens ?? 0),
          0,
        );
        const expected = [...fresh.responses()].reduce((sum, each) => sum + each.copy.outputTokens, 0);
        expect(output).toBe(expected);
      }),
    );
  });
});
