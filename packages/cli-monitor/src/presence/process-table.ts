import { linuxProcessTable } from "./linux-processes.ts";
import { psProcessTable } from "./ps-processes.ts";

/**
 * What is known of one process id: `""` where a process has it and the system does not say since when, null where none has
 * it, undefined where that has not been looked up yet.
 */
export type Start = string | null | undefined;

/** The processes that this monitor can see. */
export interface ProcessTable {
  /** Starts can be told; where they cannot, a process counts as the one meant as long as it exists. */
  readonly tellsStarts: boolean;
  /** The system's boot and pid namespace: in another of either, the same pid is another process. */
  readonly domain: ProcessDomain;
  /** At once and without a subprocess. */
  start(pid: number): Start;
  /** Looks up what `start` cannot tell at once; may be called as often as one likes. */
  refresh(pids: Iterable<number>): Promise<void>;
}

export interface ProcessDomain {
  /** "" where the system does not say. */
  boot: string;
  /** As Linux writes it, `pid:[4026531836]`; null elsewhere. */
  pidNamespace: string | null;
}

/** The table of this system. */
export function processTable(platform: NodeJS.Platform = process.platform): ProcessTable {
  if (platform === "linux") return linuxProcessTable();
  return psProcessTable(platform === "win32" ? null : undefined);
}
