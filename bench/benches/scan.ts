import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { corpus } from "../lib/corpus.ts";
import { type Figure, percentile } from "../lib/figures.ts";

/** What `one-scan.ts` prints. */
interface Scanned {
  wholeMs: number;
  startMs: number;
  cpuMs: number;
  maxRssMb: number;
  slowShare: number;
  threads: number;
  responses: number;
}

const RUNS = 5;
const ONE_SCAN = join(import.meta.dirname, "..", "lib", "one-scan.ts");
const PERCENT = 100;

/** `agentpane usage --scan`, each time in a fresh process with a warm page cache; figures are medians. */
export async function scan(): Promise<Figure[]> {
  return [...measure("1 GB", 2_000, 1_000, 1.5), ...measure("5 GB", 10_000, 5_000, 6)];
}

function measure(size: string, files: number, megabytes: number, targetS: number): Figure[] {
  const { path } = corpus({ files, megabytes });
  const once = (): Scanned => JSON.parse(execFileSync(process.execPath, [ONE_SCAN, path], { encoding: "utf8" }));
  const first = once();
  const runs = Array.from({ length: RUNS }, once);
  const median = (figure: keyof Scanned) =>
    percentile(
      runs.map((run) => run[figure]),
      0.5,
    );
  const best = Math.min(...runs.map(({ wholeMs }) => wholeMs)) / 1000;
  const note = `best ${best.toFixed(2)} s, CPU ${(median("cpuMs") / 1000).toFixed(1)} s, ${first.threads} threads, ${first.responses} responses`;
  return [
    { what: `scan of ${size}, ${files} files`, unit: "s", measured: median("wholeMs") / 1000, target: targetS, note },
    { what: `${size}: start to the first byte read`, unit: "ms", measured: median("startMs"), target: 150 },
    { what: `${size}: peak resident`, unit: "MB", measured: median("maxRssMb"), target: 200 },
    { what: `${size}: lines on the slow path`, unit: "%", measured: median("slowShare") * PERCENT, target: null },
  ];
}
