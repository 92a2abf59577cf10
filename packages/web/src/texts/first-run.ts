import { counted } from "./counted.ts";

/** What stands where no session is yet. */
export const firstRunTexts = {
  title: "No session yet",
  lead: "Start one in any terminal and it appears here within a second. Nothing has to change in how you work.",
  connected: (names: string) => `${names} is connected`,
  connectedMany: (count: number) => `${counted(count, "machine")} connected`,
  watching: "It watches",
  missing: "not there yet, and awaited",
  start: "Start a session",
  startHelp: "Any session of Claude Code on a connected machine is seen, whoever started it and wherever.",
  backfill: "Past sessions are being read, newest first.",
  noMonitorTitle: "No monitor is connected",
  noMonitorLead: "The server runs, but nothing reports to it. A monitor reads what the agents of its machine write.",
  serverRuns: "The server runs",
  serverRunsHelp: "This page is connected to it.",
  startMonitor: "Start the monitor of this machine",
  startMonitorHelp: "Server and monitor start together with this one command:",
  monitorAlone: "Where the server runs already, start the monitor alone:",
  nothingRead: "It reads the transcripts that the agent writes, and changes nothing.",
  silentTitle: (name: string) => `${name} has gone silent`,
  silentLead: (clock: string) => `Nothing has been heard from its monitor since ${clock}.`,
  silentHelp: "On that machine, see whether it runs:",
  keys: "Keys worth knowing",
} as const;
