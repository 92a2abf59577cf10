import { readFileSync, statSync } from "node:fs";
import { relative } from "node:path";
import { claudeCode } from "@agentpane/agents";
import type { CountedResponse, LocatedCopy } from "../copies/election.ts";
import { CopyLedger } from "../copies/ledger.ts";
import { chargesOf } from "../rates/charge.ts";
import type { RateBook } from "../rates/rate-book.ts";
import { dayClock } from "../rollup/day.ts";
import { ReportBuilder, type UsageGroup, type UsageReport } from "../rollup/usage-report.ts";
import { Places } from "../scan/places.ts";
import { listTranscripts, type TranscriptFile } from "../scan/transcripts.ts";

/** The way that a store takes: every line through the adapter, every copy through the ledger. */
export function adapterReader(folder: string, book: RateBook): (by: UsageGroup, tz: string) => UsageReport {
  const files = listTranscripts([folder]);
  const ledger = new CopyLedger();
  for (const file of files) ledger.add(adapterCopies(file, folder));
  return (by, tz) => reportOf(ledger.responses(), files, by, tz, book);
}

/** Copies of one transcript, with the place that the adapter reads from its path. */
export function adapterCopies(file: TranscriptFile, folder: string): LocatedCopy[] {
  const place = claudeCode.transcriptName(relative(folder, file.path));
  if (!place) throw new Error(`the adapter does not know ${file.path} as a transcript`);
  const { birthtimeMs } = statSync(file.path);
  const source = JSON.stringify(["claude-code", folder, place.session, place.subagent ?? "", 1]);
  const located = { source, ...place, birthMs: Math.floor(birthtimeMs) };
  const copies: LocatedCopy[] = [];
  for (const { line, offset } of completeLines(readFileSync(file.path)))
    for (const copy of claudeCode.readLine(line, offset).copies) copies.push({ ...copy, ...located });
  return copies;
}

export function* completeLines(bytes: Buffer): Generator<{ line: Buffer; offset: number }> {
  let offset = 0;
  for (;;) {
    const newline = bytes.indexOf(10, offset);
    if (newline < 0) return;
    yield { line: bytes.subarray(offset, newline), offset };
    offset = newline + 1;
  }
}

function reportOf(
  responses: Iterable<CountedResponse>,
  files: readonly TranscriptFile[],
  by: UsageGroup,
  tz: string,
  book: RateBook,
): UsageReport {
  const clock = dayClock(tz);
  const places = new Places(files);
  const report = new ReportBuilder();
  for (const response of responses) {
    const { session, subagent, at, copy } = response;
    for (const charge of chargesOf(copy, at, book)) {
      const keys: Record<UsageGroup, () => string> = {
        day: () => (at === null ? "undated" : clock.day(at)),
        model: () => charge.model,
        machine: () => places.machine,
        session: () => session,
        project: () => places.project(session),
        subagent: () => {
          const file = files.find((each) => each.session === session && each.subagent === subagent);
          return file ? places.subagent(file) : "main";
        },
      };
      report.add(keys[by](), charge);
    }
  }
  return report.finish();
}
