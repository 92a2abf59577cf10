import type { MonitorReport } from "@agentpane/protocol";

/** What a monitor reports that has read everything and has nothing to complain of. */
export function madeReport(change: Partial<MonitorReport> = {}): MonitorReport {
  return {
    uptimeMs: 3_600_000,
    roots: [{ path: "/home/dev/.claude", present: true }],
    filesKnown: 12,
    foldersWatched: 4,
    behindBytes: 0,
    behindFiles: 0,
    behindSince: null,
    backfill: null,
    lines: { total: 1000, slow: 0, malformed: 0 },
    unknownTypes: {},
    warnings: [],
    residentBytes: 40_000_000,
    ...change,
  };
}
