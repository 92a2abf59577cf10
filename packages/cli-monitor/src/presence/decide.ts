import type { RegistryEntry } from "@agentpane/agents";
import { MAX_PRESENCES, type Presence } from "@agentpane/protocol";
import type { Start } from "./process-table.ts";

/** A process that ended or moved on is told for so long after its registry file is gone. */
export const KEEP_ENDED_MS = 10 * 60_000;
/** A process whose registry file was away for so long says nothing of itself any more. */
export const FILE_GONE_MS = 2_000;

/** A file of the live registry, whose name says which process it is about. */
export interface RegistryFile {
  root: string;
  pid: number;
  /** Null where it could not be read: nothing is concluded from it. */
  entry: RegistryEntry | null;
}

/** What the process table says at this moment. */
export interface Processes {
  start(pid: number): Start;
  tellsStarts: boolean;
  pidNamespace: string | null;
}

/** A presence, and since when its registry file has been away; null while it is there. */
export interface Known extends Presence {
  fileGoneAt: number | null;
}
export type KnownPresences = ReadonlyMap<string, Known>;

export interface Decision {
  known: KnownPresences;
  /** Those that differ from before. */
  changed: Presence[];
  gone: { session: string; pid: number }[];
}

type Claim = RegistryFile & { entry: RegistryEntry };

/**
 * What is known of each session's process, from what was known, the registry as it stands and the process table. Pure.
 *
 * A process is alive when it exists and began when its entry says. It is dead only if it was known alive before: an
 * entry alone, whose process is not here, may be of a container, of another host, or of an earlier boot.
 */
export function decide(
  before: KnownPresences,
  files: readonly RegistryFile[],
  processes: Processes,
  now: number,
): Decision {
  const decided = new Map<string, Known>();
  const decideOn = (next: Known) => decided.set(keyOf(next), next);

  const claims = files.filter((file): file is Claim => file.entry !== null && file.entry.pid === file.pid);
  const filesOf = Map.groupBy(files, ({ pid }) => pid);
  const living = liveClaims(claims, processes);
  for (const claim of living.values()) {
    const prior = before.get(keyOf({ session: claim.entry.session, pid: claim.pid }));
    const wasAlive = prior?.life === "alive" && prior.procStart === claim.entry.procStart;
    decideOn(known(claim, "alive", wasAlive ? prior.lifeAt : now));
  }

  for (const prior of before.values()) {
    const key = keyOf(prior);
    if (decided.has(key) || prior.life === "unproven") continue;
    const kept = prior.life === "alive" ? afterAlive(prior) : afterEnd(prior);
    if (kept !== null) decided.set(key, kept);
  }

  const seen = new Set([...before.values()].filter(({ life }) => life !== "unproven").map(processKey));
  for (const claim of claims) {
    const key = keyOf({ session: claim.entry.session, pid: claim.pid });
    const life = decided.has(key) ? null : lifeOfOther(claim);
    if (life === null) continue;
    const prior = before.get(key);
    decided.set(key, known(claim, life, prior?.life === life ? prior.lifeAt : now));
  }

  return compare(before, bounded(decided));

  function afterAlive(prior: Known): Known | null {
    const state = processOf(prior, processes);
    if (state === "gone") return { ...prior, life: "dead", lifeAt: now, fileGoneAt: hasFile(prior) ? null : now };
    if (living.has(prior.pid)) return { ...prior, life: "moved", lifeAt: now, fileGoneAt: hasFile(prior) ? null : now };
    if (state === "unclear" || hasFile(prior)) return { ...prior, fileGoneAt: null };
    // It takes its file away as it ends, so the end is near; else nobody says any more what it does.
    const fileGoneAt = prior.fileGoneAt ?? now;
    if (now - fileGoneAt < FILE_GONE_MS) return { ...prior, fileGoneAt };
    return { ...prior, fileGoneAt, status: null, waitingFor: null, statusAt: null };
  }

  function afterEnd(prior: Known): Known | null {
    if (hasFile(prior)) return prior.fileGoneAt === null ? prior : { ...prior, fileGoneAt: null };
    const fileGoneAt = prior.fileGoneAt ?? now;
    return now - Math.max(fileGoneAt, prior.lifeAt) < KEEP_ENDED_MS ? { ...prior, fileGoneAt } : null;
  }

  /** Whether a file stands that is still about this session's process, or cannot be read. */
  function hasFile({ root, pid, session, procStart }: Known): boolean {
    return (filesOf.get(pid) ?? []).some(
      ({ entry, root: place }) =>
        (entry === null && place === root) || (entry?.session === session && entry.procStart === procStart),
    );
  }

  /** Of an entry that no running process stands behind and that nothing was known of; null: not known yet. */
  function lifeOfOther({ pid, entry }: Claim): Presence["life"] | null {
    if (isForeign(entry, processes)) return "unproven";
    if (processes.start(pid) === undefined) return null;
    // An older word of a process that is elsewhere by now, as a copied home has it.
    if (processOf(entry, processes) === "here") return "moved";
    // It went to this session and ended before anybody looked.
    return processOf(entry, processes) === "gone" && seen.has(processKey(entry)) ? "dead" : "unproven";
  }
}

