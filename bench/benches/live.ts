import { mkdirSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Conversation, type LiveClient, Product, seededRandom } from "@agentpane/testkit";
import { type Figure, percentile } from "../lib/figures.ts";
import { cpuSeconds } from "../lib/process-figures.ts";

const PROBES = 400;
const LOAD_FILES = 200;
const LOAD_LINES_PER_SECOND = 5_000;
const LOAD_TICK_MS = 10;
const WARM_UP_MS = 3_000;
const PROBE_LIMIT_MS = 5_000;

/** From the write of a line to the WebSocket message that carries its event, idle and under load. */
export async function live(): Promise<Figure[]> {
  await using product = new Product("bench-live");
  const random = seededRandom(11);
  const machine = await product.addMachine("bench");
  const folder = join(machine.roots[0] ?? "", "projects", "-home-dev-shop");
  mkdirSync(folder, { recursive: true });
  const transcripts = Array.from({ length: LOAD_FILES + 1 }, () => transcript(folder, random.uuid()));
  const server = await product.startServer();
  const monitor = product.startMonitor(machine);
  using page = await product.live();
  page.keepFrames = false;
  const [probe, ...others] = transcripts as [Transcript, ...Transcript[]];
  for (const one of transcripts) one.write([one.conversation.prompt()]);
  await delay(WARM_UP_MS);
  page.send({ type: "watch", session: probe.conversation.session, subagent: null, after: "end" });
  const prober = new Prober(page, probe);
  const idle = await prober.run(PROBES, () => 20 + random.int(0, 80));
  const load = startLoad(others);
  await delay(WARM_UP_MS);
  const cpuBefore = cpuSeconds(server.pid) + cpuSeconds(monitor.pid);
  const loadedFrom = performance.now();
  const loaded = await prober.run(PROBES, () => 10 + random.int(0, 40));
  const loadS = (performance.now() - loadedFrom) / 1000;
  const cores = (cpuSeconds(server.pid) + cpuSeconds(monitor.pid) - cpuBefore) / loadS;
  const rate = load.stop();
  const note = `${rate.toFixed(0)} lines/s over ${LOAD_FILES} files, ${cores.toFixed(2)} cores; ${loaded.lost} of ${PROBES} not seen`;
  return [
    { what: "append to message, idle, p50", unit: "ms", measured: percentile(idle.ms, 0.5), target: 5 },
    {
      what: "append to message, idle, p99",
      unit: "ms",
      measured: percentile(idle.ms, 0.99),
      target: 20,
      note: `${PROBES} lines, ${idle.lost} not seen`,
    },
    { what: "append to message, loaded, p50", unit: "ms", measured: percentile(loaded.ms, 0.5), target: null },
    { what: "append to message, loaded, p99", unit: "ms", measured: percentile(loaded.ms, 0.99), target: 150, note },
  ];
}

interface Transcript {
  conversation: Conversation;
  write(lines: { bytes: Buffer }[]): void;
}

function transcript(folder: string, session: string): Transcript {
  const descriptor = openSync(join(folder, `${session}.jsonl`), "a", 0o600);
  return {
    conversation: new Conversation({ random: seededRandom(session.length), session }),
    write(lines) {
      writeSync(descriptor, Buffer.concat(lines.flatMap((line) => [line.bytes, Buffer.from("\n")])));
    },
  };
}

/** Appends marked prompts, one at a time, and notes when the page hears of each. */
class Prober {
  #page: LiveClient;
  #transcript: Transcript;
  #sent = 0;

  constructor(page: LiveClient, on: Transcript) {
    this.#page = page;
    this.#transcript = on;
  }

  async run(probes: number, gapMs: () => number): Promise<{ ms: number[]; lost: number }> {
    const ms: number[] = [];
    let lost = 0;
    for (let i = 0; i < probes; i++) {
      const mark = `probe-${this.#sent++}.`;
      const line = this.#transcript.conversation.prompt(mark);
      const heard = this.#heard(mark);
      const begun = performance.now();
      this.#transcript.write([line]);
      const at = await heard;
      if (at === null) lost++;
      else ms.push(at - begun);
      await delay(gapMs());
    }
    return { ms, lost };
  }

  async #heard(mark: string): Promise<number | null> {
    return await new Promise((resolve) => {
      const timer = setTimeout(() => resolve(null), PROBE_LIMIT_MS);
      this.#page.onFrame = (frame, at) => {
        if (frame.type !== "events") return;
        const events = frame.events as { summary?: string }[];
        if (!events.some((event) => event.summary === mark)) return;
        clearTimeout(timer);
        resolve(at);
      };
    });
  }
}

/** Writes to all files by turns, at a steady rate. `stop` answers the rate that was reached. */
function startLoad(transcripts: readonly Transcript[]): { stop(): number } {
  const begun = performance.now();
  let lines = 0;
  let turn = 0;
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - begun) / 1000) * LOAD_LINES_PER_SECOND) - lines;
    for (let i = 0; i < due; i++) {
      const one = transcripts[turn++ % transcripts.length] as Transcript;
      one.write([
        i % 3 === 0 ? one.conversation.prompt() : i % 3 === 1 ? one.conversation.call() : one.conversation.result(),
      ]);
    }
    lines += Math.max(0, due);
  }, LOAD_TICK_MS);
  return {
    stop() {
      clearInterval(timer);
      return lines / ((performance.now() - begun) / 1000);
    },
  };
}
