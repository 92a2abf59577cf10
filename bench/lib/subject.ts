import { setTimeout as delay } from "node:timers/promises";
import { type Machine, Product, until } from "@agentpane/testkit";
import type { Corpus } from "./corpus.ts";

const COMMITTED_POLL_MS = 50;

/**
 * A product over a corpus: one machine whose config folder is the corpus itself, only ever read. With BENCH_PROFILES set to a
 * folder, both processes leave their CPU profiles there.
 */
export async function subjectOver(name: string, corpus: Corpus): Promise<{ product: Product; machine: Machine }> {
  const product = new Product(`bench-${name}`, { profiles: process.env.BENCH_PROFILES });
  const machine = await product.addMachine("bench", [corpus.path]);
  return { product, machine };
}

/** Waits until the store holds `bytes` of transcripts; answers how long that took from `since` (`performance.now`). */
export async function untilCommitted(
  product: Product,
  bytes: number,
  since: number,
  deadlineMs = 600_000,
): Promise<number> {
  let seen = 0;
  await until(
    `${bytes} bytes are committed`,
    () => {
      seen = product.committedBytes();
      return seen >= bytes;
    },
    { deadlineMs, pollMs: COMMITTED_POLL_MS, describe: () => seen },
  );
  return performance.now() - since;
}

/** Waits until neither process uses noticeable CPU: what a start leaves behind is over. */
export async function untilQuiet(cpu: () => number, quietMs = 2_000): Promise<void> {
  // Taking profiles costs CPU by itself.
  if (process.env.BENCH_PROFILES !== undefined) return await delay(quietMs);
  let before = cpu();
  await until(
    "the processes are quiet",
    async () => {
      await delay(quietMs);
      const now = cpu();
      const quiet = now - before <= (quietMs / 1000) * 0.03;
      before = now;
      return quiet;
    },
    { deadlineMs: 300_000 },
  );
}
