import { usageJson, usageTable } from "./print.ts";
import { type ScanQuery, scanUsage } from "./scan/scan-usage.ts";

/** Nobody needs to be told of what is over by then. */
const QUIET_MS = 2000;
const STEP_MS = 200;

/**
 * Scans, and gives what the command prints: JSON in one line, or a table. What takes longer than two seconds says to `tell` how
 * far it is, in a line to be written over the one before.
 */
export async function runUsageScan(
  folders: readonly string[],
  { json = false, ...query }: ScanQuery & { json?: boolean | undefined },
  tell?: (line: string) => void,
): Promise<string> {
  let next = performance.now() + QUIET_MS;
  let told = false;
  const onFile = (taken: number, files: number): void => {
    if (performance.now() < next) return;
    next = performance.now() + STEP_MS;
    told = true;
    tell?.(`\rread ${taken} of ${files} transcripts`);
  };
  const scan = await scanUsage(folders, { ...query, onFile: tell && onFile });
  if (told) tell?.("\r\x1b[K");
  return json ? `${usageJson(scan)}\n` : usageTable(scan, query.by);
}