/** Names one presence on the wire. */
export function keyOf({ session, pid }: { session: string; pid: number }): string {
  return `${pid} ${session}`;
}

function processKey({ pid, procStart }: { pid: number; procStart: string }): string {
  return `${pid} ${procStart}`;
}

/**
 * The entries that are true of a running process, one for each process: where a home was copied, two say something of the
 * same one, and the one that was written last is the process's own.
 */
function liveClaims(claims: readonly Claim[], processes: Processes): Map<number, Claim> {
  const living = new Map<number, Claim>();
  for (const claim of claims) {
    if (isForeign(claim.entry, processes)) continue;
    if (processOf(claim.entry, processes) !== "here") continue;
    const other = living.get(claim.pid);
    if (other === undefined || (claim.entry.writtenAt ?? 0) > (other.entry.writtenAt ?? 0))
      living.set(claim.pid, claim);
  }
  return living;
}

/** The entry says itself that it counts in another namespace, so its pid is none of ours. */
function isForeign({ pidNamespace }: RegistryEntry, processes: Processes): boolean {
  return pidNamespace !== null && processes.pidNamespace !== null && pidNamespace !== processes.pidNamespace;
}

function processOf(
  { pid, procStart }: { pid: number; procStart: string },
  processes: Processes,
): "here" | "gone" | "unclear" {
  const start = processes.start(pid);
  if (start === undefined) return "unclear";
  if (start === null) return "gone";
  if (!processes.tellsStarts) return "here";
  if (start === "" || procStart === "") return "unclear";
  return start === procStart ? "here" : "gone";
}

function known({ root, pid, entry }: Claim, life: Presence["life"], lifeAt: number): Known {
  const { session, procStart, status, waitingFor, statusAt, startedAt, kind, entrypoint, agentVersion, name } = entry;
  const said = { status, waitingFor, statusAt, startedAt, kind, entrypoint, agentVersion, name };
  return { root, session, pid, procStart, life, lifeAt, ...said, fileGoneAt: null };
}

/** As many as the protocol carries: the living first, then what was decided last. */
function bounded(decided: Map<string, Known>): KnownPresences {
  if (decided.size <= MAX_PRESENCES) return decided;
  const order = { alive: 0, moved: 1, dead: 1, unproven: 2 };
  const kept = [...decided].sort(([, a], [, b]) => order[a.life] - order[b.life] || b.lifeAt - a.lifeAt);
  return new Map(kept.slice(0, MAX_PRESENCES));
}

function compare(before: KnownPresences, known: KnownPresences): Decision {
  const changed: Presence[] = [];
  for (const [key, now] of known) {
    const prior = before.get(key);
    if (prior === undefined || !same(prior, now)) changed.push(presenceOf(now));
  }
  const gone: Decision["gone"] = [];
  for (const [key, { session, pid }] of before) if (!known.has(key)) gone.push({ session, pid });
  return { known, changed, gone };
}

/** As the wire has it. */
export function presenceOf({ fileGoneAt, ...presence }: Known): Presence {
  return presence;
}

function same(a: Known, b: Known): boolean {
  const presence = presenceOf(b);
  return (Object.keys(presence) as (keyof Presence)[]).every((key) => a[key] === presence[key]);
}
