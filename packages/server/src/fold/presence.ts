import { CHANNEL_LOST_MS, type Reach, type RegistryStatus } from "@agentpane/protocol";

/** Lines of a process that died may still be written, and dated, this long after its death was seen. */
export const LATE_LINE_MS = 2_000;
/** Processes of one session that are weighed; of more, those that decide. */
const MAX_PRESENCES_PER_SESSION = 8;

/** One process of a session, by the server's clock, as far as it says anything: `unproven` ones are left out. */
export interface PresenceEvidence {
  machine: string;
  pid: number;
  procStart: string;
  life: "alive" | "dead" | "moved";
  lifeAt: number;
  status: RegistryStatus | null;
  /** The status before this one, where it was heard. */
  statusBefore: RegistryStatus | null;
  waitingFor: string | null;
  statusAt: number | null;
  startedAt: number | null;
  entrypoint: string | null;
  /** How words get to it; absent where its monitor does not tell. */
  reach?: Reach | undefined;
  /** Server's clock minus the machine's: what a time in a transcript lacks to be compared with the times above. */
  skewMs: number;
  /** Since when nothing was heard on its machine's channel; null while it is there. */
  lostAt: number | null;
}

/**
 * What a session's processes say at one moment.
 * `alive`: one lives, and its channel is there. `gone`: the last one ended, or went on with another session.
 * `lost`: one lived when its machine's channel was last there, `since` long enough ago that nobody can say any more.
 */
export type Believed =
  | { kind: "alive"; process: PresenceEvidence; until: number | null }
  | { kind: "gone"; process: PresenceEvidence }
  | { kind: "lost"; since: number }
  | { kind: "none" };

/** In whatever order they are given, the same ones in the same order: the living, freshest first, then the latest to die. */
export function weighed(presences: Iterable<PresenceEvidence>): PresenceEvidence[] {
  return [...presences].sort(compare).slice(0, MAX_PRESENCES_PER_SESSION);
}

/** Proof of life anywhere beats death elsewhere; of several that live, the one whose status is freshest speaks. */
export function believe(presences: readonly PresenceEvidence[], now: number): Believed {
  const living = presences.filter(({ life }) => life === "alive");
  const heard = living.find((process) => !isLost(process, now));
  if (heard !== undefined) {
    return { kind: "alive", process: heard, until: heard.lostAt === null ? null : heard.lostAt + CHANNEL_LOST_MS };
  }
  // A death elsewhere does not tell what became of one that nobody hears of.
  const [unheard] = living;
  if (unheard !== undefined) {
    return { kind: "lost", since: Math.max(...living.map((process) => process.lostAt ?? 0)) };
  }
  // A death that was seen stays true, whatever became of the channel since.
  const [gone] = presences;
  return gone === undefined ? { kind: "none" } : { kind: "gone", process: gone };
}

/** Whether a transcript's line stands after a moment by the server's clock. */
export function isAfter(lineAt: number | null, moment: number, { skewMs }: PresenceEvidence): boolean {
  return lineAt !== null && lineAt + skewMs > moment;
}

function isLost({ lostAt }: PresenceEvidence, now: number): boolean {
  return lostAt !== null && now - lostAt >= CHANNEL_LOST_MS;
}

/** Negative where `a` goes before `b`. */
function compare(a: PresenceEvidence, b: PresenceEvidence): number {
  if ((a.life === "alive") !== (b.life === "alive")) return a.life === "alive" ? -1 : 1;
  const later = freshness(b) - freshness(a);
  if (later !== 0) return later;
  if (a.machine !== b.machine) return a.machine < b.machine ? -1 : 1;
  return a.pid - b.pid || (a.procStart < b.procStart ? -1 : a.procStart > b.procStart ? 1 : 0);
}

function freshness({ life, lifeAt, statusAt, startedAt }: PresenceEvidence): number {
  return life === "alive" ? (statusAt ?? startedAt ?? 0) : lifeAt;
}
