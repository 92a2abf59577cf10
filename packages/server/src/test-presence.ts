import type { ChannelMonitorFrame, Presence } from "@agentpane/protocol";

/** For tests: what a monitor says of processes. */

export type PresenceFrame = Extract<ChannelMonitorFrame, { type: "presence" }>;

export function presenceOf(session: string, at: number, changes: Partial<Presence> = {}): Presence {
  return {
    root: "/home/dev/.claude",
    session,
    pid: 4711,
    procStart: "123456",
    life: "alive",
    lifeAt: at,
    status: "busy",
    waitingFor: null,
    statusAt: at,
    startedAt: at,
    kind: "interactive",
    entrypoint: "cli",
    agentVersion: "2.1.330",
    name: null,
    ...changes,
  };
}

export function fullFrame(seq: number, now: number, presences: Presence[], bootId = "boot-1"): PresenceFrame {
  return { type: "presence", bootId, seq, now, full: true, presences, gone: [] };
}

export function changeFrame(
  seq: number,
  now: number,
  presences: Presence[],
  gone: PresenceFrame["gone"] = [],
  bootId = "boot-1",
): PresenceFrame {
  return { type: "presence", bootId, seq, now, full: false, presences, gone };
}
