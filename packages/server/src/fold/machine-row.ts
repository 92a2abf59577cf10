import type { MachineRow, MonitorReport } from "@agentpane/protocol";
import { isSilent } from "./row.ts";

export interface MachineFacts {
  id: string;
  name: string;
  os: string;
  monitorVersion: string;
  registeredAt: number;
  lastSeenAt: number;
  leftAt: number | null;
  report: MonitorReport | null;
}

/** A machine as it is at `now`; `sessions` counts those whose primary is on it. */
export function machineRowAt(machine: MachineFacts, sessions: number, now: number): MachineRow {
  const { id, name, os, monitorVersion, registeredAt, lastSeenAt, report } = machine;
  const state = machine.leftAt !== null ? "left" : isSilent(machine, now) ? "silent" : "connected";
  return { id, name, os, monitorVersion, registeredAt, lastSeenAt, state, sessions, report };
}
