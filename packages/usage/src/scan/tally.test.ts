import fc from "fast-check";
import { expect, test } from "vitest";
import { countResponse, type LocatedCopy } from "../copies/election.ts";
import { Tally } from "./tally.ts";

/** Four files of three sessions, two of them born at once; the order of files is that of their sources. */
const SESSIONS = ["a", "b", "b", "c"];
const ORDER = { sessionRank: Int32Array.of(0, 1, 1, 2), birthMs: Float64Array.of(20, 10, 20, 10) };
const T = Date.UTC(2026, 10, 20);

const anyCopy = fc.record({
  key: fc.constantFrom<string>("m1", "m2"),
  file: fc.nat(3),
  offset: fc.nat(3),
  at: fc.option(fc.integer({ min: T, max: T + 2 })),
  outputTokens: fc.nat(2),
  inputTokens: fc.nat(9),
  final: fc.boolean(),
  nested: fc.boolean(),
  model: fc.constantFrom<string>("x", "y"),
});
type Made = (typeof anyCopy extends fc.Arbitrary<infer T> ? T : never) & { part: number };

const NUMBERS = {
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  cacheWrite5mTokens: 0,
  cacheWrite1hTokens: 0,
  webSearches: 0,
};

function located(made: Made): LocatedCopy {
  return {
    ...NUMBERS,
    offset: made.offset,
    index: 0,
    at: made.at,
    key: made.key,
    keyKind: "message",
    model: made.model,
    stopReason: made.final ? "end_turn" : null,
    inputTokens: made.inputTokens,
    outputTokens: made.outputTokens,
    nested: made.nested,
    source: String(made.file),
    session: SESSIONS[made.file] ?? "",
    subagent: made.file === 2 ? "agent" : null,
    birthMs: ORDER.birthMs[made.file] ?? 0,
  };
}

function offer(tally: Tally, made: Made): void {
  const numbers = { ...NUMBERS, inputTokens: made.inputTokens, outputTokens: made.outputTokens };
  const facts = { at: made.at ?? -1, final: made.final, nested: made.nested };
  const steps =
    made.model === "y" ? [{ model: "z", inputTokens: made.inputTokens, ...NUMBERS, outputTokens: 0 }] : null;
  const place = { terms: tally.termsOf(`${made.model}\n\n\n`), file: made.file, offset: made.offset, steps };
  tally.offer(tally.rowOf(`message:${made.key}`), numbers, facts, place);
}

/** What the row of a response says, in the words of the election. */
function said(tally: Tally, key: string): unknown {
  const { columns, marks, terms, steps, files } = tally.view;
  const row = tally.rowOf(`message:${key}`);
  const own = marks.ownFile[row] as number;
  if (own < 0) return null;
  const session = marks.earliestFile[row] as number;
  const at = columns.earliestAt[row] as number;
  const owner = files.sessionRank[own] === files.sessionRank[session] ? own : session;
  return {
    inputTokens: columns.inputTokens[row],
    outputTokens: columns.outputTokens[row],
    offset: columns.offset[row],
    source: String(marks.file[row]),
    model: terms[marks.terms[row] as number]?.trim(),
    advised: steps.get(row)?.[0]?.inputTokens ?? null,
    session: SESSIONS[session],
    subagent: owner === 2 ? "agent" : null,
    at: Number.isFinite(at) ? at : null,
  };
}

function counted(copies: readonly Made[], key: string): unknown {
  const response = countResponse(copies.filter((made) => made.key === key).map(located));
  if (!response) return null;
  const { inputTokens, outputTokens, offset, source, model } = response.copy;
  const { session, subagent, at } = response;
  const advised = model === "y" ? inputTokens : null;
  return { inputTokens, outputTokens, offset, source, model, advised, session, subagent, at };
}

test("the tally elects and owns as the election does, in any order and spread over any threads", () => {
  const copies = fc.uniqueArray(
    anyCopy.chain((made) => fc.record({ part: fc.nat(2) }).map(({ part }): Made => ({ ...made, part }))),
    { selector: (made) => `${made.file} ${made.offset}`, maxLength: 12 },
  );
  fc.assert(
    fc.property(copies, (all) => {
      const tallies = [new Tally(ORDER), new Tally(ORDER), new Tally(ORDER)] as const;
      for (const made of all) offer(tallies[made.part as 0 | 1 | 2], made);
      const [main, ...others] = tallies;
      for (const other of others) main.absorb(other.message().message);
      for (const key of ["m1", "m2"]) expect(said(main, key)).toEqual(counted(all, key));
    }),
    { numRuns: 1000 },
  );
});

test("a tally grows beyond its first rows", () => {
  const tally = new Tally(ORDER);
  const made: Made = {
    key: "",
    file: 0,
    offset: 0,
    at: T,
    outputTokens: 1,
    inputTokens: 1,
    final: true,
    nested: false,
    model: "x",
    part: 0,
  };
  for (let i = 0; i < 10_000; i++) offer(tally, { ...made, key: `m${i}`, inputTokens: i });
  expect(tally.size).toBe(10_000);
  for (const i of [0, 4095, 4096, 9999]) expect(said(tally, `m${i}`)).toMatchObject({ inputTokens: i, at: T });
});
