import { readdirSync } from "node:fs";
import { join } from "node:path";
import { corpus } from "../lib/corpus.ts";
import { type Figure, percentile } from "../lib/figures.ts";
import { subjectOver, untilCommitted } from "../lib/subject.ts";

const MEGABYTES = 12;
const CALLS = 300;

/** The last 100 events, with their whole content, of one session of 12 MB. */
export async function tail(): Promise<Figure[]> {
  const transcripts = corpus({ files: 1, megabytes: MEGABYTES, projects: 1 });
  const { product, machine } = await subjectOver("tail", transcripts);
  await using _ = product;
  await product.startServer();
  product.startMonitor(machine);
  await untilCommitted(product, transcripts.bytes, performance.now());
  const [project] = readdirSync(join(transcripts.path, "projects"));
  const [file] = readdirSync(join(transcripts.path, "projects", project ?? ""));
  const session = file?.replace(/\.jsonl$/, "");
  const api = await product.api();
  const tookMs: number[] = [];
  let events = 0;
  for (let call = 0; call < CALLS; call++) {
    const begun = performance.now();
    const page = await api.get<{ events: unknown[] }>(
      `/api/v1/sessions/${session}/events?before=end&limit=100&view=full`,
    );
    tookMs.push(performance.now() - begun);
    events = page.events.length;
  }
  const note = `${(transcripts.bytes / 1e6).toFixed(1)} MB, ${transcripts.lines} lines, ${events} events`;
  const [first = Number.NaN, ...later] = tookMs;
  return [
    { what: "last 100 events, full, first call of a process", unit: "ms", measured: first, target: 30, note },
    { what: "last 100 events, full, p50", unit: "ms", measured: percentile(later, 0.5), target: 30 },
    { what: "last 100 events, full, p99", unit: "ms", measured: percentile(later, 0.99), target: 30 },
  ];
}
