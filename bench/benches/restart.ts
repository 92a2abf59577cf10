import { appendFileSync, cpSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { ApiClient, type Machine, Product, until } from "@agentpane/testkit";
import { corpus } from "../lib/corpus.ts";
import type { Figure } from "../lib/figures.ts";
import { cpuSeconds } from "../lib/process-figures.ts";
import { untilCommitted, untilQuiet } from "../lib/subject.ts";

/**
 * `agentpane up` is started again on a store that knows every file. "Caught up" is seen from outside: one line was
 * appended to the file that was written longest ago while nobody watched, and it is committed.
 */
export async function restart(): Promise<Figure[]> {
  const small = await measure(2_000, 1_000);
  const large = await measure(10_000, 500);
  return [
    { what: "list after a restart, 2,000 files", unit: "s", measured: small.listS, target: 0.8 },
    { what: "caught up after a restart, 2,000 files", unit: "s", measured: small.caughtUpS, target: 1 },
    { what: "list after a restart, 10,000 files", unit: "s", measured: large.listS, target: null },
    { what: "caught up after a restart, 10,000 files", unit: "s", measured: large.caughtUpS, target: 2 },
  ];
}

async function measure(files: number, megabytes: number): Promise<{ listS: number; caughtUpS: number }> {
  const transcripts = corpus({ files, megabytes });
  await using product = new Product("bench-restart");
  const root = join(product.folder.path, "bench", "claude");
  cpSync(transcripts.path, root, { recursive: true, preserveTimestamps: true });
  const machine = await product.addMachine("bench", [root]);
  const token = await product.token("page", "viewer");
  await settleAll(product, machine, transcripts.bytes);
  const line = `${JSON.stringify({ type: "custom-title", customTitle: "the last one", sessionId: "x" })}\n`;
  appendFileSync(someTranscript(root), line);
  const begun = performance.now();
  product.startUp(machine);
  const api = new ApiClient(product.origin, token);
  const listed = listedAfter(api, begun);
  const caughtUpMs = await untilCommitted(product, transcripts.bytes + line.length, begun);
  return { listS: (await listed) / 1000, caughtUpS: caughtUpMs / 1000 };
}

async function settleAll(product: Product, machine: Machine, bytes: number): Promise<void> {
  const server = await product.startServer();
  const monitor = product.startMonitor(machine);
  await untilCommitted(product, bytes, performance.now());
  await untilQuiet(() => cpuSeconds(server.pid) + cpuSeconds(monitor.pid));
  await monitor.stop();
  await server.stop();
}

async function listedAfter(api: ApiClient, begun: number): Promise<number> {
  await until(
    "the list is answered",
    async () => (await api.get<{ sessions: unknown[] }>("/api/v1/sessions?limit=100")).sessions.length === 100,
    { pollMs: 10 },
  );
  return performance.now() - begun;
}

function someTranscript(root: string): string {
  const projects = join(root, "projects");
  for (const project of readdirSync(projects)) {
    const file = readdirSync(join(projects, project)).find((name) => name.endsWith(".jsonl"));
    if (file !== undefined) return join(projects, project, file);
  }
  throw new Error("the corpus has no transcript");
}
