import type { Activity, StatusReport } from "@agentpane/protocol";

/** A status for one moment. */
export interface Status extends StatusReport {
  /** When the status, or the number of running subagents, changes by time alone; null where it never does. */
  until: number | null;
  activity: Activity | null;
  runningAgents: number;
  /** The living process that a registry told it of. */
  process: { machine: string; pid: number } | null;
}

export function plain(
  status: StatusReport["status"],
  since: number | null,
  source: StatusReport["source"],
  sentence: string,
  until: number | null,
): Status {
  return { status, since, source, sentence, until, activity: null, runningAgents: 0, process: null };
}

export function earliest(...times: (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.min(...known);
}

/** A moment for a sentence: to the minute, and said to be UTC since the reader's zone is not known here. */
export function moment(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
