import { setTimeout as delay } from "node:timers/promises";
import { checkStore, type Machine, Product, type Random, Storm, seededRandom, settle } from "@agentpane/testkit";

export interface KillStormOptions {
  seed: number;
  kills: number;
  progress(line: string): void;
}

export interface KillStormResult {
  /** What breaks the promise when all is quiet; empty is good. */
  problems: string[];
  /** The same after both were started once more on a store that was complete. */
  problemsAfterRestart: string[];
  kills: Record<string, number>;
  steps: Record<string, number>;
  lives: number;
  lines: number;
}

/** How often all is awaited and sealed, so that what was committed must stay. */
const SEAL_CHANCE = 0.08;
/** A monitor that lost its server for long rests up to a minute before it tries again. */
const SETTLE_MS = 150_000;

/** Does everything to transcripts while server and monitor are killed at random moments, and judges the store after. */
export async function killStorm({ seed, kills, progress }: KillStormOptions): Promise<KillStormResult> {
  const random = seededRandom(seed);
  await using product = new Product("kill-storm");
  const roots = ["one", "two"].map((name) => `${product.folder.path}/machine/${name}`);
  const machine = await product.addMachine("machine", roots);
  const storm = new Storm({ random, roots });
  await product.startServer();
  product.startMonitor(machine);
  const killed: Record<string, number> = { server: 0, monitor: 0, both: 0 };
  for (let done = 0; done < kills; done++) {
    await stormFor(storm, random.int(30, 500));
    if (random.chance(SEAL_CHANCE)) {
      const problems = await settle(
        () => storm.writer.journal(),
        () => product.store(),
        SETTLE_MS,
      );
      if (problems.length > 0) {
        progress(`after ${done} kills the store does not come to rest\n${lastWords(product, machine)}`);
        return result(problems, [], killed, storm);
      }
      storm.writer.sealPresent();
      progress(`${done} of ${kills} kills; all was committed and sealed`);
    }
    const target = await killOne(product, machine, random, storm);
    killed[target] = (killed[target] ?? 0) + 1;
  }
  await stormFor(storm, 200);
  const journal = () => storm.writer.journal();
  const problems = await settle(journal, () => product.store(), SETTLE_MS);
  if (problems.length > 0) progress(lastWords(product, machine));
  await product.server?.stop();
  await machine.monitor?.stop();
  await product.startServer();
  product.startMonitor(machine);
  await delay(2_000);
  return result(problems, checkStore(journal(), product.store()), killed, storm);
}

async function stormFor(storm: Storm, ms: number): Promise<void> {
  const end = performance.now() + ms;
  while (performance.now() < end) {
    await storm.step();
    await delay(5);
  }
}

async function killOne(product: Product, machine: Machine, random: Random, storm: Storm): Promise<string> {
  const target = random.pick(["server", "server", "monitor", "monitor", "both"]);
  if (target !== "monitor") await product.server?.kill();
  if (target !== "server") await machine.monitor?.kill();
  await stormFor(storm, random.pick([0, 20, 150]));
  if (target !== "monitor") {
    if (random.chance(0.2)) {
      // Killed again while it starts.
      const starting = product.start("server", [
        "serve",
        "--port",
        new URL(product.origin).port,
        "--data",
        product.data,
      ]);
      await stormFor(storm, random.int(10, 600));
      await starting.kill();
    }
    await product.startServer();
  }
  if (target !== "server") product.startMonitor(machine);
  return target;
}

/** What both processes said last, for whoever has to find out why. */
function lastWords(product: Product, machine: Machine): string {
  const said = [product.server, machine.monitor].map((child) =>
    child === null ? "" : `${child.name}, ${child.running ? "running" : "ended"}: ${child.output.slice(-3_000)}`,
  );
  return said.join("\n");
}

function result(
  problems: string[],
  problemsAfterRestart: string[],
  kills: Record<string, number>,
  storm: Storm,
): KillStormResult {
  const { lives } = storm.writer.journal();
  const lines = lives.reduce((sum, life) => sum + life.lines.length, 0);
  return { problems, problemsAfterRestart, kills, steps: storm.steps, lives: lives.length, lines };
}
