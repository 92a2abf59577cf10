import type { MachineRow, SessionRow } from "@agentpane/protocol";
import { type Group, groupOf } from "../sessions/groups.ts";

/** A live session is a moment behind all the time: only what is more, or lasts, is worth a word. */
const MIN_BEHIND_BYTES = 1_000_000;
const MIN_BEHIND_MS = 30_000;

/** How a machine stands. `new`: it has registered and not reported yet. */
export type Standing = "current" | "behind" | "new" | "silent" | "left";

export function standingOf(machine: MachineRow, now: number): Standing {
  if (machine.state !== "connected") return machine.state;
  if (machine.report === null) return "new";
  const { behindBytes, behindSince } = machine.report;
  if (behindBytes === 0) return "current";
  const lasts = behindSince != null && now - behindSince >= MIN_BEHIND_MS;
  return behindBytes >= MIN_BEHIND_BYTES || lasts ? "behind" : "current";
}

/** Sessions of one machine that are loaded and have not ended, by what they wait for. */
export interface LiveCounts {
  live: number;
  need: number;
}

/** By machine id; what is not live is not counted, as the page may not have loaded all of it. */
export function countLive(rows: Iterable<SessionRow>): Map<string, LiveCounts> {
  const counts = new Map<string, LiveCounts>();
  for (const row of rows) {
    const group: Group = groupOf(row);
    if (group === "ended") continue;
    const count = counts.get(row.machine.id) ?? { live: 0, need: 0 };
    count.live += 1;
    if (group === "need") count.need += 1;
    counts.set(row.machine.id, count);
  }
  return counts;
}

const WORST_FIRST: readonly Standing[] = ["silent", "behind", "new", "current", "left"];

/** Whom to look at first: worst news first, then by name, as they come. */
export function worstFirst(machines: readonly MachineRow[], now: number): MachineRow[] {
  const rank = (machine: MachineRow): number => WORST_FIRST.indexOf(standingOf(machine, now));
  return [...machines].sort((a, b) => rank(a) - rank(b));
}

export function unknownLines(machine: MachineRow): number {
  return Object.values(machine.report?.unknownTypes ?? {}).reduce((sum, count) => sum + count, 0);
}

export function osName(os: string): string {
  return OS_NAMES[os] ?? os;
}

const OS_NAMES: Readonly<Record<string, string>> = { linux: "Linux", darwin: "macOS", win32: "Windows" };
