import { formatCount } from "../ui/format.ts";
import { counted } from "./counted.ts";

/** The frame around every page. */
export const frameTexts = {
  skip: "Skip to the page",
  pages: "Pages",
  sessions: "Sessions",
  requests: "Requests",
  openRequests: (count: number) => counted(count, "request waits", "requests wait"),
  machines: "Machines",
  palette: "Jump, search, act",
  silentMachines: (count: number) => `${counted(count, "machine")} silent`,
  allKeys: "All keys",
  needYou: (count: number) => `${counted(count, "session needs", "sessions need")} you`,
  titleCount: (count: number) => `(${count}) AgentPane`,
} as const;

/** How the page stands with the server. */
export const connectionTexts = {
  connecting: "Connecting",
  live: "Live",
  slow: "Slow",
  slowHelp: "The server takes long to answer; what you see may be a moment old.",
  latency: (ms: number) => `${formatCount(ms)} ms`,
  latencyHelp: "How long the server took to answer",
  away: "Server away",
  offline: "Offline",
  refused: "Refused",
  awayTitle: "The server does not answer.",
  busyTitle: "The server answers, but not for the live view.",
  awayData: (clock: string) => `What you see is from ${clock}; keep reading.`,
  awayNoData: "Nothing has been loaded yet.",
  awayHelp: "Start it with",
  retryIn: (span: string) => `Next try in ${span}`,
  retrying: "Trying now",
  retryNow: "Try now",
  offlineTitle: "This browser is offline.",
  offlineHelp: "It goes on by itself when the network is back.",
  versionTitle: "This page and the server are of different versions.",
  versionHelp: "Load the page again to get the server's own.",
  reload: "Reload",
  backLive: "The server is back; everything is current.",
  wentAway: "The server does not answer. What you see is no longer current.",
} as const;

/** The choice of light or dark. */
export const themeTexts = {
  label: "Theme",
  system: "As the system",
  light: "Light",
  dark: "Dark",
} as const;

/** A page that failed. */
export const errorTexts = {
  title: "This page has a fault",
  lead: "What the agents do is not touched by it.",
  again: "Try again",
  reload: "Reload",
  details: "What went wrong",
} as const;

/** An address that leads nowhere. */
export const notFoundTexts = {
  title: "There is no such page",
  toSessions: "To the sessions",
} as const;

/** The line between the list and the open session. */
export const splitTexts = {
  label: "Width of the list",
  help: "Drag to resize; double click resets",
  expand: "Use the whole width",
  collapse: "Show the list beside it",
  key: "whole width, or the list beside it",
} as const;
