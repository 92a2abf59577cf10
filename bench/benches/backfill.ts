import { setTimeout as delay } from "node:timers/promises";
import { corpus } from "../lib/corpus.ts";
import type { Figure } from "../lib/figures.ts";
import { cpuSeconds, folderBytes, peakResidentMb } from "../lib/process-figures.ts";
import { subjectOver, untilCommitted, untilQuiet } from "../lib/subject.ts";

const FILES = 2_000;
const MEGABYTES = 1_000;

/** 1 GB in 2,000 files into an empty store. */
export async function backfill(): Promise<Figure[]> {
  const transcripts = corpus({ files: FILES, megabytes: MEGABYTES });
  const { product, machine } = await subjectOver("backfill", transcripts);
  await using _ = product;
  const server = await product.startServer();
  const serverBefore = cpuSeconds(server.pid);
  const begun = performance.now();
  const monitor = product.startMonitor(machine);
  const wallMs = await untilCommitted(product, transcripts.bytes, begun);
  const serverCpu = cpuSeconds(server.pid) - serverBefore;
  const monitorCpu = cpuSeconds(monitor.pid);
  const peaks = { server: peakResidentMb(server.pid), monitor: peakResidentMb(monitor.pid) };
  // What the store keeps in its write-ahead log for now is not its size.
  await untilQuiet(() => cpuSeconds(server.pid) + cpuSeconds(monitor.pid));
  await monitor.stop();
  await server.stop();
  await delay(100);
  const storeBytes = folderBytes(product.data);
  const gigabytes = transcripts.bytes / 1e9;
  const note = `${gigabytes.toFixed(2)} GB, ${transcripts.files} files, ${transcripts.lines} lines`;
  return [
    { what: "all committed, wall", unit: "s", measured: wallMs / 1000, target: 12 * gigabytes, note },
    {
      what: "CPU of both",
      unit: "s",
      measured: serverCpu + monitorCpu,
      target: 18 * gigabytes,
      note: `monitor ${monitorCpu.toFixed(1)}, server ${serverCpu.toFixed(1)}`,
    },
    { what: "store / transcripts", unit: "x", measured: storeBytes / transcripts.bytes, target: 0.4 },
    { what: "monitor, peak resident", unit: "MB", measured: peaks.monitor, target: 150 },
    { what: "server, peak resident", unit: "MB", measured: peaks.server, target: 250 },
  ];
}
