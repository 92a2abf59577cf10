import { globSync, readFileSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { join, relative } from "node:path";
import { adapters } from "@agentpane/agents";
import type { UsageQuery } from "@agentpane/protocol";
import { usageAnswer, usageQuery } from "@agentpane/protocol";
import { MACHINE, type TestStore } from "./test-store.ts";
import { ingestBody, type TestSegment, TestTranscript } from "./test-transcript.ts";

/** For tests: whole config folders through the store, as a monitor would send them. */

const adapter = adapters["claude-code"];

/** Every transcript under a config folder, whole, with what its meta file says; none of it sent yet. */
export function transcriptsOf(folder: string): { transcript: TestTranscript; birthMs: number }[] {
  const copies = new Map<string, number>();
  return globSync("projects/**/*.jsonl", { cwd: folder })
    .sort()
    .flatMap((path) => {
      const name = adapter.transcriptName(path);
      if (name === null) return [];
      const key = JSON.stringify(name);
      const copy = (copies.get(key) ?? 0) + 1;
      copies.set(key, copy);
      const transcript = new TestTranscript(name.session, { root: folder, subagent: name.subagent, copy });
      const bytes = readFileSync(join(folder, path));
      // A line counts with its newline only.
      transcript.bytes = bytes.subarray(0, bytes.lastIndexOf(10) + 1);
      transcript.path = join(folder, path);
      const meta = name.subagent === null ? null : metaOf(transcript.path);
      if (meta !== null) transcript.meta = meta;
      return [{ transcript, birthMs: Math.floor(statSync(transcript.path).birthtimeMs) }];
    });
}

function metaOf(path: string) {
  try {
    return adapter.readSubagentMeta(readFileSync(path.replace(/\.jsonl$/, ".meta.json")));
  } catch {
    return null;
  }
}

/** The next lines of a transcript, as the file with that birth. */
export function nextOf(
  { transcript, birthMs }: { transcript: TestTranscript; birthMs: number },
  lines?: number,
): TestSegment {
  const { segment, chunk } = transcript.next(lines);
  return { segment: { ...segment, birthMs }, chunk };
}

/** Sends a whole config folder from a machine that is called like this one, as the scan calls it. */
export async function commitFolder(store: TestStore, folder: string): Promise<void> {
  await store.register(MACHINE, { name: hostname() });
  for (const one of transcriptsOf(folder)) {
    const { answer } = await store.engine.writer.ingest(MACHINE, ingestBody([nextOf(one)]));
    if (answer.answers.some(({ result }) => result !== "committed"))
      throw new Error(`refused ${relative(folder, one.transcript.path)}: ${JSON.stringify(answer.answers)}`);
  }
}

export async function usageOf(store: TestStore, query: Partial<UsageQuery> = {}) {
  return usageAnswer.parse(await store.engine.reader.usage(usageQuery.parse(query)));
}
