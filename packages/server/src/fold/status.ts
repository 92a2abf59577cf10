import type { SessionEvidence } from "./evidence.ts";
import { believe, isAfter, LATE_LINE_MS, type PresenceEvidence } from "./presence.ts";
import { registryStatus, workingAgents } from "./registry-status.ts";
import { earliest, moment, plain, type Status } from "./reported.ts";
import { hookStatus } from "./request-evidence.ts";
import { transcriptStatus } from "./transcript-status.ts";

/** What the statuses that rest on a registry end with, after what they say. */
const OF_REGISTRY = "from the session registry";

/**
 * The status that a session's evidence gives at `now`. Pure. A request that the hook holds open decides; without one,
 * what else is known.
 */
export function statusOf(evidence: SessionEvidence, now: number): Status {
  const known = withoutHook(evidence, now);
  const asked = hookStatus(evidence.requests, known.runningAgents, now);
  return asked === null ? known : { ...asked, process: known.process, until: earliest(asked.until, known.until) };
}

/**
 * The registry of a process that lives and is heard of decides; where it says nothing, the transcript; a death ends the
 * session unless lines after it show a resume.
 */
function withoutHook(evidence: SessionEvidence, now: number): Status {
  const believed = believe(evidence.presences, now);
  switch (believed.kind) {
    case "none":
      return transcriptStatus(evidence, now);
    case "lost": {
      const own = transcriptStatus(evidence, now);
      return { ...own, sentence: `${own.sentence}; the monitor's channel is lost since ${moment(believed.since)}` };
    }
    case "gone":
      return resumed(evidence, believed.process) ? transcriptStatus(evidence, now) : ended(believed.process);
    case "alive": {
      const { process, until } = believed;
      const status = registryStatus(evidence, process, now) ?? whileAlive(evidence, process, now);
      return {
        ...status,
        until: earliest(status.until, until),
        process: { machine: process.machine, pid: process.pid },
      };
    }
  }
}

/**
 * The status of one subagent from its own evidence. `session` is its session's: with the session's process its
 * subagents live and end, and a turn that is over by the registry leaves none that was silent since.
 */
export function agentStatusOf(own: SessionEvidence, session: SessionEvidence, now: number): Status {
  const asked = hookStatus(own.requests, 0, now);
  if (asked !== null) return asked;
  const believed = believe(session.presences, now);
  const status = believed.kind === "alive" ? transcriptStatus(own, now, { patient: true }) : transcriptStatus(own, now);
  if (status.status === "ended") return status;
  if (believed.kind === "gone" && !resumed(session, believed.process)) {
    const stopped = ended(believed.process);
    return { ...stopped, sentence: `stopped with its session: ${stopped.sentence}` };
  }
  if (believed.kind !== "alive") return status;
  const { process, until } = believed;
  if (process.status !== "idle" || workingAgents([own], process).length > 0) return { ...status, until };
  return plain("ended", process.statusAt, "registry", `stopped with its session's turn, ${OF_REGISTRY}`, until);
}

/** A process that tells no status (a `-p` run, an old client): the transcript decides, and silence means nothing. */
function whileAlive(evidence: SessionEvidence, process: PresenceEvidence, now: number): Status {
  const { phase, phaseAt } = evidence;
  const { startedAt, entrypoint } = process;
  const before = phase !== "working" && startedAt !== null && !isAfter(phaseAt, startedAt, process);
  // A run without a terminal lives for its turn alone: what the transcript says is of the run before.
  if (before && entrypoint !== null && entrypoint !== "cli") {
    return plain("working", startedAt, "registry", `a run has started, ${OF_REGISTRY}`, null);
  }
  // A goodbye before it started is the last one's: somebody came back and has said nothing yet.
  if (before && phase === "bye") return plain("ready", startedAt, "registry", `resumed, ${OF_REGISTRY}`, null);
  return transcriptStatus(evidence, now, { patient: true });
}

/** Lines that lag are of the process that died; later ones are of another that nobody saw. */
function resumed(evidence: SessionEvidence, process: PresenceEvidence): boolean {
  return isAfter(evidence.lastAt, process.lifeAt + LATE_LINE_MS, process);
}

function ended({ life, lifeAt }: PresenceEvidence): Status {
  const what = life === "moved" ? "its terminal went on with another session" : "its process is gone";
  return plain("ended", lifeAt, "registry", `${what}, ${OF_REGISTRY}`, null);
}
