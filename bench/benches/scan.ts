import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { REPOSITORY } from "@agentpane/testkit";
import { corpus, corpusFolder } from "../lib/corpus.ts";
import { type Figure, percentile } from "../lib/figures.ts";
import { cpuSeconds, peakResidentMb } from "../lib/process-figures.ts";

const RUNS = 5;
const COMMAND = join(REPOSITORY, "packages", "agentpane", "src", "main.ts");
/** How often the process is looked at while it runs: what it takes after the last look is not seen. */
const LOOK_MS = 10;
const PERCENT = 100;

interface Scanned {
  /** From the command's start to its end. */
  wholeS: number;
  startMs: number;
  cpuS: number;
  residentMb: number;
  slowShare: number;
  threads: number;
  responses: number;
}

/** `agentpane usage --scan`, each time as a command of its own with a warm page cache; figures are medians. */
export async function scan(): Promise<Figure[]> {
  return [...(await measure("1 GB", 2_000, 1_000, 1.5)), ...(await measure("5 GB", 10_000, 5_000, 6))];
}

async function measure(size: string, files: number, megabytes: number, targetS: number): Promise<Figure[]> {
  const { path } = corpus({ files, megabytes });
  const first = await scanned(path);
  const runs: Scanned[] = [];
  for (let run = 0; run < RUNS; run++) runs.push(await scanned(path));
  const all = (figure: keyof Scanned) => runs.map((run) => run[figure]);
  const median = (figure: keyof Scanned) => percentile(all(figure), 0.5);
  const best = Math.min(...all("wholeS")).toFixed(2);
  const cpu = median("cpuS").toFixed(1);
  const note = `best ${best} s; CPU ${cpu} s, ${first.threads} threads, ${first.responses} responses`;
  return [
    { what: `scan of ${size}, ${files} files`, unit: "s", measured: median("wholeS"), target: targetS, note },
    { what: `${size}: start to the first byte read`, unit: "ms", measured: median("startMs"), target: 150 },
    { what: `${size}: peak resident`, unit: "MB", measured: median("residentMb"), target: 200 },
    { what: `${size}: lines on the slow path`, unit: "%", measured: median("slowShare") * PERCENT, target: null },
  ];
}

async function scanned(folder: string): Promise<Scanned> {
  const begun = performance.now();
  const child = spawn(
    process.execPath,
    [COMMAND, "usage", "--scan", folder, "--by", "model", "--tz", "UTC", "--json"],
    {
      env: { PATH: process.env.PATH ?? "", HOME: corpusFolder(), CLAUDE_CONFIG_DIR: folder },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const { pid } = child;
  if (pid === undefined) throw new Error("the scan did not start");
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  let cpuS = 0;
  let residentMb = 0;
  const looks = setInterval(() => {
    try {
      residentMb = peakResidentMb(pid);
      cpuS = cpuSeconds(pid);
    } catch {
      // It has ended between two looks.
    }
  }, LOOK_MS);
  const [code] = await once(child, "close");
  clearInterval(looks);
  const wholeS = (performance.now() - begun) / 1000;
  if (code !== 0) throw new Error(`the scan ended with ${code}`);
  const { scan: how, total } = JSON.parse(text) as {
    scan: { lines: number; slow: number; threads: number; startMs: number };
    total: { responses: number };
  };
  const { lines, slow, threads, startMs } = how;
  return { wholeS, startMs, cpuS, residentMb, slowShare: slow / lines, threads, responses: total.responses };
}
