import { once } from "node:events";
import { statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { ScanCounts } from "./file-scanner.ts";
import { doWork, sharedWork, type WorkResult } from "./shared-work.ts";
import type { Tally } from "./tally.ts";
import type { TranscriptFile } from "./transcripts.ts";

export interface ScannedFiles {
  tally: Tally;
  counts: ScanCounts;
  /** Files that could not be opened. */
  unreadable: number;
  threads: number;
  /** When the first byte was read, in milliseconds since the process started. */
  startMs: number;
}

/** A thread takes 40 ms to start: below so much for each it does not pay. */
const BYTES_FOR_A_THREAD = 48 * 1024 * 1024;
/** Where there are more files than that, they are not asked for their sizes first. */
const FILES_TO_SIZE = 500;

/**
 * Reads all files on so many threads, this one included, which is blocked meanwhile. The result does not depend on their
 * number or on who reads what.
 */
export async function scanFiles(
  files: readonly TranscriptFile[],
  threads: number = threadsFor(files),
  onFile?: (taken: number) => void,
): Promise<ScannedFiles> {
  const work = sharedWork(
    files.map((file) => file.path),
    sessionRanks(files),
  );
  const helpers = Array.from(
    { length: threads - 1 },
    () => new Worker(new URL("./scan-worker.ts", import.meta.url), { workerData: work }),
  );
  const results = helpers.map(async (helper) => {
    const [result] = (await once(helper, "message")) as [WorkResult];
    return result;
  });
  // What fails is told where it is awaited, after this thread's own share.
  for (const result of results) result.catch(() => {});
  const startMs = performance.now();
  const own = doWork(work, onFile);
  const { counts } = own;
  let { unreadable } = own;
  for (const result of results) {
    const theirs = await result;
    own.tally.absorb(theirs.tally);
    for (const key of Object.keys(counts) as (keyof ScanCounts)[]) counts[key] += theirs.counts[key];
    unreadable += theirs.unreadable;
  }
  return { tally: own.tally, counts, unreadable, threads, startMs };
}

function threadsFor(files: readonly TranscriptFile[]): number {
  const cores = availableParallelism();
  if (files.length > FILES_TO_SIZE) return cores;
  let bytes = 0;
  for (const { path } of files) bytes += statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return Math.max(1, Math.min(cores, Math.ceil(bytes / BYTES_FOR_A_THREAD)));
}

function sessionRanks(files: readonly TranscriptFile[]): Int32Array {
  const sessions = [...new Set(files.map((file) => file.session))].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const ranks = new Map(sessions.map((session, rank) => [session, rank]));
  return Int32Array.from(files, (file) => ranks.get(file.session) ?? 0);
}
