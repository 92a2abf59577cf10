import { MACHINE_SILENT_MS, type SessionRow } from "@agentpane/protocol";
import type { SessionEvidence } from "./evidence.ts";
import type { SessionFacts } from "./merge.ts";
import { moment, type Status } from "./reported.ts";
import { statusOf } from "./status.ts";

/** What a session's machine adds to its row. */
export interface RowMachine {
  id: string;
  name: string;
  lastSeenAt: number;
  left: boolean;
}

/** Whether a machine's sessions can no longer be believed at `now`. */
export function isSilent(machine: Pick<RowMachine, "lastSeenAt">, now: number): boolean {
  return now - machine.lastSeenAt >= MACHINE_SILENT_MS;
}

/** A row as it is true at `now`. */
export function sessionRowAt(
  facts: SessionFacts,
  evidence: SessionEvidence,
  machine: RowMachine,
  now: number,
): SessionRow {
  const own = statusOf(evidence, now);
  const { agents, ...rest } = facts;
  const unheard = isSilent(machine, now) && !isWatchedElsewhere(own, machine);
  const { until: _until, runningAgents, activity, process, ...report } = unheard ? unwatched(own, machine) : own;
  const reach = evidence.presences.find(
    ({ machine: where, pid, life }) => life === "alive" && where === process?.machine && pid === process.pid,
  )?.reach;
  return {
    ...rest,
    machine: { id: machine.id, name: machine.name },
    ...report,
    activity,
    subagents: { total: agents, running: runningAgents },
    process,
    requests: evidence.requests.map(({ id }) => id),
    ...(reach === undefined ? {} : { reach }),
  };
}

/** Its process lives on another machine, as with a home that several share, and that machine's channel is there. */
function isWatchedElsewhere({ process }: Status, machine: RowMachine): boolean {
  return process !== null && process.machine !== machine.id;
}

/** Without its monitor nothing new is heard of a session, so only what had ended is still known. */
function unwatched(own: Status, machine: RowMachine): Status {
  if (own.status === "ended") return own;
  return {
    ...own,
    status: "unknown",
    since: machine.lastSeenAt,
    source: "silence",
    sentence: `monitor ${machine.left ? "stopped" : "silent"} since ${moment(machine.lastSeenAt)}`,
    activity: null,
    runningAgents: 0,
    process: null,
  };
}
