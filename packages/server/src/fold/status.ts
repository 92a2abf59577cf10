import type { Activity, StatusReport } from "@agentpane/protocol";
import { type AgentEvidence, type Asking, latest, type SessionEvidence } from "./evidence.ts";

/** An unanswered question is believed for this long: after it, nobody may be there any more. */
export const QUESTION_MS = 10 * 60_000;
/** A turn without a line for this long may have died with its process. */
export const SILENT_TURN_MS = 10 * 60_000;
/** Whatever it was, a session without a line for this long is over. */
export const SILENT_SESSION_MS = 24 * 60 * 60_000;

/** A status for one moment. */
export interface Status extends StatusReport {
  /** When the status, or the number of running subagents, changes by time alone; null where it never does. */
  until: number | null;
  activity: Activity | null;
  runningAgents: number;
}

/**
 * The status that evidence from the transcript gives at `now`. Pure. `since` is the time of the line that the status
 * rests on: for silences, of the last line there was.
 */
export function statusOf(evidence: SessionEvidence, now: number): Status {
  const lastAt = latest(evidence.lastAt, evidence.agentsLastAt);
  if (lastAt !== null && now - lastAt >= SILENT_SESSION_MS) {
    return plain("ended", lastAt, "silence", `nothing since ${moment(lastAt)}`, null);
  }
  const dayLimit = lastAt === null ? null : lastAt + SILENT_SESSION_MS;
  const running = evidence.agents.filter((agent) => isFresh(agent, now));
  const status = current(evidence, running, now, dayLimit);
  return {
    ...status,
    // The number of running subagents is shown whatever the status is, so it has its say on when to look again.
    until: earliest(status.until, ...running.map(({ lastAt: at }) => (at === null ? null : at + SILENT_TURN_MS))),
    runningAgents: running.length,
  };
}

function current(
  evidence: SessionEvidence,
  running: readonly AgentEvidence[],
  now: number,
  dayLimit: number | null,
): Status {
  const { phase, phaseAt, why } = evidence;
  if (phase === "bye") return plain("ended", phaseAt, "transcript", `${why}, from the transcript`, null);
  if (phase === "error") return plain("error", phaseAt, "transcript", `stopped by an API error: ${why}`, dayLimit);

  const asking = askingNow(evidence, running, now);
  if (asking !== null) return asks(asking, dayLimit);

  if (phase !== "working" && running.length > 0) {
    const since = evidence.stub ? earliestOf(running) : phaseAt;
    const what = running.length === 1 ? "a subagent works" : `${running.length} subagents work`;
    const before = evidence.stub || phase === "none" ? "" : "turn ended, but ";
    return plain("working", since, "transcript", `${before}${what}, from the transcript`, dayLimit);
  }
  if (phase === "over") return plain("ready", phaseAt, "transcript", `${why}, from the transcript`, dayLimit);
  if (phase === "none") {
    const sentence = evidence.stub ? "only subagents of it have arrived" : "no turn in the transcript yet";
    return plain("unknown", latest(evidence.lastAt, evidence.agentsLastAt), "transcript", sentence, dayLimit);
  }
  return turn(evidence, now, dayLimit);
}

/** A turn runs, as far as the transcript says. */
function turn(evidence: SessionEvidence, now: number, dayLimit: number | null): Status {
  const seenAt = evidence.agents.reduce((last, agent) => latest(last, agent.lastAt), evidence.lastAt);
  const what = evidence.open?.tool ?? null;
  if (seenAt === null) {
    return plain("unknown", null, "transcript", "a turn is open, but no line carries a time", dayLimit);
  }
  if (now - seenAt >= SILENT_TURN_MS) {
    const minutes = SILENT_TURN_MS / 60_000;
    const open = what === null ? "with a turn open" : `with ${what} open`;
    return plain("unknown", seenAt, "silence", `no line for over ${minutes} minutes ${open}`, dayLimit);
  }
  const doing = evidence.open ?? evidence.doing;
  const name = what ?? evidence.doing?.what ?? "working";
  const sentence = what === null ? "a turn is running, from the transcript" : `${what} is running, from the transcript`;
  return {
    ...plain("working", evidence.phaseAt, "transcript", sentence, seenAt + SILENT_TURN_MS),
    activity: { what: name, summary: doing?.summary ?? "", since: doing?.at ?? null },
  };
}

function askingNow(evidence: SessionEvidence, running: readonly AgentEvidence[], now: number): Asking | null {
  if (evidence.phase === "working" && evidence.asking !== null && isOpen(evidence.asking, now)) return evidence.asking;
  return running.find(({ asking }) => asking !== null && isOpen(asking, now))?.asking ?? null;
}

function asks(asking: Asking, dayLimit: number | null): Status {
  const sentence =
    asking.what === "question"
      ? "asked a question that is not answered yet, from the transcript"
      : "a plan waits for approval, from the transcript";
  const until = asking.at === null ? dayLimit : asking.at + QUESTION_MS;
  return {
    ...plain(asking.what, asking.at, "transcript", sentence, until),
    activity: { what: asking.tool, summary: asking.summary, since: asking.at },
  };
}

function isOpen(asking: Asking, now: number): boolean {
  return asking.at !== null && now - asking.at < QUESTION_MS;
}

function isFresh(agent: AgentEvidence, now: number): boolean {
  return agent.lastAt !== null && now - agent.lastAt < SILENT_TURN_MS;
}

function plain(
  status: StatusReport["status"],
  since: number | null,
  source: StatusReport["source"],
  sentence: string,
  until: number | null,
): Status {
  return { status, since, source, sentence, until, activity: null, runningAgents: 0 };
}

function earliest(...times: (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.min(...known);
}

function earliestOf(agents: readonly AgentEvidence[]): number | null {
  return earliest(...agents.map((agent) => agent.lastAt));
}

/** A moment for a sentence: to the minute, and said to be UTC since the reader's zone is not known here. */
export function moment(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
