import { setTimeout as delay } from "node:timers/promises";
import { corpus } from "../lib/corpus.ts";
import { type Figure, percentile } from "../lib/figures.ts";
import { subjectOver, untilCommitted } from "../lib/subject.ts";

const SESSIONS = 1_000;
const CALL_EVERY_MS = 40;

/** The list of 1,000 sessions while another gigabyte is read in. */
export async function list(): Promise<Figure[]> {
  const known = corpus({ files: 2_000, megabytes: 160, seed: 7 });
  const past = corpus({ files: 2_000, megabytes: 1_000 });
  const { product, machine } = await subjectOver("list", known);
  await using _ = product;
  await product.startServer();
  product.startMonitor(machine);
  await untilCommitted(product, known.bytes, performance.now());
  const api = await product.api();
  const before = await api.get<{ total: number }>("/api/v1/sessions?limit=1");
  if (before.total < SESSIONS) throw new Error(`the corpus has ${before.total} sessions, too few`);
  const other = await product.addMachine("past", [past.path]);
  product.startMonitor(other);
  const figures = { one: [] as number[], whole: [] as number[] };
  const bytes = known.bytes + past.bytes;
  // It begins to matter once the past is on its way.
  while (product.committedBytes() < known.bytes + 1e7) await delay(20);
  while (product.committedBytes() < bytes) {
    figures.one.push(await timed(() => api.get("/api/v1/sessions?limit=100")));
    await delay(CALL_EVERY_MS);
    figures.whole.push(
      await timed(async () => {
        for (let offset = 0; offset < SESSIONS; offset += 500) {
          await api.get(`/api/v1/sessions?limit=500&offset=${offset}`);
        }
      }),
    );
    await delay(CALL_EVERY_MS);
  }
  const note = `${before.total} sessions before, ${figures.one.length} calls while ${(past.bytes / 1e9).toFixed(2)} GB came in`;
  return [
    { what: "a page of 100 among 1,000, p50", unit: "ms", measured: percentile(figures.one, 0.5), target: null, note },
    { what: "a page of 100 among 1,000, p99", unit: "ms", measured: percentile(figures.one, 0.99), target: 20 },
    { what: "all 1,000 (two pages of 500), p50", unit: "ms", measured: percentile(figures.whole, 0.5), target: null },
    { what: "all 1,000 (two pages of 500), p99", unit: "ms", measured: percentile(figures.whole, 0.99), target: 20 },
  ];
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await act();
  return performance.now() - begun;
}
