/** `one-scan.ts FOLDER`: one scan in a process of its own; prints what the scan bench collects. */
import { scanUsage } from "@agentpane/usage";

const { scan, total } = await scanUsage([process.argv[2] ?? ""], { by: "model", tz: "UTC" });
const figures = {
  /** Since the process started: what a person waits. */
  wholeMs: performance.now(),
  startMs: scan.startMs,
  cpuMs: (process.cpuUsage().user + process.cpuUsage().system) / 1000,
  /** MB of 10^6 bytes; the system counts in KiB. */
  maxRssMb: process.resourceUsage().maxRSS * 1.024e-3,
  slowShare: scan.lines === 0 ? 0 : scan.slow / scan.lines,
  threads: scan.threads,
  responses: total.responses,
};
process.stdout.write(JSON.stringify(figures));
