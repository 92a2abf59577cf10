import { usageJson, usageTable } from "./print.ts";
import { type ScanQuery, scanUsage } from "./scan/scan-usage.ts";

/** Scans, and gives what the command prints: JSON in one line, or a table. */
export async function runUsageScan(
  folders: readonly string[],
  { json = false, ...query }: ScanQuery & { json?: boolean | undefined },
): Promise<string> {
  const scan = await scanUsage(folders, query);
  return json ? `${usageJson(scan)}\n` : usageTable(scan, query.by);
}
