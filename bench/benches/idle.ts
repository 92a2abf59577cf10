import { setTimeout as delay } from "node:timers/promises";
import { corpus } from "../lib/corpus.ts";
import type { Figure } from "../lib/figures.ts";
import { cpuSeconds, residentMb } from "../lib/process-figures.ts";
import { subjectOver, untilCommitted, untilQuiet } from "../lib/subject.ts";

const FILES = 10_000;
const MEASURED_MS = 95_000;

/** Nothing happens, with 10,000 files known: what both processes cost. Long enough for three scans. */
export async function idle(): Promise<Figure[]> {
  const transcripts = corpus({ files: FILES, megabytes: 500 });
  const { product, machine } = await subjectOver("idle", transcripts);
  await using _ = product;
  const server = await product.startServer();
  const monitor = product.startMonitor(machine);
  await untilCommitted(product, transcripts.bytes, performance.now());
  await untilQuiet(() => cpuSeconds(server.pid) + cpuSeconds(monitor.pid));
  const before = { server: cpuSeconds(server.pid), monitor: cpuSeconds(monitor.pid) };
  await delay(MEASURED_MS);
  const share = (seconds: number): number => (seconds / (MEASURED_MS / 1000)) * 100;
  const used = { server: cpuSeconds(server.pid) - before.server, monitor: cpuSeconds(monitor.pid) - before.monitor };
  return [
    {
      what: "both processes idle",
      unit: "% of a core",
      measured: share(used.server + used.monitor),
      target: 0.5,
      note: `${transcripts.files} files, ${MEASURED_MS / 1000} s; monitor ${share(used.monitor).toFixed(2)}, server ${share(used.server).toFixed(2)}`,
    },
    { what: "monitor, resident", unit: "MB", measured: residentMb(monitor.pid), target: null },
    { what: "server, resident", unit: "MB", measured: residentMb(server.pid), target: null },
  ];
}
