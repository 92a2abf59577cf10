import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { TranscriptWriter } from "../journal/transcript-writer.ts";
import { Conversation } from "../lines/conversation.ts";
import { seededRandom } from "../random.ts";
import { tempFolder } from "../temp.ts";
import { checkStore } from "./check.ts";
import type { Journal, JournaledLife } from "./journal.ts";
import type { StoredGeneration, StoredSource, StoreView } from "./store-view.ts";

/** A store that keeps the promise, made from the journal. */
function faithfulGeneration(life: JournaledLife, generation: number, latest: boolean): StoredGeneration {
  const half = life.lines[Math.floor(life.lines.length / 2)]?.offset ?? 0;
  const range = (from: number, to: number) => ({
    from,
    to,
    broken: null,
    lines: life.lines
      .filter((line) => line.offset >= from && line.offset < to && line.kept !== "dropped")
      .map((line) => ({ offset: line.offset, length: line.length, sha256: line.sha256, text: null })),
  });
  return {
    generation,
    latest,
    extent: life.completeBytes,
    ranges: [range(0, half), range(half, life.completeBytes)],
    events: life.lines.flatMap((line) => line.kinds.map((kind, index) => ({ offset: line.offset, index, kind }))),
    usage: life.lines.flatMap((line) =>
      (line.usage ?? []).map((copy, index) => ({ offset: line.offset, index, ...copy })),
    ),
  };
}

async function rewrittenTranscript(): Promise<{ journal: Journal; store: StoreView; source: StoredSource }> {
  await using folder = tempFolder("checker");
  const random = seededRandom(7);
  const writer = new TranscriptWriter();
  const session = random.uuid();
  const conversation = new Conversation({ random, session });
  const file = writer.create({ root: folder.path, project: "-home-dev-shop", session });
  writer.append(file, [...conversation.turn(), ...conversation.turn()]);
  writer.sealPresent();
  writer.rewrite(file, 600, conversation.turn(), "rename");
  const journal = writer.journal();
  const [first, second] = journal.lives as [JournaledLife, JournaledLife];
  const source: StoredSource = {
    machine: "m",
    root: folder.path,
    session,
    subagent: null,
    copy: 1,
    path: file.path ?? "",
    gone: false,
    generations: [faithfulGeneration(first, 1, false), faithfulGeneration(second, 2, true)],
  };
  return { journal, store: { sources: [source] }, source };
}

const latest = (source: StoredSource): StoredGeneration => source.generations[1] as StoredGeneration;

const breakages: [string, (store: StoreView, source: StoredSource) => void, RegExp][] = [
  ["a kept line is missing", (_, source) => latest(source).ranges[1]?.lines.pop(), /is missing/],
  [
    "a line has other bytes",
    (_, source) => Object.assign(latest(source).ranges[0]?.lines[0] ?? {}, { sha256: "0".repeat(64) }),
    /has other bytes/,
  ],
  [
    "a range stands twice",
    (_, source) => latest(source).ranges.splice(1, 0, ...latest(source).ranges.slice(0, 1)),
    /overlaps/,
  ],
  [
    "a chunk does not open",
    (_, source) => Object.assign(latest(source).ranges[0] ?? {}, { broken: "does not open" }),
    /does not open/,
  ],
  ["an event is lost", (_, source) => latest(source).events.pop(), /gave 0 .* events/],
  [
    "an event stands twice",
    (_, source) => latest(source).events.push(...latest(source).events.slice(-1)),
    /numbered 0 0|gave 2/,
  ],
  [
    "an event belongs to no line",
    (_, source) => latest(source).events.push({ offset: 1, index: 0, kind: "text" }),
    /at 1,/,
  ],
  ["usage is lost", (_, source) => latest(source).usage.pop(), /usage at/],
  ["the cursor stands too low", (_, source) => Object.assign(latest(source), { extent: 10 }), /not the end of a line/],
  [
    "an earlier generation is lost",
    (_, source) => source.generations.shift(),
    /were committed once and no generation begins/,
  ],
  ["the file is no source", (store) => store.sources.pop(), /is no source/],
  ["the path is old", (_, source) => Object.assign(source, { path: "/elsewhere" }), /is no source/],
  [
    "the same life is stored twice",
    (store, source) => store.sources.push({ ...structuredClone(source), copy: 2, gone: true }),
    /stored twice/,
  ],
  [
    "a deleted file is shown as present",
    (store, source) => store.sources.push({ ...structuredClone(source), copy: 2, path: "/elsewhere" }),
    /yet not said to be gone/,
  ],
];

describe("the checker", () => {
  it("finds nothing wrong with a store that keeps the promise", async () => {
    const { journal, store } = await rewrittenTranscript();
    expect(journal.lives.map((life) => life.lines.length > 4)).toEqual([true, true]);
    expect(checkStore(journal, store)).toEqual([]);
  });

  it.each(breakages)("notices that %s", async (_, breakIt, said) => {
    const { journal, store, source } = await rewrittenTranscript();
    breakIt(store, source);
    expect(checkStore(journal, store).join("\n")).toMatch(said);
  });

  it("shares no code with the product: it imports Node and its own folder only", () => {
    const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"));
    expect(files.length).toBeGreaterThan(4);
    for (const file of files) {
      const text = readFileSync(join(import.meta.dirname, file), "utf8");
      const imports = [...text.matchAll(/(?:from|import\()\s*"([^"]+)"/g)].map((found) => found[1]);
      for (const name of imports) expect(name, file).toMatch(/^(node:|\.\/[a-z-]+\.ts$)/);
    }
  });
});
