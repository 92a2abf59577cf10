/** One scan in a process of its own: prints what `scan.bench.ts` collects. */
import { scanUsage } from "../src/index.ts";

const { scan, total } = await scanUsage([process.argv[2] ?? ""], { by: "model", tz: "UTC" });
const figures = {
  /** Since the process started: what a person waits. */
  wholeMs: performance.now(),
  startMs: scan.startMs,
  cpuMs: (process.cpuUsage().user + process.cpuUsage().system) / 1000,
  maxRssMb: process.resourceUsage().maxRSS / 1024,
  slowShare: scan.lines === 0 ? 0 : scan.slow / scan.lines,
  bytes: scan.bytes,
  threads: scan.threads,
  responses: total.responses,
};
process.stdout.write(JSON.stringify(figures));
