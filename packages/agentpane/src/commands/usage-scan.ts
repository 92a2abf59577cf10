import { runUsageScan } from "@agentpane/usage";
import { Misuse } from "../misuse.ts";
import type { UsageFlags } from "./usage-options.ts";

/** Reads the transcripts below the folders of `--scan`, without server or store, and prints what they cost. */
export async function printScan({ scan = [], by, from, to, tz, json }: UsageFlags): Promise<void> {
  const tell = process.stderr.isTTY ? (line: string): void => void process.stderr.write(line) : undefined;
  try {
    process.stdout.write(await runUsageScan(scan, { by, from, to, tz, json }, tell));
  } catch (error) {
    if (error instanceof RangeError) throw new Misuse(error.message, { cause: error });
    throw new Error(unreadable(error), { cause: error });
  }
}

function unreadable(error: unknown): string {
  const { code, path, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return `There is no folder ${path}.`;
  if (code === "EACCES" || code === "EPERM") return `${path} may not be read.`;
  if (code === "ENOTDIR") return `${path} is no folder.`;
  return `The scan failed: ${message}`;
}
