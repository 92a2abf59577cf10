import type { UsageCopy } from "@agentpane/protocol";
import { type Charge, chargesOf } from "../rates/charge.ts";
import { RateBook } from "../rates/rate-book.ts";
import { type DayClock, dayClock } from "../rollup/day.ts";
import { isWithin, periodOf } from "../rollup/period.ts";
import { ReportBuilder, type UsageGroup, type UsageReport } from "../rollup/usage-report.ts";
import type { ScanCounts } from "./file-scanner.ts";
import { Places } from "./places.ts";
import { type ScannedFiles, scanFiles } from "./scan-threads.ts";
import type { Tally } from "./tally.ts";
import { listTranscripts, type TranscriptFile } from "./transcripts.ts";

export interface ScanQuery {
  by: UsageGroup;
  /** Days (2026-11-22, `to` included) or moments (ISO 8601); open where undefined. */
  from?: string | undefined;
  to?: string | undefined;
  /** IANA name; the system's own where undefined. */
  tz?: string | undefined;
  /** As many as the work is worth, up to one for each core, where undefined. */
  threads?: number | undefined;
  /** Hears of every file that is begun, from 0 on, while the scan runs: the thread is blocked meanwhile. */
  onFile?: ((taken: number, files: number) => void) | undefined;
}

export interface UsageScan extends UsageReport {
  /** How it was read. */
  scan: ScanCounts & {
    files: number;
    /** Files that could not be opened. */
    unreadable: number;
    threads: number;
    /** From the start of the process to the first byte read, and from the start of the scan to its end. */
    startMs: number;
    ms: number;
  };
}

/** What responses are grouped by that nobody dated. */
const UNDATED = "undated";

/**
 * Counts and prices every response in the transcripts under `folders`, each a config folder or a projects folder, without a
 * server or a store. Throws a RangeError for a query that means nothing, and the system's error for a folder that cannot be read.
 */
export async function scanUsage(folders: readonly string[], query: ScanQuery): Promise<UsageScan> {
  const started = performance.now();
  const clock = dayClock(query.tz ?? Intl.DateTimeFormat().resolvedOptions().timeZone);
  const period = periodOf(query.from, query.to, clock);
  const files = listTranscripts(folders);
  const { onFile } = query;
  const onTaken = onFile && ((taken: number) => onFile(taken, files.length));
  // Prices load while the last of the other threads comes to its end.
  const [scanned, book] = await Promise.all([scanFiles(files, query.threads, onTaken), RateBook.load()]);
  const keyOf = keyFunction(query.by, clock, files);
  const report = new ReportBuilder();
  for (const response of responsesOf(scanned.tally)) {
    if (!isWithin(response.at, period)) continue;
    for (const charge of chargesOf(response.copy, response.at, book)) report.add(keyOf(response, charge), charge);
  }
  return { ...report.finish(), scan: { ...facts(scanned), files: files.length, ms: performance.now() - started } };
}

interface ScannedResponse {
  copy: UsageCopy;
  at: number | null;
  /** Positions in the list of files: whose it is. */
  sessionFile: number;
  subagentFile: number;
}

function facts({ counts, unreadable, threads, startMs }: ScannedFiles): Omit<UsageScan["scan"], "files" | "ms"> {
  return { ...counts, unreadable, threads, startMs };
}

/** One object for all of them, filled anew for each: 300,000 would otherwise be made and thrown away. */
function* responsesOf(tally: Tally): Generator<ScannedResponse> {
  const { columns, marks, terms, steps, files } = tally.view;
  const copy: UsageCopy = {
    offset: 0,
    index: 0,
    at: null,
    key: "",
    keyKind: "message",
    model: "",
    stopReason: null,
    inputTokens: 0,
    outputTokens: 0,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    cacheWrite5mTokens: 0,
    cacheWrite1hTokens: 0,
    webSearches: 0,
  };
  const response: ScannedResponse = { copy, at: null, sessionFile: 0, subagentFile: 0 };
  const spelled = terms.map((term) => term.split("\n"));
  for (let row = 0; row < tally.size; row++) {
    const own = marks.ownFile[row] as number;
    if (own < 0) continue;
    const [model = "", speed, region, tier] = spelled[marks.terms[row] as number] ?? [];
    copy.model = model;
    copy.speed = speed;
    copy.region = region;
    copy.tier = tier;
    copy.inputTokens = columns.inputTokens[row] as number;
    copy.outputTokens = columns.outputTokens[row] as number;
    copy.cacheReadTokens = columns.cacheReadTokens[row] as number;
    copy.cacheWriteTokens = columns.cacheWriteTokens[row] as number;
    copy.cacheWrite5mTokens = columns.cacheWrite5mTokens[row] as number;
    copy.cacheWrite1hTokens = columns.cacheWrite1hTokens[row] as number;
    copy.webSearches = columns.webSearches[row] as number;
    copy.iterations = steps.get(row);
    const at = columns.earliestAt[row] as number;
    response.at = Number.isFinite(at) ? at : null;
    response.sessionFile = marks.earliestFile[row] as number;
    response.subagentFile =
      files.sessionRank[own] === files.sessionRank[response.sessionFile] ? own : response.sessionFile;
    yield response;
  }
}

function keyFunction(
  by: UsageGroup,
  clock: DayClock,
  files: readonly TranscriptFile[],
): (response: ScannedResponse, charge: Charge) => string {
  const places = new Places(files);
  const file = (index: number): TranscriptFile => files[index] as TranscriptFile;
  switch (by) {
    case "day":
      return ({ at }) => (at === null ? UNDATED : clock.day(at));
    case "model":
      return (_, charge) => charge.model;
    case "machine":
      return () => places.machine;
    case "session":
      return ({ sessionFile }) => file(sessionFile).session;
    case "project":
      return ({ sessionFile }) => places.project(file(sessionFile).session);
    case "subagent":
      return ({ subagentFile }) => places.subagent(file(subagentFile));
  }
}
