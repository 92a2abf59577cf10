import type { ChannelMonitorFrame, Presence } from "@agentpane/protocol";
import type { PresenceEvidence } from "./presence.ts";

/** A process as it is kept: its channel's state is kept once for all of the machine's. */
export type KnownProcess = Omit<PresenceEvidence, "lostAt">;

/** What a frame says of one session. */
export type SessionFrame = Pick<Extract<ChannelMonitorFrame, { type: "presence" }>, "full" | "presences" | "gone">;

/** A monitor's clock is compared anew with every frame; a frame that was long on its way must not move all times. */
const MAX_DELAY_MS = 5_000;
const BETTER_BY_MS = 250;

/**
 * Server's clock minus the monitor's, from when a frame was sent and received; `known` is what earlier frames gave. A
 * frame comes late but never early, so the least difference is the truest; far beyond it, a clock was set.
 */
export function skewOf(sentAt: number, receivedAt: number, known: number | null): number {
  const skew = receivedAt - sentAt;
  if (known === null || skew < known - BETTER_BY_MS || skew > known + MAX_DELAY_MS) return skew;
  return known;
}

/**
 * The processes of one session on one machine after a frame: what it says of them, and of those it does not name, in a
 * full one, only how they ended. Of several ends the last is kept: it outlives the monitor that saw it.
 */
export function afterFrame(
  machine: string,
  before: readonly KnownProcess[],
  frame: SessionFrame,
  skewMs: number,
): KnownProcess[] {
  const told = new Map<string, KnownProcess>();
  for (const presence of frame.presences) {
    const prior = before.find(({ pid, procStart }) => pid === presence.pid && procStart === presence.procStart);
    const known = fromWire(machine, presence, prior, skewMs);
    // What nobody saw live says nothing, and takes nothing away from an end that was seen.
    if (known !== null) told.set(nameOf(known), better(told.get(nameOf(known)), known));
  }
  const named = new Set([...frame.presences, ...frame.gone].map(({ pid }) => pid));

  const alive = [...told.values()].filter(({ life }) => life === "alive");
  const stays = before.filter(({ life, pid }) => life === "alive" && !frame.full && !named.has(pid));
  const ends = [...told.values(), ...before.filter((known) => !told.has(nameOf(known)))].filter(
    ({ life }) => life !== "alive",
  );
  const last = ends.reduce<KnownProcess | null>(
    (end, other) => (end === null || isLater(other, end) ? other : end),
    null,
  );
  return [...alive, ...stays, ...(last === null ? [] : [last])];
}

function fromWire(
  machine: string,
  presence: Presence,
  prior: KnownProcess | undefined,
  skewMs: number,
): KnownProcess | null {
  const { pid, procStart, life, lifeAt, status, waitingFor, statusAt, startedAt, entrypoint, reach } = presence;
  if (life === "unproven") return null;
  const here = (at: number | null) => (at === null ? null : at + skewMs);
  return {
    machine,
    pid,
    procStart,
    life,
    lifeAt: lifeAt + skewMs,
    status,
    statusBefore: prior === undefined ? null : prior.status === status ? prior.statusBefore : prior.status,
    waitingFor,
    statusAt: here(statusAt),
    startedAt: here(startedAt),
    entrypoint,
    ...(reach === undefined ? {} : { reach }),
    skewMs,
  };
}

/** The same process under two roots: proof of life first, then what is fresher. */
function better(one: KnownProcess | undefined, other: KnownProcess): KnownProcess {
  if (one === undefined) return other;
  if ((one.life === "alive") !== (other.life === "alive")) return one.life === "alive" ? one : other;
  const fresher = (other.statusAt ?? 0) - (one.statusAt ?? 0) || other.lifeAt - one.lifeAt;
  return fresher > 0 ? other : one;
}

function isLater(one: KnownProcess, other: KnownProcess): boolean {
  const later = one.lifeAt - other.lifeAt || one.pid - other.pid;
  return later > 0 || (later === 0 && one.procStart > other.procStart);
}

function nameOf({ pid, procStart }: KnownProcess): string {
  return `${pid} ${procStart}`;
}
