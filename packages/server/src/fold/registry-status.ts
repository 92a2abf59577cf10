import type { AgentEvidence, OpenEvidence, SessionEvidence } from "./evidence.ts";
import { ASKING_TOOLS } from "./open-calls.ts";
import { isAfter, type PresenceEvidence } from "./presence.ts";
import { plain, type Status } from "./reported.ts";

/** What the registry of a living process says; null where it says no status. The transcript only adds what is done. */
export function registryStatus(evidence: SessionEvidence, process: PresenceEvidence, now: number): Status | null {
  switch (process.status) {
    case "busy":
      return working(evidence, process);
    case "shell":
      return {
        ...said("working", process, "turn ended, but a background shell runs"),
        runningAgents: evidence.agents.length,
      };
    case "idle":
      return settling(evidence, process, now) ?? turnOver(evidence, process);
    case "waiting":
      return { ...waits(evidence, process), runningAgents: evidence.agents.length };
    case null:
      return null;
  }
}

/**
 * Between a turn and what waited for its end the client says "idle" for 20 to 200 ms (observed in 2.1.330): where
 * something does wait, it is believed after this long.
 */
export const SETTLE_MS = 300;

/** Those whose lines go on after the registry's last word. */
export function workingAgents<Agent extends Pick<AgentEvidence, "lastAt">>(
  agents: readonly Agent[],
  process: PresenceEvidence,
): Agent[] {
  return agents.filter(({ lastAt }) => isAfter(lastAt, process.statusAt ?? process.lifeAt, process));
}

function working(evidence: SessionEvidence, process: PresenceEvidence): Status {
  const { phase, phaseAt, open, doing, agents } = evidence;
  const runningAgents = agents.length;
  if (phase === "working") {
    const now = open ?? doing;
    const what = open?.tool ?? doing?.what ?? "working";
    const sentence = open === null ? "a turn is running" : `${open.tool} is running`;
    const activity = { what, summary: now?.summary ?? "", since: now?.at ?? null };
    return { ...said("working", process, sentence), activity, runningAgents };
  }
  // The turn's end is in the transcript, and the registry was busy before and still is: subagents or shells run on.
  const overSince = (phase === "over" || phase === "error") && isAfter(phaseAt, process.statusAt ?? 0, process);
  const names = runningAgents === 1 ? "a subagent works" : `${runningAgents} subagents work`;
  const behind = runningAgents > 0 ? names : "work in the background runs on";
  return { ...said("working", process, overSince ? `turn ended, but ${behind}` : "working"), runningAgents };
}

function settling({ follows, agents }: SessionEvidence, process: PresenceEvidence, now: number): Status | null {
  const { statusAt, statusBefore } = process;
  const settledAt = (statusAt ?? 0) + SETTLE_MS;
  // A shell that ends is always noticed; a turn that ends is followed only where something waits.
  if (now >= settledAt || (!follows && statusBefore !== "shell")) return null;
  return { ...said("working", process, "working"), until: settledAt, runningAgents: agents.length };
}

function turnOver(evidence: SessionEvidence, process: PresenceEvidence): Status {
  const { phase, why, limited } = evidence;
  const runningAgents = workingAgents(evidence.agents, process).length;
  if (phase === "error") {
    return { ...said("error", process, `stopped by ${limited ? "a limit" : "an API error"}: ${why}`), runningAgents };
  }
  const words = phase === "over" ? why : phase === "none" ? "no turn yet" : "turn over";
  return { ...said("ready", process, words), runningAgents };
}

/** `waitingFor` in the client's own words, as observed in 2.1.330. */
function waits(evidence: SessionEvidence, process: PresenceEvidence): Status {
  const { asking, only } = evidence;
  switch (process.waitingFor) {
    case "permission prompt":
      // A plan is asked for in the same words.
      if (asking?.what === "approval") return plan(evidence, process);
      return doing(said("approval", process, "waiting for permission"), only);
    case "input needed":
      return asking?.what === "approval" ? plan(evidence, process) : question(evidence, process);
    case "dialog open":
      if (asking?.what === "approval") return plan(evidence, process);
      if (asking?.what === "question") return question(evidence, process);
      return said("question", process, "a dialog is open in the terminal");
    case null:
      return said("question", process, "waiting in the terminal");
    default:
      return said("question", process, `waiting in the terminal: ${process.waitingFor}`);
  }
}

function question({ asking }: SessionEvidence, process: PresenceEvidence): Status {
  return doing(said("question", process, "asked a question that is not answered yet"), asking);
}

function plan({ asking }: SessionEvidence, process: PresenceEvidence): Status {
  return doing(said("approval", process, "a plan waits for approval"), asking);
}

function doing(status: Status, call: OpenEvidence | null): Status {
  if (call === null) return status;
  // A question's tool under a permission prompt is named by what it asks all the same.
  const asks = ASKING_TOOLS[call.tool] === undefined || status.status === ASKING_TOOLS[call.tool];
  return asks ? { ...status, activity: { what: call.tool, summary: call.summary, since: call.at } } : status;
}

function said(status: Status["status"], { statusAt, startedAt }: PresenceEvidence, words: string): Status {
  return plain(status, statusAt ?? startedAt, "registry", `${words}, from the session registry`, null);
}
