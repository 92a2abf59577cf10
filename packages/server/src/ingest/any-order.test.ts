import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { adapters } from "@agentpane/agents";
import fc from "fast-check";
import { expect, test } from "vitest";
import { dumpStore } from "../test-dump.ts";
import { answer, apiError, goodbye, human, interruption, title, toolCall, toolResult, turnEnd } from "../test-lines.ts";
import { MACHINE, NOON, OTHER_MACHINE, openTestStore } from "../test-store.ts";
import { ingestBody, type Line, type TestSegment, TestTranscript } from "../test-transcript.ts";

const T = NOON - 60_000;
/** Each run opens two stores, on disks that others may keep busy. */
const RUNS = 12;
const TIMEOUT_MS = 120_000;

/** A line of a transcript; times may run backwards, as they do. */
const line: fc.Arbitrary<Line | string> = fc
  .record({ at: fc.integer({ min: T, max: T + 50_000 }), n: fc.nat(3), kind: fc.nat(9) })
  .map(({ at, n, kind }) => {
    const kinds: (Line | string)[] = [
      human(`prompt ${n}`, at),
      answer(`m${n}`, `words ${n}`, at),
      answer(`m${n}`, `thinking aloud ${n}`, at, null),
      toolCall(`m${n}`, `c${n}`, n === 3 ? "AskUserQuestion" : "Bash", { command: `ls ${n}` }, at),
      toolResult(`c${n}`, "ok", at),
      turnEnd(at),
      interruption(at),
      apiError("limit", at),
      title(`title ${n}`),
      n === 0 ? goodbye() : "not JSON at all",
    ];
    return kinds[kind] ?? "";
  });

interface MadeSource {
  machine: string;
  session: string;
  root: string;
  subagent: string | null;
  lives: (Line | string)[][];
}

const source: fc.Arbitrary<MadeSource> = fc.record({
  machine: fc.constantFrom(MACHINE, OTHER_MACHINE),
  session: fc.constantFrom("s1", "s2"),
  root: fc.constantFrom("/a", "/b"),
  subagent: fc.constantFrom(null, "a1", "a2"),
  lives: fc.array(fc.array(line, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 2 }),
});

interface Sent {
  machine: string;
  segments: TestSegment[];
}

/** Cuts every source's lives into segments of the given numbers of lines, in the source's own order. */
function cut(sources: readonly MadeSource[], sizes: readonly number[]): Sent[] {
  let n = 0;
  return sources.map(({ machine, session, root, subagent, lives }) => {
    const transcript = new TestTranscript(session, { root, subagent });
    const segments: TestSegment[] = [];
    for (const [life, lines] of lives.entries()) {
      if (life > 0) transcript.rewrite();
      transcript.append(...lines);
      while (transcript.sent < transcript.bytes.length) segments.push(transcript.next(sizes[n++ % sizes.length]));
    }
    return { machine, segments };
  });
}

/** What the store holds after the segments came, those of one source in order, the sources in the order of `turns`. */
async function storeAfter(sent: readonly Sent[], turns: readonly number[], repeat: boolean): Promise<unknown> {
  await using store = await openTestStore();
  await store.register(OTHER_MACHINE);
  const waiting = sent.map(({ machine, segments }) => ({ machine, segments: [...segments] }));
  const sending: Promise<unknown>[] = [];
  for (let n = 0; waiting.length > 0; n++) {
    const at = (turns[n % turns.length] ?? 0) % waiting.length;
    const next = waiting[at];
    const segment = next?.segments.shift();
    if (next === undefined || segment === undefined) {
      waiting.splice(at, 1);
      continue;
    }
    const body = () => ingestBody(repeat ? [segment, segment] : [segment]);
    sending.push(store.engine.writer.ingest(next.machine, body()));
    if (repeat) sending.push(store.engine.writer.ingest(next.machine, body()));
    if (n % 3 === 0) await Promise.all(sending);
  }
  await Promise.all(sending);
  return dumpStore(store.dataDir);
}

test("any cut into segments, order of sources and repetition gives the same store, byte for byte", {
  timeout: TIMEOUT_MS,
}, async () => {
  const sources = fc.uniqueArray(source, {
    selector: ({ machine, session, root, subagent }) => JSON.stringify([machine, session, root, subagent]),
    minLength: 1,
    maxLength: 5,
  });
  const sizes = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 5 });
  const turns = fc.array(fc.nat(4), { minLength: 1, maxLength: 7 });
  await fc.assert(
    fc.asyncProperty(sources, sizes, sizes, turns, turns, async (made, oneCut, otherCut, oneTurns, otherTurns) => {
      const one = await storeAfter(cut(made, oneCut), oneTurns, false);
      const other = await storeAfter(cut(made, otherCut), otherTurns, true);
      expect(other).toEqual(one);
    }),
    { numRuns: RUNS },
  );
});

const FIXTURES = fileURLToPath(new URL("../../../../fixtures/claude-code-2.1.330/", import.meta.url));

function fixture(path: string): TestTranscript | null {
  const name = adapters["claude-code"].transcriptName(path);
  if (name === null) return null;
  const transcript = new TestTranscript(name.session, { subagent: name.subagent });
  transcript.bytes = readFileSync(join(FIXTURES, path));
  return transcript;
}

test("the real client's transcripts are stored alike, whole or line by line", async () => {
  const paths = globSync("projects/**/*.jsonl", { cwd: FIXTURES }).sort();
  expect(paths.length).toBeGreaterThan(20);
  const dumps = [];
  for (const lines of [Number.POSITIVE_INFINITY, 1]) {
    await using store = await openTestStore();
    for (const path of paths) {
      const transcript = fixture(path);
      if (transcript === null) continue;
      const segments = [];
      while (transcript.sent < transcript.bytes.length) segments.push(transcript.next(lines));
      const { answer: answers } = await store.send(segments);
      expect(answers.answers.filter(({ result }) => result !== "committed")).toEqual([]);
    }
    dumps.push(dumpStore(store.dataDir));
  }
  expect(dumps[1]).toEqual(dumps[0]);
});
