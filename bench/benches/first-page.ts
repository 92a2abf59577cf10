import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { ApiClient, until } from "@agentpane/testkit";
import { type Corpus, corpus } from "../lib/corpus.ts";
import type { Figure } from "../lib/figures.ts";
import { subjectOver } from "../lib/subject.ts";

const FILES = 2_000;
const MEGABYTES = 1_000;
const ROWS = 100;

interface Page {
  sessions: { id: string; lastActivityAt: number | null; title: string | null; goal: string | null }[];
}

/** From the start of `agentpane up` on a store without sessions to a page that shows all of today's. */
export async function firstPage(): Promise<Figure[]> {
  const today = new Date().toISOString().slice(0, 10);
  const transcripts = corpus({ files: FILES, megabytes: MEGABYTES, end: today });
  const { product, machine } = await subjectOver("first-page", transcripts);
  await using _ = product;
  const token = await product.token("page", "viewer");
  // The page has to know the port beforehand, so a first run finds a free one.
  const first = await product.startServer();
  await first.stop();
  const expected = sessionsOf(transcripts, today);
  const begun = performance.now();
  product.startUp(machine);
  const api = new ApiClient(product.origin, token);
  let missing = expected.size;
  await until(
    "the page shows all of today's sessions",
    async () => {
      const page = await api.get<Page>(`/api/v1/sessions?limit=${ROWS}`);
      const listed = new Set(page.sessions.map((session) => session.id));
      missing = [...expected].filter((id) => !listed.has(id)).length;
      return missing === 0;
    },
    { deadlineMs: 120_000, pollMs: 10, describe: () => `${missing} missing` },
  );
  const tookMs = performance.now() - begun;
  return [
    {
      what: `first page with all ${expected.size} sessions of today, from the start of the command`,
      unit: "s",
      measured: tookMs / 1000,
      target: 1.5,
      note: `${(transcripts.bytes / 1e9).toFixed(2)} GB, ${transcripts.files} files behind it`,
    },
  ];
}

/** Sessions whose main transcript was written today, by the files' own times. */
function sessionsOf(transcripts: Corpus, day: string): Set<string> {
  const since = Date.parse(day);
  const found = new Set<string>();
  const projects = join(transcripts.path, "projects");
  for (const project of readdirSync(projects)) {
    for (const name of readdirSync(join(projects, project))) {
      if (!name.endsWith(".jsonl")) continue;
      if (statSync(join(projects, project, name)).mtimeMs >= since) found.add(name.slice(0, -".jsonl".length));
    }
  }
  return found;
}
