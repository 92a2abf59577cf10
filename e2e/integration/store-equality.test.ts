import { appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import {
  Conversation,
  canonicalDump,
  chooseSeed,
  largeLine,
  type Machine,
  oddLine,
  Product,
  type Random,
  REPOSITORY,
  seededRandom,
  TranscriptWriter,
  tempFolder,
  until,
} from "@agentpane/testkit";
import { describe, expect, it } from "vitest";

/** Transcripts of one corpus, by their path under the config folder. */
type Corpus = Map<string, Buffer>;
type Feeding = (product: Product, machine: Machine, corpus: Corpus, random: Random) => Promise<void>;

const SESSIONS = 12;

/** The real fixtures and made conversations with subagents, odd lines and large lines. */
function makeCorpus(root: string, random: Random): Corpus {
  cpSync(join(REPOSITORY, "fixtures/claude-code-2.1.330/projects"), join(root, "projects"), { recursive: true });
  const writer = new TranscriptWriter();
  for (let i = 0; i < SESSIONS; i++) {
    const session = random.uuid();
    const version = random.pick(["2.1.330", "2.1.39", "2.0.76"] as const);
    for (const subagent of [null, ...Array.from({ length: random.int(0, 2) }, () => `a${random.hex(16)}`)]) {
      const startMs = 1_790_000_000_000 + i * 60_000;
      const conversation = new Conversation({ random, session, subagent, version, startMs });
      const file = writer.create({ root, project: `-home-dev-${i % 3}`, session, subagent });
      writer.append(file, [conversation.title(), ...conversation.turn()]);
      for (let turns = random.int(1, 20); turns > 0; turns--) {
        writer.append(file, random.chance(0.15) ? [oddLine(random, session)] : conversation.turn());
      }
      if (i === 0) writer.append(file, [largeLine(random, session, 400_000, true)]);
    }
  }
  const corpus: Corpus = new Map();
  for (const path of readdirSync(root, { recursive: true, encoding: "utf8" })) {
    if (statSync(join(root, path)).isFile()) corpus.set(path, readFileSync(join(root, path)));
  }
  return corpus;
}

function put(machine: Machine, path: string, bytes: Buffer): void {
  const full = join(machine.roots[0] ?? "", path);
  mkdirSync(dirname(full), { recursive: true });
  appendFileSync(full, bytes);
}

const inOneGo: Feeding = async (product, machine, corpus) => {
  for (const [path, bytes] of corpus) put(machine, path, bytes);
  product.startMonitor(machine);
};

const oneByOneBackwards: Feeding = async (product, machine, corpus) => {
  product.startMonitor(machine);
  for (const [path, bytes] of [...corpus].reverse()) {
    put(machine, path, bytes);
    await delay(15);
  }
};

/** Every file grows by random pieces, all at once, and both processes are killed again and again. */
const inPiecesWithKills: Feeding = async (product, machine, corpus, random) => {
  product.startMonitor(machine);
  const left = [...corpus].filter(([, bytes]) => bytes.length > 0).map(([path, bytes]) => ({ path, bytes, at: 0 }));
  let kills = 5;
  while (left.length > 0) {
    const index = random.int(0, left.length - 1);
    const one = left[index] as { path: string; bytes: Buffer; at: number };
    const end = Math.min(one.bytes.length, one.at + random.int(1, 40_000));
    put(machine, one.path, one.bytes.subarray(one.at, end));
    one.at = end;
    if (end === one.bytes.length) left.splice(index, 1);
    if (random.chance(0.1)) await delay(5);
    if (kills > 0 && random.chance(0.02)) {
      kills--;
      await machine.monitor?.kill();
      if (random.chance(0.5)) {
        await product.server?.kill();
        await product.startServer();
      }
      product.startMonitor(machine);
    }
  }
};

/** All of it again to a server that has it already: another monitor process, another start. */
const twice: Feeding = async (product, machine, corpus, random) => {
  await inOneGo(product, machine, corpus, random);
  await untilComplete(product, corpus);
  await machine.monitor?.stop();
  product.startMonitor(machine);
  await delay(1_500);
  const rebuilt = await (await product.api()).call("POST", "/api/v1/reindex");
  expect(rebuilt.status).toBe(200);
};

async function untilComplete(product: Product, corpus: Corpus): Promise<void> {
  const bytes = [...corpus]
    .filter(([path]) => path.endsWith(".jsonl"))
    .reduce((sum, [, content]) => sum + content.lastIndexOf(10) + 1, 0);
  let seen = 0;
  await until(
    "all is committed",
    () => {
      seen = product.committedBytes();
      return seen === bytes;
    },
    { deadlineMs: 90_000, describe: () => ({ seen, bytes }) },
  );
}

describe("the store is a function of the transcripts alone", () => {
  it("whatever the order, the pieces, the restarts and the repetitions in which they came", async () => {
    const seed = chooseSeed();
    const random = seededRandom(seed);
    await using shared = tempFolder("equality");
    const corpus = makeCorpus(join(shared.path, "made"), random);
    // One machine, one place: only the way in which the files come to be differs.
    const root = join(shared.path, "claude");
    const state = join(shared.path, "state");
    const dumps: [string, string[]][] = [];
    for (const feeding of [inOneGo, oneByOneBackwards, inPiecesWithKills, twice]) {
      rmSync(root, { recursive: true, force: true });
      await using product = new Product("equality");
      await product.startServer();
      const machine = await product.addMachine("machine", [root]);
      if (dumps.length > 0)
        cpSync(state, machine.state, { recursive: true, filter: (path) => !path.endsWith("/token") });
      await feeding(product, machine, corpus, random);
      await untilComplete(product, corpus);
      await machine.monitor?.stop();
      await product.server?.stop();
      if (dumps.length === 0) cpSync(machine.state, state, { recursive: true });
      dumps.push([feeding.name, canonicalDump(product.databasePath)]);
    }
    const [first, ...others] = dumps as [[string, string[]], ...[string, string[]][]];
    expect(first[1].length).toBeGreaterThan(1_000);
    for (const [name, dump] of others) {
      const missing = [...new Set(first[1]).difference(new Set(dump))].slice(0, 5);
      const extra = [...new Set(dump).difference(new Set(first[1]))].slice(0, 5);
      expect({ missing, extra }, `PROOF_SEED=${seed} ${name}`).toEqual({ missing: [], extra: [] });
      expect(dump.length, name).toBe(first[1].length);
    }
  }, 300_000);
});
