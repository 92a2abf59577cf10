/**
 * How fast `usage --scan` is: `npm run bench -w packages/usage [-- FOLDER]`. Makes corpora of 1 and 5 GB in FOLDER (a temp
 * folder without one; kept and used again with one), scans each a few times in a fresh process with a warm page cache, and
 * prints the best and the median. Never part of `npm test`.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

interface Corpus {
  name: string;
  files: number;
  megabytes: number;
  targets: Partial<Record<keyof Figures, number>>;
}

interface Figures {
  wholeMs: number;
  startMs: number;
  cpuMs: number;
  maxRssMb: number;
  slowShare: number;
}

const RUNS = 5;
const CORPORA: readonly Corpus[] = [
  {
    name: "1 GB, 2,000 files",
    files: 2000,
    megabytes: 1000,
    targets: { wholeMs: 1500, maxRssMb: 200, startMs: 150, slowShare: 0.01 },
  },
  { name: "5 GB, 10,000 files", files: 10_000, megabytes: 5000, targets: { wholeMs: 6000, slowShare: 0.01 } },
];
const GENERATOR = join(import.meta.dirname, "../../../bench/gen-transcripts.mjs");

const given = process.argv[2];
const home = given ?? mkdtempSync(join(tmpdir(), "usage-bench-"));
try {
  for (const corpus of CORPORA) report(corpus, measure(corpus));
} finally {
  if (!given) rmSync(home, { recursive: true });
}

function measure({ files, megabytes }: Corpus): Figures[] {
  const folder = join(home, `${megabytes}mb`);
  if (!existsSync(join(folder, "truth.json"))) {
    const options = ["--out", folder, "--files", String(files), "--mb", String(megabytes)];
    execFileSync(process.execPath, [GENERATOR, ...options], { stdio: "ignore" });
  }
  const scan = (): Figures =>
    JSON.parse(
      execFileSync(process.execPath, [join(import.meta.dirname, "one-scan.ts"), folder], { encoding: "utf8" }),
    );
  scan();
  return Array.from({ length: RUNS }, scan);
}

function report({ name, targets }: Corpus, runs: readonly Figures[]): void {
  process.stdout.write(`${name}\n`);
  for (const figure of ["wholeMs", "startMs", "cpuMs", "maxRssMb", "slowShare"] as const) {
    const sorted = runs.map((run) => run[figure]).sort((a, b) => a - b);
    const [best = 0, median = 0] = [sorted[0], sorted[Math.floor(sorted.length / 2)]];
    const target = targets[figure];
    const verdict = target === undefined ? "" : `  target ${target}: ${median <= target ? "met" : "MISSED"}`;
    process.stdout.write(`  ${figure.padEnd(10)} best ${show(best)}  median ${show(median)}${verdict}\n`);
  }
}

function show(value: number): string {
  return (value < 1 ? value.toFixed(4) : value.toFixed(0)).padStart(7);
}
