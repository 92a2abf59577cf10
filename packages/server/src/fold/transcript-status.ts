import { type AgentEvidence, type Asking, latest, type SessionEvidence } from "./evidence.ts";
import { earliest, moment, plain, type Status } from "./reported.ts";

/** An unanswered question is believed for this long: after it, nobody may be there any more. */
export const QUESTION_MS = 10 * 60_000;
/** A turn without a line for this long may have died with its process. */
export const SILENT_TURN_MS = 10 * 60_000;
/** Whatever it was, a session without a line for this long is over. */
export const SILENT_SESSION_MS = 24 * 60 * 60_000;

/** How long silence is borne. */
interface Patience {
  questionMs: number;
  turnMs: number;
  sessionMs: number;
}
const USUAL: Patience = { questionMs: QUESTION_MS, turnMs: SILENT_TURN_MS, sessionMs: SILENT_SESSION_MS };
/** While the process is known to live, silence is no sign of anything. */
const ENDLESS: Patience = {
  questionMs: Number.POSITIVE_INFINITY,
  turnMs: Number.POSITIVE_INFINITY,
  sessionMs: Number.POSITIVE_INFINITY,
};

/**
 * The status that the transcript alone gives at `now`. Pure. `since` is the time of the line that the status rests on:
 * for silences, of the last line there was. `patient` where the process is known to live.
 */
export function transcriptStatus(
  evidence: SessionEvidence,
  now: number,
  { patient }: { patient: boolean } = { patient: false },
): Status {
  const patience = patient ? ENDLESS : USUAL;
  const lastAt = latest(evidence.lastAt, evidence.agentsLastAt);
  if (lastAt !== null && now - lastAt >= patience.sessionMs) {
    return plain("ended", lastAt, "silence", `nothing since ${moment(lastAt)}`, null);
  }
  const dayLimit = limit(lastAt, patience.sessionMs);
  const running = evidence.agents.filter((agent) => isFresh(agent, now, patience));
  const status = current(evidence, running, now, dayLimit, patience);
  return {
    ...status,
    // The number of running subagents is shown whatever the status is, so it has its say on when to look again.
    until: earliest(status.until, ...running.map(({ lastAt: at }) => limit(at, patience.turnMs))),
    runningAgents: running.length,
  };
}

function current(
  evidence: SessionEvidence,
  running: readonly AgentEvidence[],
  now: number,
  dayLimit: number | null,
  patience: Patience,
): Status {
  const { phase, phaseAt, why, limited } = evidence;
  if (phase === "bye") return plain("ended", phaseAt, "transcript", `${why}, from the transcript`, null);
  if (phase === "error")
    return plain(
      "error",
      phaseAt,
      "transcript",
      `stopped by ${limited ? "a limit" : "an API error"}: ${why}`,
      dayLimit,
    );

  const asking = askingNow(evidence, running, now, patience);
  if (asking !== null) return asks(asking, dayLimit, patience);

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
  return turn(evidence, now, dayLimit, patience);
}

/** A turn runs, as far as the transcript says. */
function turn(evidence: SessionEvidence, now: number, dayLimit: number | null, patience: Patience): Status {
  const seenAt = evidence.agents.reduce((last, agent) => latest(last, agent.lastAt), evidence.lastAt);
  const what = evidence.open?.tool ?? null;
  if (seenAt === null) {
    return plain("unknown", null, "transcript", "a turn is open, but no line carries a time", dayLimit);
  }
  if (now - seenAt >= patience.turnMs) {
    const minutes = SILENT_TURN_MS / 60_000;
    const open = what === null ? "with a turn open" : `with ${what} open`;
    return plain("unknown", seenAt, "silence", `no line for over ${minutes} minutes ${open}`, dayLimit);
  }
  const doing = evidence.open ?? evidence.doing;
  const name = what ?? evidence.doing?.what ?? "working";
  const sentence = what === null ? "a turn is running, from the transcript" : `${what} is running, from the transcript`;
  return {
    ...plain("working", evidence.phaseAt, "transcript", sentence, limit(seenAt, patience.turnMs)),
    activity: { what: name, summary: doing?.summary ?? "", since: doing?.at ?? null },
  };
}

function askingNow(
  evidence: SessionEvidence,
  running: readonly AgentEvidence[],
  now: number,
  patience: Patience,
): Asking | null {
  const isOpen = (asking: Asking | null): asking is Asking =>
    asking !== null && asking.at !== null && now - asking.at < patience.questionMs;
  if (evidence.phase === "working" && isOpen(evidence.asking)) return evidence.asking;
  return running.find(({ asking }) => isOpen(asking))?.asking ?? null;
}

function asks(asking: Asking, dayLimit: number | null, patience: Patience): Status {
  const sentence =
    asking.what === "question"
      ? "asked a question that is not answered yet, from the transcript"
      : "a plan waits for approval, from the transcript";
  const until = asking.at === null ? dayLimit : limit(asking.at, patience.questionMs);
  return {
    ...plain(asking.what, asking.at, "transcript", sentence, until),
    activity: { what: asking.tool, summary: asking.summary, since: asking.at },
  };
}

function isFresh(agent: AgentEvidence, now: number, patience: Patience): boolean {
  return agent.lastAt !== null && now - agent.lastAt < patience.turnMs;
}

/** When so long a silence ends it; null where none does. */
function limit(at: number | null, ms: number): number | null {
  return at === null || ms === Number.POSITIVE_INFINITY ? null : at + ms;
}

function earliestOf(agents: readonly AgentEvidence[]): number | null {
  return earliest(...agents.map((agent) => agent.lastAt));
}
